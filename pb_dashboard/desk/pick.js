// A list to choose from by typing a few letters: for the keys and the bars.
import { tr, words } from "../lib/i18n.js";
import { button, icon } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { fit } from "../lib/fit.js";

await words("bulk");

let count = 0;

/**
 * @typedef {{value: any, label: string, icon?: string, hint?: string, also?: string, checked?: boolean, lang?: string}} Choice
 * @param {HTMLElement} anchor
 * @param {{label: string, items: Choice[], several?: boolean, fresh?: (typed: string) => Choice|null, done: (chosen: Choice|Choice[]) => void}} o
 * several: choices are ticked, and done is given all that are; fresh: a choice made of what was typed
 */
export function pick(anchor, o) {
    const name = "pd-pick" + ++count;
    let at = Math.max(0, o.items.findIndex((i) => i.checked)), shown = [], pop;
    if (o.several) at = 0;

    const search = t.input({
        className: "pd-input",
        placeholder: o.label,
        role: "combobox",
        ariaLabel: o.label,
        ariaExpanded: "true",
        ariaAutoComplete: "list",
        autocomplete: "off",
        "html-aria-controls": name,
        oninput: () => {
            at = 0;
            draw();
        },
        onkeydown: (e) => {
            if (e.isComposing || e.keyCode == 229) return; // an input method is at work
            const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
            if (step) at = (at + step + shown.length) % Math.max(1, shown.length);
            else if (e.key == "Enter") e.ctrlKey || e.metaKey ? save() : choose(shown[at]);
            else return;
            e.preventDefault();
            draw();
        },
    });
    const list = t.div({ className: "pd-pick-list", role: "listbox", id: name, ariaLabel: o.label });

    const save = () => {
        if (!o.several) return;
        pop.close();
        o.done(o.items.filter((i) => i.checked));
    };
    const choose = (item) => {
        if (!item) return;
        if (!o.several) {
            pop.close();
            return o.done(item);
        }
        if (!o.items.includes(item)) o.items.unshift(item);
        item.checked = !item.checked;
        search.value = "";
        at = o.items.indexOf(item);
        draw();
        search.focus();
    };
    const draw = () => {
        const typed = search.value.trim();
        shown = o.items.map((i) => [typed ? Math.max(fit(typed, i.label), fit(typed, i.also || "") * 0.9) : 1, i]).filter(([p]) => p > 0);
        if (typed) shown.sort((a, b) => b[0] - a[0]);
        shown = shown.map(([, i]) => i);
        const made = typed && o.fresh?.(typed);
        if (made) shown.push(made);
        at = Math.min(at, Math.max(0, shown.length - 1));
        list.replaceChildren(...shown.map(option), ...(shown.length ? [] : [t.p({ className: "pd-hint pd-pick-none" }, tr("pick.none"))]));
        list.role = shown.length ? "listbox" : "status"; // a list without options is none
        list.ariaMultiSelectable = o.several && shown.length ? "true" : null;
        search.setAttribute("aria-activedescendant", shown.length ? `${name}-${at}` : "");
        list.children[at]?.scrollIntoView({ block: "nearest" });
    };
    const option = (item, i) =>
        t.div(
            {
                id: `${name}-${i}`,
                role: "option",
                ariaSelected: String(o.several ? !!item.checked : i == at),
                className: "pd-item" + (i == at ? " is-at" : ""),
                onpointerdown: (e) => e.preventDefault(), // the focus stays where one types
                onclick: () => choose(item),
            },
            item.icon ? icon(item.icon) : null,
            t.span({ className: "pd-item-label", lang: item.lang }, item.label),
            item.hint ? t.span({ className: "pd-hint" }, item.hint) : null,
            item.checked ? icon("check-line") : null,
        );

    pop = popover(
        anchor,
        () => [search, list, o.several ? t.div({ className: "pd-pop-foot" }, button({ label: tr("action.save"), kind: "primary small", hint: "Ctrl ↵", run: save })) : null],
        { className: "pd-pick", label: o.label },
    );
    if (!pop) return;
    draw();
    search.focus();
    pop.place();
}
