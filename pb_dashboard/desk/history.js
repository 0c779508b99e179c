// All that a person ever wrote about: cases, a page at a time, and the orders
// that they name.
import { tr, words as loadWords } from "../lib/i18n.js";
import { action, box, chip } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { calmLine } from "../lib/calm.js";
import { sourceName } from "./labels.js";
import { caseLink } from "./visitor.js";

await loadWords("person", "side");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function history(desk, view) {
    const s = store({ items: box([]), next: "", ready: false, error: "" });
    const contact = view.get().contact.id;
    const more = async () => {
        try {
            const page = await desk.api.history(contact, s.next);
            s.items = box([...s.items.value, ...page.items]);
            s.next = page.next;
            s.error = "";
        } catch (err) {
            s.error = sentence(err);
        }
        s.ready = true;
    };
    return t.div(
        { rid: "history", className: "pd-earlier-cases pd-history", onmount: more },
        () => s.ready ? t.h4({}, tr("person.history")) : null,
        () => s.error ? t.p({ className: "pd-hint", role: "alert" }, s.error) : null,
        () => orders(s.items.value),
        t.ul({}, () => s.items.value.map((c) => t.li({ rid: c.id, className: c.id == view.id ? "is-here" : "" }, caseLink(desk, c), marks(c)))),
        () => s.next ? action({ label: tr("person.more"), icon: "arrow-down-line", kind: "quiet small", run: more }) : null,
    );
}

function marks(c) {
    const words = [c.source && sourceName(c.source), c.order_no && tr("person.orderno", { no: calmLine(c.order_no) }), c.merged_into && tr("person.wasmerged")].filter(Boolean);
    return words.length ? t.div({ className: "pd-hint pd-history-marks" }, words.join(" · ")) : null;
}

/** The orders that the cases on the screen name. */
function orders(items) {
    const named = [...new Set(items.map((c) => calmLine(c.order_no)).filter(Boolean))];
    return named.length
        ? t.p({ rid: "orders" + named.join(), className: "pd-named-orders" }, t.span({ className: "pd-hint" }, tr("person.orders")), " ", named.map((no) => chip(no, "plain")))
        : null;
}
