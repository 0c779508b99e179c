// Lines that appear after something was done: what can be taken back, and an
// answer that has not left yet. They are fetched when the first one has to be said.
import { box } from "../lib/dom.js";

/** @param {import("./page.js").Desk} desk @returns {{el: () => HTMLElement|null, undo: ReturnType<typeof import("./undo.js").undoBar>, unsend: Object}} */
export function late(desk) {
    const s = store({ bar: box(null) });
    const files = new Map(); // message or case -> what was attached, as long as the page lives
    const take = (key) => {
        const list = files.get(key) || [];
        files.delete(key);
        return list;
    };
    let loading, sending;
    const bar = () => loading ??= import("./undo.js").then((m) => {
        const made = m.undoBar(desk);
        made.el.rid = "undo";
        s.bar = box(made);
        return new Promise((done) => setTimeout(done, 50, made)); // a status is read out where it stood before its words
    }).catch((err) => {
        loading = null;
        throw err;
    });
    const unsending = () => sending ??= import("./unsend.js").then((m) => m.unsend(desk, files, take)).catch((err) => {
        sending = null;
        throw err;
    });
    const missing = (text) => (err) => {
        console.warn("a part of the Desk could not be loaded:", err);
        if (text) desk.host.toast.ok(text);
    };
    return {
        el: () => s.bar.value?.el ?? null,
        undo: {
            offer: (text, how) => bar().then((b) => b.offer(text, how), missing(text)),
            clear: () => loading?.then((b) => b.clear(), () => {}),
            key: () => loading?.then((b) => b.key(), () => {}),
        },
        unsend: {
            /** An answer is on its way: for some seconds it can be taken back. */
            offer: ({ message, caseID, files: list, seconds }) => {
                const until = Date.now() + seconds * 1000 - 500;
                files.set(message, list);
                return unsending().then((u) => u.offer({ message, caseID, until }), missing());
            },
            /** From the message itself. */
            run: (message, caseID) => unsending().then((u) => u.run(message, caseID), missing()),
            /** What a case's composer starts with. */
            files: take,
            /** Files that were chosen and not sent, while another case is looked at. */
            keep: (caseID, list) => files.set(caseID, list),
        },
    };
}
