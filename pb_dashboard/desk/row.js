// One case in the list: who, what about, since when, and what is pressing.
import { language, tr, trOr } from "../lib/i18n.js";
import { avatar, chip, icon } from "../lib/dom.js";
import { brief, when } from "../lib/time.js";
import { due, localeName, personName, priorityName, statusName, statusTone } from "./labels.js";
import { hasDraft } from "./drafts.js";

/** @param {import("./page.js").Desk} desk */
export function caseRow(desk, row) {
    const { place, names } = desk;
    const to = { kind: "c", id: row.id };
    const assignee = names.agent(row.assignee);
    const about = [
        row.category ? [names.category(row.category), names.category(row.category)] : null,
        row.locale && row.locale != language() ? [trOr("locale.short." + row.locale, row.locale), localeName(row.locale)] : null,
    ].filter(Boolean);
    const unread = () => row.status == "new" || desk.news.has(row.id);
    return t.a(
        {
            rid: row.id + JSON.stringify([row.version, row.updated, row.snippet, row.has_failed, row.trust]),
            href: () => desk.link(to),
            className: () => `pd-row is-${row.priority || "normal"}` + (place.id == row.id ? " is-active" : "") + (unread() ? " is-unread" : ""),
            ariaCurrent: () => place.id == row.id ? "true" : undefined,
            "html-data-id": row.id,
            onclick: (e) => {
                if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                e.preventDefault();
                desk.go(to);
            },
        },
        t.div(
            { className: "pd-row-top" },
            () => unread() ? t.span({ className: "pd-unread", title: tr(row.status == "new" ? "status.new" : "news.unread") }) : null,
            t.span({ className: "pd-row-who", lang: row.locale || undefined }, personName(row.contact)),
            t.span({ className: "pd-row-number" }, "#" + row.number),
            t.span({ className: "pd-row-time" }, when(row.last_in_at || row.created, brief)),
        ),
        t.div({ className: "pd-row-subject", lang: row.locale || undefined }, row.subject || tr("case.nosubject")),
        row.snippet ? t.div({ className: "pd-row-snippet", lang: row.locale || undefined }, row.parts?.length ? row.parts.map((p) => (p.hit ? t.mark({}, p.text) : p.text)) : row.snippet) : null,
        t.div(
            { className: "pd-row-chips" },
            row.priority == "urgent" || row.priority == "high"
                ? chip(priorityName(row.priority), row.priority == "urgent" ? "bad" : "warn", tr("fact.priority"), "arrow-up-double-line")
                : null,
            place.queue == "open" || place.queue == "mine" || place.queue == "unassigned" ? null : chip(statusName(row.status), statusTone[row.status]),
            () => {
                const d = due(row);
                return d ? chip(d.text, d.tone, d.title, "timer-line") : null;
            },
            t.span({ className: "pd-row-about", title: about.map(([, whole]) => whole).join(" · ") }, about.map(([short]) => short).join(" · ")),
            t.span({ className: "pd-row-fill" }),
            row.has_failed ? t.span({ className: "pd-sign is-bad", title: tr("row.failed") }, icon("mail-close-line")) : null,
            row.files ? t.span({ className: "pd-sign", title: tr("row.files", { n: row.files }) }, icon("attachment-2")) : null,
            hasDraft(row.id) ? t.span({ className: "pd-sign", title: tr("row.draft") }, icon("draft-line")) : null,
            assignee ? avatar(assignee, "is-small") : null,
        ),
    );
}
