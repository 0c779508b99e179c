// One held message in the list: who, what, and the heaviest reasons.
import { tr, words } from "../lib/i18n.js";
import { chip } from "../lib/dom.js";
import { brief, when } from "../lib/time.js";
import { localeName, sourceName } from "./labels.js";
import { signalSentence } from "./signalwords.js";
import { scoreChip } from "./score.js";

await words("held", "mail");

/** What to call whoever sent it. */
export const senderName = (f) => f?.name || f?.email || f?.phone || tr("person.unnamed");

/**
 * @param {import("./page.js").Desk} desk
 * @param {Object} v a held message
 * @param {ReturnType<typeof import("./marks.js").marks>} marks
 */
export function heldRow(desk, v, marks) {
    const f = v.feedback || {};
    const to = { kind: "v", id: v.id, queue: "quarantine" };
    const top = [...(v.signals || [])].sort((a, b) => b.weight - a.weight).filter((x) => x.weight > 0).slice(0, 2);
    const title = f.subject || (f.message || "").slice(0, 120);
    const mail = (v.source || f.source) == "email";
    return t.div(
        { rid: v.id + v.outcome + (v.decided_at || "") + v.case, className: () => "pd-held-row" + (marks.has(v.id) ? " is-marked" : "") },
        t.label(
            { className: "pd-held-mark", title: tr(v.case ? "held.iscase" : "bulk.mark") },
            t.input({
                type: "checkbox",
                ariaLabel: tr("bulk.mark.one", { who: senderName(f) }),
                checked: () => marks.has(v.id),
                disabled: !!v.case,
                onclick: (e) => marks.toggle(v.id, e.shiftKey),
            }),
        ),
        t.a(
            {
                href: () => desk.link(to),
                className: () => "pd-row" + (desk.place.id == v.id ? " is-active" : ""),
                ariaCurrent: () => desk.place.id == v.id ? "true" : undefined,
                "html-data-id": v.id,
                onclick: (e) => {
                    if (e.metaKey || e.ctrlKey) return;
                    e.preventDefault();
                    if (e.shiftKey) marks.toggle(v.id, true);
                    else desk.go(to);
                },
            },
            t.div(
                { className: "pd-row-top" },
                t.span({ className: "pd-row-who", lang: f.locale || undefined }, senderName(f)),
                t.span({ className: "pd-row-time" }, when(v.created, brief)),
            ),
            t.div({ className: "pd-row-subject", lang: f.locale || undefined }, title),
            t.ul({ className: "pd-row-reasons" }, top.map((sig) => t.li({}, signalSentence(sig)))),
            t.div(
                { className: "pd-row-chips" },
                v.for_case ? chip(tr("held.for", { number: v.for_case.number }), "info", tr("held.for.title", { number: v.for_case.number }), "user-shared-line") : scoreChip(v),
                mail ? chip(sourceName("email"), "plain", "", "mail-line") : null,
                f.locale ? chip(localeName(f.locale)) : null,
                v.outcome == "blocked" ? chip(decidedBy(desk, v)) : null,
                v.case ? chip(tr("held.wascase"), "plain", tr("held.iscase")) : null,
            ),
        ),
    );
}

/** Who turned it away: a colleague or screening itself. */
export const decidedBy = (desk, v) =>
    v.decided_by ? tr("held.by", { who: desk.names.agent(v.decided_by) || tr("who.staff") }) : tr("held.byscreening");
