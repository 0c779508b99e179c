// What is seldom done with a case: somebody else is asked; the secret link to its
// tracking page is a new one, or none any more; its address is copied.
import { tr, words } from "../lib/i18n.js";
import { menu } from "../lib/popover.js";
import { sentence } from "../lib/api.js";

await words("menus");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {HTMLElement} anchor */
export function caseMenu(desk, view, anchor) {
    const { tracking, feedback } = view.get();
    const part = (module, run) => module.then(run).catch((err) => desk.host.toast.error(sentence(err)));
    const link = (what) => () => part(import("./tracklink.js"), (m) => m.changeLink(desk, view, what));
    menu(
        anchor,
        [
            { label: tr("case.escalate"), icon: "arrow-up-double-line", run: () => part(import("./escalate.js"), (m) => m.escalate(desk, view)) },
            feedback && { label: tr(tracking ? "link.renew" : "link.give"), icon: "link", run: link("renew") },
            feedback && tracking && { label: tr("link.revoke"), icon: "link-unlink", danger: true, run: link("revoke") },
        ].filter(Boolean),
        { end: true, label: tr("case.more") },
    );
}

/** The address of a case, for colleagues. */
export async function copyLink(desk, c) {
    const url = location.href.split("#")[0] + "#/desk/c/" + c.id;
    try {
        await navigator.clipboard.writeText(url);
        desk.host.toast.ok(tr("case.linkcopied", { number: c.number }));
    } catch {
        desk.host.toast.info(url);
    }
}
