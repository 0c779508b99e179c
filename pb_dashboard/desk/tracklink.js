// The secret link to a case's tracking page: a new one, or none any more.
import { tr, words } from "../lib/i18n.js";
import { sentence } from "../lib/api.js";

await words("rare");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {"renew"|"revoke"} what */
export async function changeLink(desk, view, what) {
    if (!(await desk.host.confirm(tr(`link.${what}.sure`), { yes: tr(`link.${what}.yes`), no: tr("action.cancel") }))) return;
    try {
        await desk.api.link(view.id, what);
        desk.host.toast.ok(tr(`link.${what}.done`));
        await view.reload();
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}
