// What an agent typed but did not send, kept in this browser by case.
const prefix = "pocketdesk.draft.";
const keepFor = 60 * 24 * 3600_000;

/** Rises when a draft begins or ends to exist: what shows drafts follows. */
const changes = store({ n: 0 });

/** body: the text of the mode; other: that of the other side. @returns {{mode: string, body: string, other?: string, subject: string, template: string}|null} */
export function readDraft(caseID) {
    try {
        return JSON.parse(localStorage.getItem(prefix + caseID));
    } catch {
        return null;
    }
}

/** Something that a person would miss: words, a call that is running, a promise. */
const worthKeeping = (d) => !!(d?.body?.trim() || d?.other?.trim() || d?.call?.since || d?.call?.length);

export function keepDraft(caseID, draft) {
    try {
        const had = localStorage.getItem(prefix + caseID) !== null, has = worthKeeping(draft);
        if (has) localStorage.setItem(prefix + caseID, JSON.stringify({ ...draft, at: Date.now() }));
        else localStorage.removeItem(prefix + caseID);
        if (had != has) changes.n++;
    } catch {
        // storage is full or forbidden: the text stays on the screen
    }
}

/** Inside a reactive function the answer follows. */
export const hasDraft = (caseID) => changes.n >= 0 && localStorage.getItem(prefix + caseID) !== null;

/** Removes drafts that nobody came back to. */
export function pruneDrafts(now = Date.now()) {
    for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(prefix)) continue;
        const draft = readDraft(key.slice(prefix.length));
        if (!draft || now - (draft.at || 0) > keepFor) localStorage.removeItem(key);
    }
}
