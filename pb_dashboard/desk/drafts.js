// What an agent typed but did not send, kept in this browser by person and case.
export const prefix = "pocketdesk.draft.";

/** Rises when a draft begins or ends to exist: what shows drafts follows. */
export const changes = store({ n: 0 });
let mine = prefix;

/** Where a case's draft lies. */
export const draftKey = (caseID) => mine + caseID;

/** body: the text of the mode; other: that of the other side. @returns {{mode: string, body: string, other?: string, subject: string, template: string}|null} */
export function readDraft(caseID) {
    try {
        return JSON.parse(localStorage.getItem(draftKey(caseID)));
    } catch {
        return null;
    }
}

/** Something that a person would miss: words, a call that is running, a promise. */
const worthKeeping = (d) => !!(d?.body?.trim() || d?.other?.trim() || d?.call?.since || d?.call?.length);

/** @param {Object} [draft] none forgets what is kept */
export function keepDraft(caseID, draft) {
    try {
        const key = draftKey(caseID), had = localStorage.getItem(key) !== null, has = worthKeeping(draft);
        if (has) localStorage.setItem(key, JSON.stringify({ ...draft, at: Date.now() }));
        else localStorage.removeItem(key);
        if (had != has) changes.n++;
    } catch {
        // storage is full or forbidden: the text stays on the screen
    }
}

/** Inside a reactive function the answer follows. */
export const hasDraft = (caseID) => changes.n >= 0 && localStorage.getItem(draftKey(caseID)) !== null;

/** Whose drafts they are from here on. @param {string} person */
export const ownDrafts = (person) => (mine = prefix + person + ".");
