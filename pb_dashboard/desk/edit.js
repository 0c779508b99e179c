// A small panel to change one text in place.
import { tr } from "../lib/i18n.js";
import { button } from "../lib/dom.js";
import { popover } from "../lib/popover.js";

/**
 * @param {HTMLElement} anchor
 * @param {{label: string, value: string, max: number, rows?: number, save: (text: string) => Promise<any>}} o rows: several lines
 */
export function editText(anchor, { label, value, max, rows, save }) {
    const done = async () => {
        const text = input.value.trim();
        pop.close();
        if (text != value) await save(text);
    };
    const input = t[rows ? "textarea" : "input"]({
        className: rows ? "pd-textarea" : "pd-input",
        rows,
        maxLength: max,
        value: value || "",
        ariaLabel: label,
        onkeydown: (e) => {
            if (e.isComposing || e.key != "Enter" || (rows && !e.ctrlKey && !e.metaKey)) return;
            e.preventDefault();
            done();
        },
    });
    const pop = popover(
        anchor,
        (close) => [
            t.h3({ className: "pd-edit-label" }, label),
            input,
            t.div(
                { className: "pd-pop-foot" },
                button({ label: tr("action.cancel"), kind: "quiet", run: close }),
                button({ label: tr("action.save"), kind: "primary", run: done }),
            ),
        ],
        { label, className: "pd-edit" },
    );
    if (pop) input.focus();
}
