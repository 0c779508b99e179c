// What this person has read. The server knows; here stands what has changed
// since a row was fetched, so that a mark goes the moment a case is read.
import { box } from "../lib/dom.js";

const most = 400, settles = 2000;

/** @param {import("./page.js").Desk} desk */
export function reads(desk) {
    const s = store({ marks: box(new Map()) }); // case -> {unread, at}
    const told = new Map(); // case -> the visitor's latest word when it was read here
    let stops = [], stopped;

    const set = (id, unread) => {
        const marks = new Map(s.marks.value);
        marks.delete(id);
        marks.set(id, { unread, at: Date.now() });
        if (marks.size > most) marks.delete(marks.keys().next().value);
        s.marks = box(marks);
    };
    const open = (id) => desk.place.kind == "c" && desk.place.id == id;
    let waiting; // what is on the screen of a hidden tab is not read yet
    const seen = (id, word = "") => {
        if (document.hidden) return (waiting = () => open(id) && seen(id, word));
        if (told.get(id) === word) return;
        told.set(id, word);
        if (told.size > most) told.delete(told.keys().next().value);
        set(id, false);
        desk.api.markRead(id).catch((err) => {
            told.delete(id);
            console.warn("the case could not be marked as read:", err);
        });
    };
    const shown = () => {
        if (!document.hidden && waiting) {
            waiting();
            waiting = null;
        }
    };
    const heard = (changes) => {
        for (const { collection, action, record: m } of changes) {
            if (collection == "messages" && action == "create" && m.direction == "in" && !m.auto && m.channel != "phone" && !open(m.case)) set(m.case, true);
        }
    };
    const topic = ({ case: id, unread }) => {
        if (!id) {
            s.marks = box(new Map());
            desk.list?.reload?.();
        } else if (!(unread && open(id))) {
            set(id, unread);
        }
    };

    return {
        /** Whether a row stands out; inside a reactive function the answer follows. */
        is: (row) => s.marks.value.get(row.id)?.unread ?? !!row.unread,
        /** The messages of a case are on the screen, up to this word of the visitor. */
        seen,
        async unread(id) {
            told.delete(id);
            set(id, true);
            await desk.api.markUnread(id);
        },
        async all(queue) {
            await desk.api.readAll(queue);
            s.marks = box(new Map());
        },
        /** Rows were fetched: they know what happened before. @param {number} at when the request left */
        fetched(at) {
            const marks = new Map([...s.marks.value].filter(([, m]) => m.at > at - settles));
            if (marks.size != s.marks.value.size) s.marks = box(marks);
        },
        start() {
            stopped = false;
            document.addEventListener("visibilitychange", shown);
            stops = [() => document.removeEventListener("visibilitychange", shown), desk.live.on(heard)];
            desk.host.listen("pocketdesk.read", topic).then((off) => (stopped ? off() : stops.push(off))).catch(() => {}); // the next list knows
        },
        stop() {
            stopped = true;
            stops.splice(0).forEach((off) => off());
        },
    };
}
