// The orders of a queue, and what else can be done with all of it.
import { tr, words } from "../lib/i18n.js";
import { menu } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { sortOf, sorts } from "./sort.js";

await words("rare");

/** @param {import("./page.js").Desk} desk @param {HTMLElement} anchor */
export const sortMenu = (desk, anchor) => menu(anchor, items(desk), { end: true, label: tr("sort.label") });

function items(desk) {
    const now = sortOf(desk);
    return [
        ...sorts(desk).map((by) => ({ label: tr("sort." + by), checked: by == now, run: () => desk.go({ sort: by }, true) })),
        null,
        desk.place.kind == "c" ? { label: tr("unread.mark"), icon: "mail-unread-line", run: () => desk.reads.unread(desk.place.id).catch((err) => desk.host.toast.error(sentence(err))) } : undefined,
        { label: tr("unread.all"), icon: "check-double-line", run: () => allRead(desk) },
    ].filter((x) => x !== undefined);
}

async function allRead(desk) {
    try {
        await desk.reads.all(desk.place.queue);
        await desk.list?.reload?.();
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}
