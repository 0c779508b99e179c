// A dialog over the page, on the browser's own: the focus stays inside, Escape
// closes it, and afterwards the focus is where it was.
import { language } from "./i18n.js";

/**
 * @param {{label: string, className?: string, onclose?: Function}} o
 * @param {(close: () => void) => (HTMLElement|null)[]} content
 * @returns {{el: HTMLDialogElement, close: () => void}}
 */
export function dialog(o, content) {
    let el;
    const close = () => el.close();
    el = t.dialog({
        className: "pd pd-dialog " + (o.className || ""),
        ariaLabel: o.label,
        onclose: () => {
            el.remove();
            o.onclose?.();
        },
        // a click beside it closes it, as a click beside a menu does
        onclick: (e) => {
            const b = el.getBoundingClientRect();
            if (e.target == el && (e.clientX < b.left || e.clientX > b.right || e.clientY < b.top || e.clientY > b.bottom)) close();
        },
        oncancel: (e) => e.isComposing && e.preventDefault(),
    });
    el.append(...content(close).filter(Boolean));
    el.lang = language();
    (document.querySelector(".pd-page") || document.body).append(el);
    el.showModal();
    return { el, close };
}
