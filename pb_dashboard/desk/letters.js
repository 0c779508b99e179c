// What cases would get, shown one after the other, and which ones would get
// nothing: before anything is written.
import { colon, comma, tr, words } from "../lib/i18n.js";
import { button, icon } from "../lib/dom.js";
import { localeName, priorityName, statusName } from "./labels.js";

await words("bulk", "side");

const value = (desk, field, v) =>
    ({ status: statusName, priority: priorityName, category: desk.names.category, assignee: desk.names.agent, team: desk.names.team }[field]?.(v) || (Array.isArray(v) ? v.join(comma()) : String(v ?? "")) || "–");
const shownFields = ["assignee", "team", "status", "priority", "category", "tags"];

/**
 * @param {import("./page.js").Desk} desk
 * @param {Object} look the answer of lookMany
 * @param {{at: number}} s which one is shown; kept by the caller
 */
export function letters(desk, look, s) {
    const items = look.items;
    const w = items[Math.min(s.at, items.length - 1)];
    const step = (by) => () => (s.at = (s.at + by + items.length) % items.length);
    return t.div(
        { className: "pd-letters" },
        w ? t.div(
            { className: "pd-letters-head" },
            t.strong({}, "#" + w.number),
            t.span({ className: "pd-letters-subject", lang: w.locale || undefined }, w.subject),
            t.span({ className: "pd-row-fill" }),
            items.length > 1 ? [
                t.span({ className: "pd-hint" }, tr("letters.at", { at: Math.min(s.at, items.length - 1) + 1, of: items.length })),
                button({ icon: "arrow-left-s-line", title: tr("letters.previous"), kind: "quiet square small", run: step(-1) }),
                button({ icon: "arrow-right-s-line", title: tr("letters.next"), kind: "quiet square small", run: step(1) }),
            ] : null,
        ) : null,
        w?.answer ? t.div(
            { className: "pd-letter-shown", lang: w.answer.locale },
            t.p({ className: "pd-hint" }, tr("letters.to", { to: w.answer.to, locale: localeName(w.answer.locale) })),
            w.answer.subject ? t.div({ className: "pd-msg-subject" }, w.answer.subject) : null,
            t.div({ className: "pd-text" }, w.answer.body),
        ) : null,
        w ? t.ul({ className: "pd-letters-changes" }, shownFields.filter((f) => w.changes[f]).map((f) => t.li({}, tr("fact." + f), colon(), t.s({}, value(desk, f, w.changes[f][0])), " → ", t.strong({}, value(desk, f, w.changes[f][1]))))) : null,
        look.failed.length ? t.div(
            { className: "pd-letters-failed", role: "status" },
            t.p({}, icon("error-warning-line"), tr("letters.failed", { n: look.failed.length })),
            t.ul({}, look.failed.slice(0, 50).map((f) => t.li({}, t.strong({}, f.number ? "#" + f.number : tr("many.gone")), " ", f.message))),
        ) : null,
    );
}
