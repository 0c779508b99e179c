// The search box over the list. It asks while one types, but not while an input
// method composes; what it takes besides words is told when it has the focus.
import { tr } from "../lib/i18n.js";

/** @param {import("./page.js").Desk} desk @returns {HTMLInputElement} */
export function searchBox(desk) {
    const { place, go } = desk;
    let timer, help, input;
    const ask = (text, now) => {
        clearTimeout(timer);
        timer = setTimeout(() => text.trim() != place.q && go({ q: text.trim(), ...(text.trim() ? {} : { scope: "" }) }, true), now ? 0 : 300);
    };
    const leave = (input) => {
        input.value = "";
        ask("", true);
        input.blur();
    };
    // a filter's name alone finds nothing yet: its value is being typed
    const half = (text) => /(^|\s)-?[\p{L}]+[:：]$/u.test(text);
    const typed = (input, now) => {
        clearTimeout(timer);
        desk.toHits = now ? input.value.trim() : ""; // once they are there the focus goes to what was found
        if (now || !half(input.value)) ask(input.value, now);
    };
    input = t.input({
        type: "search",
        className: "pd-input pd-search-input",
        placeholder: tr("list.search"),
        ariaLabel: tr("list.search"),
        autocomplete: "off",
        spellcheck: false,
        maxLength: 200,
        value: () => {
            const q = place.q;
            return input && document.activeElement == input ? input.value : q; // one who types is ahead of it
        },
        onfocus: (e) => {
            const input = e.target;
            (help ??= import("./searchhelp.js").catch(() => (help = null))).then((m) => m?.searchHelp(desk, input, { ask: (text) => ask(text, true), leave: () => leave(input) }));
        },
        oninput: (e) => !e.isComposing && typed(e.target),
        oncompositionend: (e) => typed(e.target),
        onkeydown: (e) => {
            if (e.isComposing || e.keyCode == 229 || e.defaultPrevented) return;
            if (e.key == "Enter") {
                typed(e.target, true);
                desk.list?.land?.();
            }
            if (e.key == "Escape") leave(e.target);
            if (e.key == "ArrowDown" && place.q) {
                e.preventDefault();
                desk.list?.move(1);
            }
        },
    });
    return input;
}
