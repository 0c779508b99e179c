// Who writes: addresses with how far they can be trusted and what says so, what
// staff noted, how he came, and his earlier cases.
import { tr, trOr, words } from "../lib/i18n.js";
import { avatar, chip, icon } from "../lib/dom.js";
import { menuButton } from "../lib/popover.js";
import { brief, when } from "../lib/time.js";
import { linked } from "../lib/text.js";
import { calmLine } from "../lib/calm.js";
import { lazy } from "../lib/lazy.js";
import { sentence } from "../lib/api.js";
import { editText } from "./edit.js";
import { localeName, personName, sourceName, statusName, statusTone, trust } from "./labels.js";

await words("side");

const kinds = { email: "mail-line", phone: "phone-line", member: "vip-crown-line", line: "line-line" };
const shown = 5; // earlier cases at first glance

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function visitorCard(desk, view) {
    const member = lazy(() => import("./member.js"), (m) => m.memberLine(desk, view));
    const orders = lazy(() => import("./orders.js"), (m) => m.ordersCard(desk, view));
    const twins = lazy(() => import("./duplicates.js"), (m) => m.duplicates(desk, view));
    const about = lazy(() => import("./history.js"), (m) => m.history(desk, view));
    const s = store({ all: false });
    return t.section(
        { className: "pd-card pd-visitor", ariaLabel: tr("person.label") },
        () => {
            const { contact: c, feedback, case: one } = view.get();
            return t.div({ rid: "head" + JSON.stringify([c, feedback?.email, one.merged_into]), className: "pd-visitor-body" }, head(desk, view, c || {}, feedback), ...(c ? known(desk, view, c) : []));
        },
        () => view.get().contact ? member() : null,
        () => twins(),
        () => {
            const { feedback, verdict } = view.get();
            return feedback ? t.div({ rid: "came" + feedback.id }, came(feedback, verdict)) : null;
        },
        () => {
            const { contact } = view.get();
            return contact && !s.all ? t.div({ rid: "cases" + JSON.stringify(contact.cases) }, earlier(desk, contact.cases || [], () => (s.all = true))) : null;
        },
        () => s.all ? about() : null,
        () => view.get().contact && desk.me.lookup ? orders() : null,
    );
}

function head(desk, view, c, feedback) {
    const name = personName(c, feedback?.email);
    return t.div(
        { className: "pd-visitor-head" },
        avatar(name),
        t.div(
            {},
            t.div({ className: "pd-visitor-name", lang: c.locale || undefined, dir: "auto" }, name),
            t.div({ className: "pd-hint" }, ...since(c)),
        ),
        c.blocked ? chip(tr("visitor.blocked"), "bad") : null,
        c.id ? menuButton({ icon: "more-2-line", title: tr("person.menu"), kind: "quiet square small", end: true, caret: false, items: () => choices(desk, view, c) }) : null,
    );
}

const choices = (desk, view, c) => [
    { label: tr("person.merge"), icon: "user-shared-line", run: () => openMerge(desk, view, { kind: "contact" }) },
    { label: tr("person.mergecase"), icon: "git-merge-line", run: () => openMerge(desk, view, { kind: "case" }) },
    null,
    { label: tr(c.blocked ? "visitor.unblock" : "visitor.block"), icon: c.blocked ? "user-follow-line" : "user-forbid-line", danger: !c.blocked, run: () => block(desk, view, c) },
];

/** Opens the dialog in which two cases, or two people, become one. */
export const openMerge = (desk, view, how) =>
    import("./merge.js").then((m) => m.mergeDialog(desk, view, how)).catch((err) => desk.host.toast.error(sentence(err)));

const known = (desk, view, c) => [
    t.ul({ className: "pd-identities" }, (c.identities || []).map((i) => identity(desk, view, i))),
    personTags(desk, view, c),
    personNote(desk, view, c),
];

/** Saves facts of the person as they were seen: somebody may have been faster. */
async function save(desk, view, c, fields) {
    try {
        await desk.api.save("contacts", { id: c.id, ...fields, seen: c.updated });
        await view.reload();
    } catch (err) {
        if (err?.status == 409) await view.reload();
        desk.host.toast.error(err?.status == 409 ? tr("person.stale") : sentence(err));
    }
}

/** What staff should know of this person, in every case of theirs. */
function personNote(desk, view, c) {
    return t.button(
        {
            type: "button",
            className: c.note ? "pd-visitor-note" : "pd-visitor-addnote",
            title: tr("visitor.note"),
            onclick: (e) =>
                editText(e.currentTarget, { label: tr("visitor.note"), value: c.note || "", max: 10000, rows: 4, save: (note) => save(desk, view, c, { note }) }),
        },
        icon("sticky-note-line"),
        t.span({}, c.note || tr("visitor.note.add")),
    );
}

function personTags(desk, view, c) {
    const tags = Array.isArray(c.tags) ? c.tags : [];
    return t.button(
        {
            type: "button",
            className: "pd-visitor-addnote",
            title: tr("person.tags"),
            onclick: (e) =>
                editText(e.currentTarget, {
                    label: tr("person.tags.help"),
                    value: tags.join(", "),
                    max: 1000,
                    save: (text) => save(desk, view, c, { tags: [...new Set(text.split(/[,，、]/).map((x) => x.trim()).filter(Boolean))] }),
                }),
        },
        icon("hashtag"),
        tags.length ? t.span({ className: "pd-person-tags" }, tags.map((tag) => t.span({ className: "pd-tag pd-person-tag" }, t.span({}, calmLine(tag))))) : t.span({}, tr("person.tags.add")),
    );
}

/** Whether staff want anything more from this person. */
async function block(desk, view, c) {
    const sure = c.blocked || (await desk.host.confirm(tr("visitor.block.sure", { name: personName(c) }), { yes: tr("visitor.block"), no: tr("action.cancel") }));
    if (sure) await save(desk, view, c, { blocked: !c.blocked });
}

function since(c) {
    // a wide colon needs no blank after it
    const said = (label, time) => [label, label.endsWith("：") ? "" : " ", time];
    const out = c.first_seen ? said(tr("visitor.first"), when(c.first_seen, brief)) : [];
    if (c.last_seen && c.last_seen != c.first_seen) out.push(" · ", ...said(tr("person.last"), when(c.last_seen)));
    if (c.locale) out.push(out.length ? " · " : "", localeName(c.locale));
    return out;
}

function identity(desk, view, i) {
    const state = trust(i.state);
    const dead = i.state == "undeliverable";
    const judge = async (to) => {
        try {
            await desk.api.judge(i.id, to);
            await view.reload();
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    return t.li(
        { className: dead ? "is-dead" : "" },
        icon(dead && i.kind == "email" ? "mail-close-line" : kinds[i.kind] || "at-line"),
        t.button(
            { type: "button", className: "pd-copy", title: tr("action.copy", { value: i.value }), onclick: () => copy(desk, i.value) },
            t.bdi({}, i.value),
        ),
        state ? chip(state.text, state.tone, state.title) : null,
        i.kind == "member" ? null : menuButton({
            icon: "more-line",
            title: tr("person.address", { value: i.value }),
            kind: "quiet square small",
            end: true,
            caret: false,
            items: () => [
                { label: tr("person.copy"), icon: "file-copy-line", run: () => copy(desk, i.value) },
                dead
                    ? { label: tr("person.alive"), icon: "refresh-line", run: () => judge("claimed") }
                    : { label: tr("person.dead"), icon: "forbid-line", danger: true, run: () => judge("undeliverable") },
            ],
        }),
        t.p({ className: "pd-raised" }, ...raised(i)),
    );
}

/** What raised or lowered the state, and when. */
function raised(i) {
    if (!i.raised_by) return [];
    const why = trOr("raised." + i.raised_by, i.raised_by);
    return i.raised_at ? [why, " · ", when(i.raised_at, brief)] : [why];
}

async function copy(desk, value) {
    try {
        await navigator.clipboard.writeText(value);
        desk.host.toast.ok(tr("action.copied"));
    } catch {
        desk.host.toast.info(value);
    }
}

/** How this case came to be. */
function came(f, verdict) {
    const rows = [
        [tr("visitor.order"), f.order_no],
        [tr("visitor.receipt"), f.receipt],
        [tr("person.via"), [f.source ? sourceName(f.source) : "", country(verdict?.country)].filter(Boolean).join(" · ")],
        [tr("visitor.page"), f.page_url && linked(f.page_url)],
        [tr("visitor.referrer"), f.referrer && linked(f.referrer)],
    ].filter(([, v]) => v);
    return rows.length ? t.dl({ className: "pd-about" }, rows.map(([k, v]) => [t.dt({}, k), t.dd({}, v)])) : null;
}

function country(code) {
    try {
        return code ? new Intl.DisplayNames([document.querySelector(".pd-page")?.lang || "en"], { type: "region" }).of(code) : "";
    } catch {
        return code;
    }
}

function earlier(desk, cases, all) {
    if (!cases.length) return t.p({ className: "pd-hint" }, tr("visitor.nocases"));
    return t.div(
        { className: "pd-earlier-cases" },
        t.h4({}, tr("visitor.cases", { n: cases.length })),
        t.ul({}, cases.slice(0, shown).map((c) => t.li({}, caseLink(desk, c)))),
        t.button({ type: "button", className: "pd-btn pd-btn-quiet pd-btn-small", onclick: all }, icon("history-line"), t.span({}, tr("person.history"))),
    );
}

/** A line that leads to a case. */
export const caseLink = (desk, c) =>
    t.a(
        {
            className: "pd-case-link",
            href: desk.link({ kind: "c", id: c.id }),
            onclick: (e) => {
                if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                e.preventDefault();
                desk.go({ kind: "c", id: c.id });
            },
        },
        t.span({ className: "pd-row-number" }, "#" + c.number),
        t.span({ className: "pd-earlier-subject", dir: "auto", title: calmLine(c.subject) }, calmLine(c.subject) || tr("case.nosubject")),
        t.span({ className: "pd-hint" }, when(c.created, brief)),
        chip(statusName(c.status), statusTone[c.status]),
    );
