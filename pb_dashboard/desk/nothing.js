// What stands where a list has no cases.
import { tr, words } from "../lib/i18n.js";
import { empty } from "../lib/dom.js";
import { filtered, named } from "./route.js";
import { clearUnread } from "./sort.js";

await words("rare");

/** @param {import("./page.js").Desk} desk @param {(desk: Object) => HTMLElement} clear the button that takes filters off */
export function nothing(desk, clear) {
    const { place } = desk;
    if (filtered(place)) {
        return empty("search-line", tr("list.nohits"), tr("list.nohits.hint"), clear(desk));
    }
    if (place.unread) return empty("mail-check-line", tr("unread.none"), tr("unread.none.hint"), clearUnread(desk));
    if (named(place.queue)) return empty("inbox-2-line", tr(place.queue.startsWith("view:") ? "view.empty" : "queue.empty.person"), "");
    const done = place.queue == "done" || place.queue == "waiting" || place.queue == "follow_up";
    return empty(done ? "inbox-2-line" : "sparkling-2-line", tr("queue.empty." + place.queue), tr("queue.empty.hint." + place.queue));
}
