// The secret link to a case's tracking page: a new one, or none any more.
import { tr } from "../lib/i18n.js";
import { menuButton } from "../lib/popover.js";
import { sentence } from "../lib/api.js";

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function linkMenu(desk, view) {
    const { tracking, feedback } = view.get();
    if (!feedback) return null; // nothing is left that a visitor could read
    return menuButton({
        icon: "more-2-line",
        title: tr("case.more"),
        kind: "quiet square",
        caret: false,
        end: true,
        items: () => [
            { label: tr(tracking ? "link.renew" : "link.give"), icon: "link", run: () => change(desk, view, "renew") },
            tracking ? { label: tr("link.revoke"), icon: "link-unlink", danger: true, run: () => change(desk, view, "revoke") } : null,
        ].filter(Boolean),
    });
}

async function change(desk, view, what) {
    if (!(await desk.host.confirm(tr(`link.${what}.sure`), { yes: tr(`link.${what}.yes`), no: tr("action.cancel") }))) return;
    try {
        await desk.api.link(view.id, what);
        desk.host.toast.ok(tr(`link.${what}.done`));
        await view.reload();
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}
