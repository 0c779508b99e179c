// In which order a queue is read, and what else can be done with all of it.
import { tr } from "../lib/i18n.js";
import { button } from "../lib/dom.js";
import { sentence } from "../lib/api.js";

const open = ["due", "waiting", "newest", "oldest"], ends = ["newest", "oldest"];
const orders = { mine: open, unassigned: open, open, waiting: ends, done: ends, all: ends, follow_up: ["due"] };
const owns = { waiting: "oldest", done: "newest", all: "newest" };

const view = (desk) => desk.place.queue.startsWith("view:") && desk.counts.queues.value.views?.find((v) => "view:" + v.id == desk.place.queue);

/** The orders of the queue on the screen, its own first among equals. */
export function sorts(desk) {
    const { queue } = desk.place, v = view(desk);
    return orders[v ? v.scope || "open" : queue] || open;
}

/** The order in use. */
export function sortOf(desk) {
    const { queue, sort } = desk.place, v = view(desk), all = sorts(desk);
    if (all.includes(sort)) return sort;
    if (v && all.includes(v.sort)) return v.sort;
    return owns[v ? v.scope : queue] || "due";
}

/** @param {import("./page.js").Desk} desk */
export const sortButton = (desk) =>
    t.button(
        {
            type: "button",
            className: "pd-btn pd-btn-quiet pd-btn-square",
            title: () => tr("sort.title", { by: tr("sort." + sortOf(desk)) }),
            ariaLabel: () => tr("sort.title", { by: tr("sort." + sortOf(desk)) }),
            ariaHasPopup: "menu",
            ariaExpanded: "false",
            onclick: (e) => {
                const anchor = e.currentTarget;
                import("./sortmenu.js").then((m) => m.sortMenu(desk, anchor)).catch((err) => desk.host.toast.error(sentence(err)));
            },
        },
        t.i({ className: "ri-sort-desc", ariaHidden: true }),
    );

/** Shows only what this person has not read. */
export const unreadButton = (desk) =>
    t.button(
        {
            type: "button",
            className: () => "pd-btn pd-btn-quiet pd-btn-square" + (desk.place.unread ? " is-on" : ""),
            title: tr("unread.only"),
            ariaLabel: tr("unread.only"),
            ariaPressed: () => String(!!desk.place.unread),
            onclick: () => desk.go({ unread: desk.place.unread ? "" : "1" }, true),
        },
        t.i({ className: "ri-mail-unread-line", ariaHidden: true }),
    );

/** Takes a filter or mark off; see list.js. */
export const clearUnread = (desk) => button({ label: tr("unread.both"), kind: "quiet small", run: () => desk.go({ unread: "" }, true) });
