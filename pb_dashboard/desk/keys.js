// The keyboard: one key, one thing. Silent while somebody types or an input
// method composes. What a key needs is fetched when it is pressed first.
import { tr } from "../lib/i18n.js";
import { typing } from "../lib/dom.js";

const menus = { a: "assign", s: "status", t: "tags", p: "priority", l: "category", h: "later", m: "macros", e: "resolve" };
const mac = /Mac|iP/.test(navigator.platform);
const memory = "pocketdesk.keys";

/** Single keys can be switched off by whoever speaks to the machine, or is caught out by them (WCAG 2.1.4). */
export const singleKeys = {
    on: () => localStorage.getItem(memory) != "off",
    set: (on) => (on ? localStorage.removeItem(memory) : localStorage.setItem(memory, "off")),
};

const overlay = ".pd-pop:popover-open, dialog[open], .modal[data-modal-state=open], .modal.active";
const composing = (e) => e.isComposing || e.keyCode === 229 || e.key == "Process" || e.key == "Unidentified";

/** @param {import("./page.js").Desk} desk @returns {() => void} stops listening */
export function deskKeys(desk) {
    const going = later(desk);
    const onkey = (e) => {
        if (e.defaultPrevented || composing(e)) return;
        if ((mac ? e.metaKey : e.ctrlKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() == "k") {
            e.preventDefault(); // also while one types: it leads away from there
            if (!e.repeat && !document.querySelector("dialog[open]")) openCommands(desk);
            return;
        }
        if (document.querySelector(overlay) || typing(e)) return going.stop();
        if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() == "a" && inList()) {
            e.preventDefault();
            return desk.selection.all();
        }
        // some keyboards need Alt for "#" and "]"
        if (e.ctrlKey || e.metaKey || (e.altKey && /^[\w\s]$/.test(e.key)) || (e.repeat && !/^[jk]$/i.test(e.key))) return;
        const key = e.key.length == 1 ? e.key.normalize("NFKC").toLowerCase() : e.key; // the same with Caps Lock and full width
        const run = key == "Escape" ? escape(desk, going) : singleKeys.on() && (going.take(key) || find(desk, key, going));
        if (run) {
            e.preventDefault();
            run(e);
        }
    };
    document.addEventListener("keydown", onkey);
    const off = desk.selection.start(), loose = holdFocus();
    return () => {
        loose();
        document.removeEventListener("keydown", onkey);
        going.stop();
        off();
    };
}

const inList = () => !!document.activeElement?.closest?.(".pd-list-pane") || document.activeElement == document.body;
const focused = () => document.activeElement?.closest?.("[data-id]")?.dataset.id || document.activeElement?.closest?.(".pd-case-row")?.querySelector("[data-id]")?.dataset.id || "";

/** What a key does here; the selection goes before what is open, that before the list. */
function find(desk, key, going) {
    const view = desk.view || {}, list = desk.list || {}, some = desk.selection.size() > 0;
    if (some && key == "#") return () => desk.act("spam");
    if (some && (key == "r" || key == "n")) return () => desk.act(key == "r" ? "answer" : "note");
    const special = (!some && view.keys?.[key]) || list.keys?.[key];
    if (special) return special;
    if (menus[key] && desk.place.queue != "quarantine") return () => desk.act(menus[key]);
    return {
        j: () => list.move?.(1),
        k: () => list.move?.(-1),
        o: () => document.activeElement?.closest?.("a[data-id]")?.click(),
        u: desk.place.kind && (() => goBack(desk)),
        x: focusedRow(desk) && ((e) => desk.selection.toggle(focusedRow(desk), e.shiftKey)),
        r: view.reply,
        n: view.note,
        c: view.call,
        "]": nextCase(desk),
        "/": () => (list.search || (() => desk.searchBox?.focus()))(),
        z: () => desk.undo.key(),
        "+": () => import("./begin.js").then((m) => m.beginCase(desk)),
        "?": () => showKeys(desk),
        "#": focusedRow(desk) && (() => desk.act("spam")),
        g: () => going.start(),
    }[key];
}

/**
 * A row that is drawn anew while it has the focus keeps it; where it went, the
 * one that took its place has it. @returns {() => void}
 */
function holdFocus() {
    const rows = () => [...document.querySelectorAll(".pd-list-pane .pd-row[data-id]")];
    let last, at = 0;
    const focus = (e) => {
        last = e.target.closest?.(".pd-list-pane .pd-row[data-id]");
        if (last) at = rows().indexOf(last);
    };
    const eye = new MutationObserver(() => {
        if (!last || last.isConnected || document.activeElement != document.body) return;
        const all = rows(), to = all.find((r) => r.dataset.id == last.dataset.id) || all[Math.min(at, all.length - 1)];
        to?.focus({ preventScroll: true });
    });
    document.addEventListener("focusin", focus);
    eye.observe(document.body, { childList: true, subtree: true });
    return () => {
        document.removeEventListener("focusin", focus);
        eye.disconnect();
    };
}

/** The row with the focus, else the open case. */
function focusedRow(desk) {
    const id = focused();
    return desk.selection.row(id) ? id : desk.place.kind == "c" && desk.selection.row(desk.place.id) ? desk.place.id : "";
}

/** The most urgent case, where there is a way to find it. */
export function nextCase(desk) {
    const next = desk.next?.go || (typeof desk.next == "function" ? desk.next : desk.view?.next || desk.list?.next);
    return next && (() => next());
}

function escape(desk, going) {
    if (going.stop()) return () => {};
    if (desk.selection.size() || desk.selection.s.on) return () => desk.selection.clear();
    if (desk.place.kind) return () => goBack(desk);
}

/** Closes what is open; the focus is on its row again. */
export function goBack(desk) {
    const { id } = desk.place;
    desk.go({ kind: "", id: "" });
    requestAnimationFrame(() => document.querySelector(`.pd-list-pane [data-id="${CSS.escape(id)}"]`)?.focus());
}

/** After g a place is chosen; the key that follows at once waits for what knows them. */
function later(desk) {
    let hint, waits;
    const load = () => import("./keymap.js").then((m) => (hint ??= m.gotoHint(desk)));
    return {
        stop: () => {
            const was = waits;
            waits = null;
            return hint?.stop() || !!was;
        },
        start() {
            const mine = (waits = {});
            load().then((h) => {
                if (mine != waits) return;
                waits = null;
                h.start();
                if (mine.key) h.take(mine.key)?.();
            }).catch(broken(desk));
        },
        take(key) {
            if (!waits) return hint?.take(key);
            if (!waits.key) waits.key = key;
            return () => {};
        },
    };
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

const broken = (desk) => (err) => {
    console.warn("a part of the Desk could not be loaded:", err);
    desk.host.toast.error(tr("error.offline"));
};
export const showKeys = (desk) => import("./keyhelp.js").then((m) => m.keyHelp(desk)).catch(broken(desk));
export const openCommands = (desk) => import("./command.js").then((m) => m.commandBar(desk)).catch(broken(desk));
/** Does something to what is selected, else to the case that is open or has the focus. */
export const actOn = (desk) => (name, how) => import("./acts.js").then((m) => m.act(desk, name, how)).catch(broken(desk));
