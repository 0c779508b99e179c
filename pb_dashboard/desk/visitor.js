// Who writes: addresses with how far they can be trusted, and earlier cases.
import { tr, trOr } from "../lib/i18n.js";
import { avatar, chip, icon } from "../lib/dom.js";
import { brief, when } from "../lib/time.js";
import { linked } from "../lib/text.js";
import { sentence } from "../lib/api.js";
import { editText } from "./edit.js";
import { localeName, personName, statusName, statusTone, trust } from "./labels.js";

const kinds = { email: "mail-line", phone: "phone-line", member: "vip-crown-line", line: "line-line" };

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function visitorCard(desk, view) {
    return t.section(
        { className: "pd-card pd-visitor" },
        () => {
            const { contact, feedback, possible_duplicates: twins } = view.get();
            const c = contact || {};
            return t.div(
                { rid: JSON.stringify([c, feedback?.id, twins]), className: "pd-visitor-body" },
                t.div(
                    { className: "pd-visitor-head" },
                    avatar(personName(c, feedback?.email)),
                    t.div(
                        {},
                        t.div({ className: "pd-visitor-name", lang: c.locale || undefined }, personName(c, feedback?.email)),
                        t.div({ className: "pd-hint" }, since(c)),
                    ),
                    c.blocked ? chip(tr("visitor.blocked"), "bad") : null,
                ),
                t.ul({ className: "pd-identities" }, (c.identities || []).map((i) => identity(desk, i))),
                c.id ? personNote(desk, view, c) : null,
                (twins || []).length ? duplicates(twins) : null,
                feedback ? about(feedback) : null,
                earlier(desk, view.id, c.cases || []),
                c.id ? blocking(desk, view, c) : null,
            );
        },
    );
}

/** What staff should know of this person, in every case of theirs. */
function personNote(desk, view, c) {
    return t.button(
        {
            type: "button",
            className: c.note ? "pd-visitor-note" : "pd-visitor-addnote",
            title: tr("visitor.note"),
            onclick: (e) =>
                editText(e.currentTarget, {
                    label: tr("visitor.note"),
                    value: c.note || "",
                    max: 10000,
                    rows: 4,
                    save: async (note) => {
                        try {
                            await desk.api.save("contacts", { id: c.id, note });
                            await view.reload();
                        } catch (err) {
                            desk.host.toast.error(sentence(err));
                        }
                    },
                }),
        },
        icon("sticky-note-line"),
        t.span({}, c.note || tr("visitor.note.add")),
    );
}

/** Whether staff want anything more from this person. */
function blocking(desk, view, c) {
    const change = async () => {
        const sure = c.blocked || (await desk.host.confirm(tr("visitor.block.sure", { name: personName(c) }), { yes: tr("visitor.block"), no: tr("action.cancel") }));
        if (!sure) return;
        try {
            await desk.api.save("contacts", { id: c.id, blocked: !c.blocked });
            await view.reload();
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    return t.button(
        {
            type: "button",
            className: "pd-visitor-addnote",
            title: tr("visitor.block.why"),
            onclick: change,
        },
        icon(c.blocked ? "user-follow-line" : "user-forbid-line"),
        t.span({}, tr(c.blocked ? "visitor.unblock" : "visitor.block")),
    );
}

function since(c) {
    // a wide colon needs no blank after it
    const said = (label, time) => [label, label.endsWith("：") ? "" : " ", time];
    if (c.member_since) return said(tr("visitor.member"), when(c.member_since, brief));
    return c.first_seen ? said(tr("visitor.first"), when(c.first_seen)) : localeName(c.locale);
}

function identity(desk, i) {
    const tr_ = trust(i.state);
    const dead = i.state == "undeliverable";
    return t.li(
        { className: dead ? "is-dead" : "" },
        icon(dead && i.kind == "email" ? "mail-close-line" : kinds[i.kind] || "at-line"),
        t.button(
            { type: "button", className: "pd-copy", title: tr("action.copy", { value: i.value }), onclick: () => copy(desk, i.value) },
            i.value,
        ),
        tr_ ? chip(tr_.text, tr_.tone, tr_.title) : null,
        dead ? t.p({}, tr(i.kind == "phone" ? "trust.why.undeliverable.phone" : "trust.why.undeliverable")) : null,
    );
}

async function copy(desk, value) {
    try {
        await navigator.clipboard.writeText(value);
        desk.host.toast.ok(tr("action.copied"));
    } catch {
        desk.host.toast.info(value);
    }
}

function duplicates(twins) {
    return t.div(
        { className: "pd-twins" },
        t.p({}, icon("user-search-line"), tr("visitor.twins")),
        t.ul({}, twins.map((x) => t.li({}, t.strong({}, personName(x.contact)), " ", t.span({ className: "pd-hint" }, trOr("twin." + x.why, x.why || ""))))),
    );
}

function about(f) {
    const rows = [
        [tr("visitor.order"), f.order_no],
        [tr("visitor.receipt"), f.receipt],
        [tr("visitor.page"), f.page_url && linked(f.page_url)],
        [tr("visitor.referrer"), f.referrer && linked(f.referrer)],
    ].filter(([, v]) => v);
    return rows.length ? t.dl({ className: "pd-about" }, rows.map(([k, v]) => [t.dt({}, k), t.dd({}, v)])) : null;
}

function earlier(desk, id, cases) {
    const others = cases.filter((c) => c.id != id);
    if (!others.length) return t.p({ className: "pd-hint" }, tr("visitor.nocases"));
    return t.div(
        { className: "pd-earlier" },
        t.h4({}, tr("visitor.cases", { n: others.length })),
        t.ul(
            {},
            others.slice(0, 8).map((c) =>
                t.li(
                    {},
                    t.a(
                        {
                            href: desk.link({ kind: "c", id: c.id }),
                            onclick: (e) => {
                                if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                                e.preventDefault();
                                desk.go({ kind: "c", id: c.id });
                            },
                        },
                        t.span({ className: "pd-row-number" }, "#" + c.number),
                        t.span({ className: "pd-earlier-subject" }, c.subject || tr("case.nosubject")),
                        chip(statusName(c.status), statusTone[c.status]),
                    ),
                )
            ),
        ),
    );
}
