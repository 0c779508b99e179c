// A list beside the text that one writes in, for what begins with a sign such
// as "/" or "@". The text keeps the focus: letters narrow the list, arrows move
// in it, Enter or Tab takes, Escape leaves everything as it was typed.
import { tr, words } from "../lib/i18n.js";

await words("desk");

const longest = 60;

/**
 * @typedef {{key: string, group?: string, el: () => (HTMLElement|string|null)[]}} Row
 * @param {Object} o
 * @param {HTMLTextAreaElement} o.area
 * @param {number} o.at where the sign stands
 * @param {string} o.label
 * @param {(typed: string) => Row[]} o.rows best first
 * @param {(row: Row, at: number, end: number) => void} o.pick at: the sign; end: behind the letters typed
 * @param {(row: Row|undefined) => HTMLElement|null} [o.aside] what is shown beside the list
 * @param {(row: Row|undefined) => void} [o.onmove]
 * @param {string} [o.empty] the sentence while nothing fits
 * @returns {{close: () => void, redraw: () => void}|null}
 */
export function suggest({ area, at, label, rows, pick, aside, onmove, empty }) {
    if (area.value.length <= at || document.activeElement != area) return null; // typed away while this was fetched
    const id = "pd-suggest-" + Math.random().toString(36).slice(2, 8);
    const s = store({ at: 0, n: 0, typed: "" });
    let shown = [];
    const typed = () => area.value.slice(at + 1, area.selectionStart);
    const list = t.div({ className: "pd-suggest-list", role: "listbox", id, ariaLabel: label }, () => {
        s.n;
        shown = rows(s.typed).slice(0, 60);
        if (!shown.length) return t.p({ className: "pd-hint" }, empty || tr("picker.nohits"));
        let group;
        return shown.flatMap((r, i) => {
            const head = r.group !== undefined && r.group != group ? [t.div({ className: "pd-suggest-group", role: "presentation" }, (group = r.group))] : [];
            return [...head, option(r, i)];
        });
    });
    const option = (r, i) =>
        t.div(
            {
                role: "option",
                id: `${id}-${i}`,
                className: () => "pd-suggest-item" + (s.at == i ? " is-active" : ""),
                ariaSelected: () => String(s.at == i),
                onmousedown: (e) => e.preventDefault(), // the text keeps the focus
                onclick: () => take(i),
                onmousemove: () => s.at != i && move(i),
            },
            ...r.el(),
        );
    const panel = t.div({ className: "pd-pop pd-suggest" + (aside ? " has-aside" : ""), popover: "manual" }, list, aside ? t.div({ className: "pd-suggest-aside" }, () => (s.n, s.typed, aside(shown[s.at]))) : null);

    const move = (i) => {
        s.at = Math.max(0, Math.min(shown.length - 1, i));
        area.setAttribute("aria-activedescendant", shown.length ? `${id}-${s.at}` : "");
        list.querySelector(`#${id}-${s.at}`)?.scrollIntoView({ block: "nearest" });
        onmove?.(shown[s.at]);
    };
    const take = (i) => {
        const r = shown[i], end = area.selectionStart;
        if (!r) return;
        close();
        pick(r, at, end);
    };
    const onkey = (e) => {
        if (e.isComposing || e.keyCode == 229) return;
        const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[e.key];
        if (step) move(s.at + step);
        else if ((e.key == "Enter" || e.key == "Tab") && !e.ctrlKey && !e.metaKey && shown.length) take(s.at);
        else if (e.key == "Escape") close();
        else return;
        e.preventDefault();
        e.stopPropagation();
    };
    const oninput = (e) => {
        const letters = typed();
        // what reads on without a hit was no question
        if (area.selectionStart <= at || /^\s/.test(letters) || letters.includes("\n") || letters.length > longest || (!rows(letters).length && /\s$/.test(letters))) return close();
        s.typed = letters;
        if (!e?.isComposing) queueMicrotask(() => move(0));
    };
    const onblur = () => close();
    const close = () => {
        area.removeEventListener("keydown", onkey, true);
        area.removeEventListener("input", oninput);
        area.removeEventListener("blur", onblur);
        for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) area.removeAttribute(name);
        panel.remove();
    };

    (area.closest(".pd") || document.body).append(panel);
    panel.showPopover();
    area.setAttribute("aria-controls", id);
    area.setAttribute("aria-autocomplete", "list");
    area.addEventListener("keydown", onkey, true);
    area.addEventListener("input", oninput);
    area.addEventListener("blur", onblur);
    const place = () => {
        const a = area.getBoundingClientRect();
        panel.style.left = Math.max(8, Math.min(a.left, innerWidth - panel.offsetWidth - 8)) + "px";
        panel.style.bottom = innerHeight - a.top + 4 + "px";
        panel.style.maxHeight = Math.max(120, a.top - 12) + "px";
    };
    oninput();
    requestAnimationFrame(place);
    return { close, redraw: () => (s.n++, requestAnimationFrame(place)) };
}
