// One case in the list: who, what about, how long he waits, what is due, and
// whom else it has on the screen.
import { colon, language, tr, trOr } from "../lib/i18n.js";
import { avatar, chip, icon } from "../lib/dom.js";
import { brief, when } from "../lib/time.js";
import { calmLine } from "../lib/calm.js";
import { localeName, personName, priorityName, statusName, statusTone, trust } from "./labels.js";
import { dueChip, waits } from "./duechip.js";
import { hasDraft } from "./drafts.js";

const channels = { form: "survey-line", email: "mail-line", phone: "phone-line", sms: "message-2-line", chat: "chat-3-line", line: "line-line", api: "plug-line", widget: "chat-smile-2-line" };
const trusts = { verified: "shield-check-fill", undeliverable: "mail-forbid-line", claimed: "question-line", reachable: "mail-check-line" };

/** @param {import("./page.js").Desk} desk */
export function caseRow(desk, row) {
    return t.div(
        {
            rid: row.id + JSON.stringify([row.version, row.updated, row.snippet, row.has_failed, row.trust, row.parts?.length]),
            className: () => `pd-case-row is-${row.priority || "normal"}` + (desk.place.id == row.id ? " is-active" : "") + (desk.reads.is(row) ? " is-unread" : ""),
        },
        desk.selection?.cell?.(row),
        t.a(
            {
                href: () => desk.link({ kind: "c", id: row.id }),
                className: () => "pd-row" + (desk.place.id == row.id ? " is-active" : "") + (desk.reads.is(row) ? " is-unread" : ""),
                ariaCurrent: () => desk.place.id == row.id ? "true" : undefined,
                "html-data-id": row.id,
                onclick: (e) => {
                    if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                    e.preventDefault();
                    desk.go({ kind: "c", id: row.id });
                },
            },
            top(desk, row),
            t.div({ className: "pd-row-subject", lang: row.locale || undefined }, calmLine(row.subject) || tr("case.nosubject")),
            snippet(row),
            t.div(
                { className: "pd-row-chips" },
                () => dueChip(row),
                row.priority == "urgent" || row.priority == "high"
                    ? chip(priorityName(row.priority), row.priority == "urgent" ? "bad" : "warn", tr("fact.priority"), row.priority == "urgent" ? "alarm-warning-line" : "arrow-up-double-line")
                    : null,
                row.status == "new" || row.status == "open" ? null : chip(statusName(row.status), statusTone[row.status]),
                () => waits(row),
                about(desk, row),
                t.span({ className: "pd-row-fill" }),
                ...signs(desk, row),
            ),
        ),
    );
}

function top(desk, row) {
    const tr1 = trust(row.trust), channel = trOr("channel." + row.channel, trOr("source." + row.channel, row.channel));
    return t.div(
        { className: "pd-row-top" },
        () => desk.reads.is(row) ? t.span({ rid: "dot", className: "pd-unread", role: "img", ariaLabel: tr("row.unread"), title: tr("row.unread") }) : null,
        t.bdi({ className: "pd-row-who", lang: row.locale || undefined }, calmLine(personName(row.contact)) || tr("person.unnamed")),
        tr1 ? t.span({ className: `pd-row-trust is-${row.trust}`, title: tr1.text + colon() + tr1.title, role: "img", ariaLabel: tr1.text }, icon(trusts[row.trust] || "question-line")) : null,
        t.span({ className: "pd-row-number" }, "#" + row.number),
        t.span({ className: "pd-row-fill" }),
        row.channel && channels[row.channel]
            ? t.span({ className: "pd-row-channel", title: tr("row.by", { channel }), role: "img", ariaLabel: tr("row.by", { channel }) }, icon(channels[row.channel]))
            : null,
        t.span({ className: "pd-row-time" }, when(row.last_in_at || row.created, brief)),
    );
}

/** The visitor's latest words; where the subject is their beginning, what follows it. */
function snippet(row) {
    const attrs = { className: "pd-row-snippet", lang: row.locale || undefined };
    if (row.parts?.length) return t.div(attrs, row.parts.map((p) => (p.hit ? t.mark({}, p.text) : p.text)));
    const said = calmLine(row.snippet), begun = calmLine(row.subject).replace(/(…|\.\.\.)$/, "");
    const rest = begun && said.startsWith(begun) ? said.slice(begun.length).trim() : said;
    return /[\p{L}\p{N}]/u.test(rest) ? t.div(attrs, rest == said ? said : "… " + rest) : null;
}

/** Category and, where it is not the reader's, language. */
function about(desk, row) {
    const parts = [
        row.category ? [desk.names.category(row.category), desk.names.category(row.category)] : null,
        row.locale && row.locale != language() ? [trOr("locale.short." + row.locale, row.locale), localeName(row.locale)] : null,
    ].filter(Boolean);
    return t.span({ className: "pd-row-about", title: parts.map(([, whole]) => whole).join(" · ") }, parts.map(([short]) => "· " + short).join(" "));
}

function signs(desk, row) {
    const assignee = desk.names.agent(row.assignee);
    const sign = (name, words, bad) => t.span({ className: "pd-sign" + (bad ? " is-bad" : ""), title: words, role: "img", ariaLabel: words }, icon(name));
    return [
        row.has_failed ? sign("mail-close-line", tr("row.failed"), true) : null,
        row.files ? sign("attachment-2", tr("row.files", { n: row.files })) : null,
        () => hasDraft(row.id) ? t.span({ rid: "draft", className: "pd-sign is-draft", title: tr("row.draft"), role: "img", ariaLabel: tr("row.draft") }, icon("draft-line")) : null,
        () => desk.presence.faces(row),
        assignee ? t.span({ className: "pd-row-whose", title: tr("row.whose", { name: assignee }), role: "img", ariaLabel: tr("row.whose", { name: assignee }) }, avatar(assignee, "is-small")) : null,
    ];
}
