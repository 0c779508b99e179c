// A handful of keys, silent while somebody types or an input method composes.
import { tr } from "../lib/i18n.js";
import { typing } from "../lib/dom.js";
import { popover } from "../lib/popover.js";

const help = {
    everywhere: [["j", "next"], ["k", "previous"], ["Enter", "open"], ["z", "undo"], ["?", "help"]],
    cases: [["r", "reply"], ["n", "note"], ["c", "call"], ["#", "spamcase"], ["/", "search"]],
    held: [["e", "release"], ["#", "spam"], ["b", "block"], ["x", "mark"], ["⇧ x", "range"]],
};

/** @param {import("./page.js").Desk} desk @returns {() => void} stops listening */
export function deskKeys(desk) {
    const onkey = (e) => {
        // some keyboards need Alt for "#"
        if (typing(e) || e.ctrlKey || e.metaKey || (e.altKey && e.key != "#") || e.defaultPrevented || e.repeat && !/^[jk]$/i.test(e.key)) return;
        if (document.querySelector(".pd-pop:popover-open, .modal[data-modal-state=open], .modal.active")) return;
        const key = e.key.length == 1 ? e.key.toLowerCase() : e.key; // the same with Caps Lock
        const run = {
            j: () => desk.list?.move(1),
            k: () => desk.list?.move(-1),
            r: () => desk.view?.reply?.(),
            n: () => desk.view?.note?.(),
            "/": () => desk.list?.search?.(),
            z: () => desk.undo.key(),
            "?": () => showKeys(desk),
            ...desk.list?.keys,
            ...desk.view?.keys,
        }[key];
        if (run) {
            e.preventDefault();
            run(e);
        }
    };
    document.addEventListener("keydown", onkey);
    return () => document.removeEventListener("keydown", onkey);
}

/** Moves the focus among the rows of a list; Enter opens, as on any link. */
export function mover(body, selector) {
    return (step) => {
        const rows = [...(body()?.querySelectorAll(selector) || [])];
        if (!rows.length) return;
        const at = rows.findIndex((r) => r == document.activeElement);
        const from = at >= 0 ? at : rows.findIndex((r) => r.classList.contains("is-active"));
        const to = rows[Math.max(0, Math.min(rows.length - 1, from + step))] || rows[0];
        to.focus();
        to.scrollIntoView({ block: "nearest" });
    };
}

export function showKeys() {
    const anchor = document.querySelector(".pd-me button:last-child") || document.querySelector(".pd-desk");
    popover(anchor, () =>
        t.div(
            { className: "pd-keys" },
            t.h3({}, tr("keys.title")),
            Object.entries(help).map(([where, keys]) => [
                t.h4({}, tr("keys.in." + where)),
                t.dl({}, keys.map(([key, what]) => [t.dt({}, t.kbd({}, key)), t.dd({}, tr("keys." + what))])),
            ]),
        ), { label: tr("keys.title") });
}
