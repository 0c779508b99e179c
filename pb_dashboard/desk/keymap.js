// The keyboard's map: what the command bar and the help show, and where g leads.
import { tr, words } from "../lib/i18n.js";
import { openQueue } from "./queues.js";

await words("rare");

/** The key of each command; see commands.js for their words. */
export const keyOf = {
    next: "j", previous: "k", open: "o", back: "u", urgent: "]", search: "/", help: "?", command: "Ctrl K", undo: "z", select: "x", range: "⇧ x",
    reply: "r", note: "n", call: "c", assign: "a", status: "s", tags: "t", priority: "p", category: "l", later: "h", macros: "m", resolve: "e", spam: "#", begin: "+",
};
/** After g: where to go. */
export const places = { i: "open", m: "mine", u: "unassigned", o: "open", w: "waiting", f: "follow_up", d: "done", q: "quarantine", x: "outbox", s: "screening", p: "promises" };

/** The queues that a person may go to. */
export const reachable = (desk, queue) => !desk.queueNames || desk.queueNames().includes(queue);

/** After g the places are shown until one is chosen, for three seconds. */
export function gotoHint(desk) {
    let el, timer;
    const stop = () => {
        clearTimeout(timer);
        el?.remove();
        return !!el && !(el = null);
    };
    const names = () => Object.entries(places).filter(([k, q]) => k != "o" && reachable(desk, q) && tr("queue." + q) != "queue." + q);
    return {
        stop,
        start() {
            stop();
            el = t.div({ className: "pd-goto", role: "status" }, t.strong({}, tr("keys.goto")), names().map(([k, q]) => t.span({}, t.kbd({}, k), " ", tr("queue." + q))));
            (document.querySelector(".pd-desk") || document.body).append(el);
            timer = setTimeout(stop, 3000);
        },
        take(key) {
            if (!el) return null;
            stop();
            const queue = places[key];
            return queue && reachable(desk, queue) ? () => openQueue(desk, queue) : null;
        },
    };
}
