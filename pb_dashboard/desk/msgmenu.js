// What can be done with one message: the mail as it came is saved, it becomes a
// case of its own, or something in it is removed for good.
import { tr, words } from "../lib/i18n.js";
import { menu } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { mayRedact, maySplit } from "./entry.js";

await words("menus");

/**
 * @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {Object} m the message
 * @param {HTMLElement} anchor
 * @param {string} chosen the words that were selected on the page
 */
export function messageMenu(desk, view, m, anchor, chosen) {
    const failed = (err) => desk.host.toast.error(sentence(err));
    const items = [
        m.has_raw && { label: tr("letter.raw"), icon: "download-line", run: () => desk.api.rawMail(m.inbound).catch((err) => (err?.status == 404 ? desk.host.toast.error(tr("letter.raw.gone")) : failed(err))) },
        maySplit(m, view.get()) && { label: tr("person.split"), icon: "git-branch-line", run: () => import("./split.js").then((x) => x.splitPanel(desk, view, m, anchor)).catch(failed) },
        mayRedact(desk, m) && { label: tr("redact.open"), icon: "eraser-line", danger: true, run: () => import("./redact.js").then((x) => x.redact(desk, view, m, chosen)).catch(failed) },
    ].filter(Boolean);
    if (!items.length) return desk.host.toast.info(tr("menu.none"));
    menu(anchor, items, { end: true, label: tr("case.more") });
}
