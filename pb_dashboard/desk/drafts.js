// What an agent typed but did not send, kept in this browser by case.
const prefix = "pocketdesk.draft.";
const keepFor = 60 * 24 * 3600_000;

/** @returns {{mode: string, body: string, subject: string, template: string}|null} */
export function readDraft(caseID) {
    try {
        return JSON.parse(localStorage.getItem(prefix + caseID));
    } catch {
        return null;
    }
}

export function keepDraft(caseID, draft) {
    try {
        if (draft?.body?.trim()) localStorage.setItem(prefix + caseID, JSON.stringify({ ...draft, at: Date.now() }));
        else localStorage.removeItem(prefix + caseID);
    } catch {
        // storage is full or forbidden: the text stays on the screen
    }
}

export const hasDraft = (caseID) => localStorage.getItem(prefix + caseID) !== null;

/** Removes drafts that nobody came back to. */
export function pruneDrafts(now = Date.now()) {
    for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(prefix)) continue;
        const draft = readDraft(key.slice(prefix.length));
        if (!draft || now - (draft.at || 0) > keepFor) localStorage.removeItem(key);
    }
}
