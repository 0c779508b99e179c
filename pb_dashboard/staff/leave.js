// Signing out: what was not sent goes with it, so that the next person at this
// machine finds nothing of it; first one is asked.
import { tr, words } from "../lib/i18n.js";
import { ask } from "./confirm.js";

await words("compose");

/** @param {{end: () => void}} me */
export async function leave(me) {
    const drafts = Object.keys(localStorage).filter((k) => k.startsWith("pocketdesk.draft.")), n = drafts.length;
    if (n && !(await ask(tr("drafts.signout", { n }), { yes: tr("drafts.signout.yes"), no: tr("drafts.signout.no") }))) return;
    for (const key of drafts) localStorage.removeItem(key);
    me.end();
}
