// Parts of a screen that are fetched when they are first needed.
import { sentence } from "./api.js";
import { box, failed, skeleton } from "./dom.js";

/**
 * A child that stands empty until its module is there.
 * @param {() => Promise<Object>} load gives the module
 * @param {(module: Object) => HTMLElement|null} make
 * @returns {() => HTMLElement|null}
 */
export function lazy(load, make) {
    const s = store({ module: null });
    let asked, el;
    return () => {
        if (!s.module) {
            asked ??= load().then((m) => (s.module = box(m))).catch((err) => {
                asked = null; // the next look tries again
                console.warn("a part of the Desk could not be loaded:", err);
            });
            return null;
        }
        if (!el && (el = make(s.module.value))) el.rid ??= el; // by it Shablon knows that the same element stays
        return el;
    };
}

/**
 * An element that waits for its module: a large part, such as a pane.
 * @param {() => Promise<Object>} load gives the module
 * @param {(module: Object) => HTMLElement} make
 * @param {number} [rows] bars that stand there meanwhile; none by default
 */
export function later(load, make, rows = 0) {
    const s = store({ el: rows ? skeleton(rows) : null });
    const put = (el) => {
        el.rid ??= "later";
        s.el = el;
    };
    const go = () => load().then((m) => put(make(m))).catch((err) => put(failed(sentence(err), go)));
    go();
    return t.div({ className: "pd-later" }, () => s.el);
}

/**
 * An element that is fetched when it comes into sight, or nearly so: what stands
 * further down in a pane.
 * @param {() => Promise<Object>} load gives the module
 * @param {(module: Object) => HTMLElement} make
 */
export function whenSeen(load, make) {
    const s = store({ go: false });
    let eye;
    const part = lazy(load, make);
    return t.div(
        {
            className: "pd-when-seen",
            onmount: (el) => {
                eye = new IntersectionObserver((all) => all.some((one) => one.isIntersecting) && (eye.disconnect(), (s.go = true)));
                eye.observe(el);
            },
            onunmount: () => eye?.disconnect(),
        },
        () => (s.go ? part() : null),
    );
}
