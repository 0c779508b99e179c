// Menus and small panels that float beside the button which opened them, on
// the browser's own popover: Escape and a click outside close them.
import { icon } from "./dom.js";

const opened = new WeakMap();

/**
 * @param {HTMLElement} anchor
 * @param {(close: () => void) => HTMLElement[]|HTMLElement} content
 * @param {{className?: string, end?: boolean, label?: string, role?: string, onclose?: Function}} [o] end: lines up the right edges
 */
export function popover(anchor, content, o = {}) {
    if (opened.has(anchor)) {
        opened.get(anchor).hidePopover();
        return;
    }
    const panel = t.div({
        className: "pd-pop " + (o.className || ""),
        popover: "auto",
        role: o.role || "dialog",
        ariaLabel: o.label,
        ontoggle: (e) => {
            if (e.newState == "closed") {
                if (opened.get(anchor) == panel) opened.delete(anchor);
                if (!opened.has(anchor)) anchor.ariaExpanded = "false";
                o.onclose?.();
                panel.remove();
            }
        },
    });
    const close = () => {
        if (opened.get(anchor) == panel) opened.delete(anchor); // at once: what was chosen may open the next one here
        if (panel.isConnected) panel.hidePopover();
    };
    panel.append(...[content(close)].flat().filter(Boolean));
    (anchor.closest(".pd") || document.body).append(panel);
    panel.showPopover();
    opened.set(anchor, panel);
    anchor.ariaExpanded = "true";
    // the children's reactive parts appear a microtask later: measure after it
    place(panel, anchor, o.end);
    requestAnimationFrame(() => place(panel, anchor, o.end));
    return { close, place: () => place(panel, anchor, o.end) };
}

function place(panel, anchor, end) {
    if (innerWidth <= 600) return; // a sheet at the bottom, by CSS
    const a = anchor.getBoundingClientRect();
    const below = innerHeight - a.bottom - 12;
    const above = a.top - 12;
    const up = below < Math.min(panel.scrollHeight, 280) && above > below;
    panel.style.maxHeight = Math.max(120, up ? above : below) + "px";
    const w = panel.offsetWidth, h = panel.offsetHeight;
    const left = end ? a.right - w : a.left;
    panel.style.left = Math.max(8, Math.min(left, innerWidth - w - 8)) + "px";
    panel.style.top = (up ? a.top - h - 4 : a.bottom + 4) + "px";
}

/**
 * @typedef {{label: string, icon?: string, hint?: string, checked?: boolean, danger?: boolean, disabled?: boolean, run: Function}|null} Item
 * null draws a line
 */

/** Opens a menu of items; arrows move, Enter chooses. */
export function menu(anchor, items, o = {}) {
    const pop = popover(
        anchor,
        (close) =>
            items.map((it) =>
                it
                    ? t.button(
                        {
                            type: "button",
                            role: it.checked === undefined ? "menuitem" : "menuitemradio",
                            ariaChecked: it.checked,
                            className: "pd-item" + (it.danger ? " is-danger" : ""),
                            disabled: it.disabled,
                            onclick: () => {
                                close();
                                anchor.focus();
                                it.run();
                            },
                        },
                        it.icon ? icon(it.icon) : null,
                        t.span({ className: "pd-item-label" }, it.label),
                        it.hint ? t.kbd({}, it.hint) : null,
                        it.checked ? icon("check-line") : null,
                    )
                    : t.hr()
            ),
        { ...o, role: "menu", className: "pd-menu " + (o.className || "") },
    );
    if (!pop) return;
    const panel = opened.get(anchor);
    const list = () => [...panel.querySelectorAll(".pd-item:not(:disabled)")];
    (panel.querySelector("[aria-checked=true]") || list()[0])?.focus();
    panel.addEventListener("keydown", (e) => {
        const all = list(), at = all.indexOf(document.activeElement);
        const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[e.key];
        if (to !== undefined) {
            e.preventDefault();
            all[to % all.length]?.focus();
        }
    });
}

/** A button that opens a menu. o: see dom.js button; items is called at each opening; name: by which keys find it. */
export function menuButton({ label, icon: sign, title, kind = "", items, end, caret = true, name }) {
    return t.button(
        {
            type: "button",
            className: "pd-btn " + kind.split(" ").filter(Boolean).map((k) => "pd-btn-" + k).join(" "),
            title,
            ariaLabel: label ? undefined : title,
            ariaHasPopup: "menu",
            ariaExpanded: "false",
            "html-data-menu": name,
            onclick: (e) => menu(e.currentTarget, items(), { end, label: title || (typeof label == "string" ? label : "") }),
        },
        sign ? icon(sign) : null,
        label ? t.span({}, label) : null,
        caret ? icon("arrow-down-s-line") : null,
    );
}
