// Drafts that are not to be kept any longer: other people's at this machine, those
// that nobody came back to, and those of cases that this person no longer sees.
import { changes, draftKey, keepDraft, prefix, readDraft } from "./drafts.js";

const keepFor = 60 * 24 * 3600_000;
const most = 40; // ids in one question

/** Another window writes: the marks in the list follow. */
const follow = (e) => e.key?.startsWith(draftKey("")) && changes.n++;

/** @param {import("./page.js").Desk} desk */
export async function checkDrafts(desk, now = Date.now()) {
    addEventListener("storage", follow);
    const mine = draftKey("");
    const ids = Object.keys(localStorage).filter((k) => k.startsWith(prefix)).flatMap((key) => {
        const id = key.slice(mine.length);
        if (key.startsWith(mine) && now - (readDraft(id)?.at || 0) < keepFor) return [id];
        localStorage.removeItem(key);
        return [];
    });
    for (let i = 0; i < ids.length; i += most) {
        const part = ids.slice(i, i + most);
        const filter = part.map((id) => `id = ${JSON.stringify(id)}`).join(" || ");
        const seen = new Set((await desk.api.list("cases", { filter, fields: "id" })).map((c) => c.id));
        for (const id of part) if (!seen.has(id)) keepDraft(id);
    }
}
