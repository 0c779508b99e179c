// Two become one: find the other, read what would happen, say yes. It can be
// undone.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, box, button, chip, icon } from "../lib/dom.js";
import { dialog } from "../lib/dialog.js";
import { sentence } from "../lib/api.js";
import { brief, when } from "../lib/time.js";
import { calmLine } from "../lib/calm.js";
import { moment } from "../lib/time.js";
import { localeName, personName, priorityName, statusName, statusTone } from "./labels.js";

await words("merge");

/**
 * @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view
 * @param {{kind: "case"|"contact", other?: {id: string, name?: string, number?: number, subject?: string}}} how other: what to merge with, when it is known
 */
export function mergeDialog(desk, view, how) {
    const own = how.kind == "case" ? view.get().case : view.get().contact;
    // the case that is open goes into the other one; of people the one on the screen stays
    const ids = (other) => (how.kind == "case" ? { source: own.id, target: other.id } : { source: other.id, target: own.id });
    const s = store({ step: how.other ? "preview" : "find", pair: box(how.other ? ids(how.other) : null), preview: box(null), error: "", busy: false });
    let turn = 0;
    const look = async (pair) => {
        const mine = ++turn;
        s.pair = box(pair);
        s.step = "preview";
        s.preview = box(null);
        try {
            const got = await desk.api.previewMerge({ kind: how.kind, ...pair });
            if (mine != turn) return;
            s.preview = box(got);
            s.error = "";
        } catch (err) {
            if (mine == turn) s.error = refusal(err);
        }
    };
    const swap = () => look({ source: s.pair.value.target, target: s.pair.value.source });
    const title = tr("merge.title." + how.kind);
    const d = dialog({ label: title, className: "pd-merge" }, (close) => [
        t.div({ className: "pd-dialog-head" }, t.h2({}, title), button({ icon: "close-line", title: tr("action.close"), kind: "quiet square", run: close })),
        t.div(
            { className: "pd-merge-body" },
            () => s.step == "find" ? finder(desk, view, how, (other) => look(ids(other))) : null,
            () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null,
            () => s.step == "preview" && s.preview.value ? shown(desk, s.preview.value) : null,
        ),
        t.div(
            { className: "pd-dialog-foot" },
            () => s.step == "preview" ? button({ label: tr("merge.other"), icon: "search-line", kind: "quiet", run: () => ((s.step = "find"), (s.error = "")) }) : null,
            () => s.step == "preview" && s.preview.value ? button({ label: tr("merge.swap"), icon: "arrow-left-right-line", kind: "quiet", run: swap }) : null,
            t.span({ className: "pd-row-fill" }),
            button({ label: tr("action.cancel"), kind: "quiet", run: close }),
            () => s.step == "preview" && s.preview.value
                ? action({ label: tr("merge.do"), icon: "git-merge-line", kind: "primary", run: () => perform(desk, view, how.kind, s, close, look) })
                : null,
        ),
    ]);
    if (how.other) look(ids(how.other));
    return d;
}

async function perform(desk, view, kind, s, close, look) {
    const p = s.preview.value;
    try {
        const done = await desk.api.merge({ kind, source: p.source.id, target: p.target.id, seen: p.seen });
        close();
        desk.undo.offer(kind == "case" ? tr("merge.done.case", { from: p.source.number, to: p.target.number }) : tr("merge.done.contact", { name: personName(p.target) }), {
            run: () => unmerge(desk, view, done.id),
        });
        desk.recount?.();
        desk.list?.reload?.();
        if (kind == "case" && view.id == p.source.id) desk.go({ kind: "c", id: p.target.id });
        else await view.reload();
    } catch (err) {
        if (err?.status == 409) await look({ source: p.source.id, target: p.target.id });
        s.error ||= refusal(err);
    }
}

/** Takes a merge back, and says what could not be. */
export async function unmerge(desk, view, id) {
    try {
        const out = await desk.api.unmerge(id);
        desk.recount?.();
        desk.list?.reload?.();
        const open = desk.view?.id;
        if (open == out.target || open == out.source || open == view.id) await desk.view.reload();
        return out.left.length ? tr("merge.undone.but") + " " + out.left.map(left).join(" ") : tr("merge.undone");
    } catch (err) {
        throw Object.assign(new Error(refusal(err)), { status: 400, response: { message: refusal(err), data: {} } });
    }
}

/** What stays as it is after an undo, in words. */
const left = (r) => trOr("merge.left." + r.code, r.code, { n: r.data?.n, field: trOr("merge.field." + r.data?.field, r.data?.field || "") });

/** Why it isn't done, in the Desk's language. */
export const refusal = (err) => trOr("merge.no." + (err?.response?.data?.merge?.code || ""), err?.status == 404 ? tr("merge.no.gone") : sentence(err));

/** A search for the other one. */
function finder(desk, view, how, choose) {
    const s = store({ rows: box(null) });
    let timer, turn = 0;
    const own = how.kind == "case" ? view.id : view.get().contact?.id;
    const find = async (q) => {
        const mine = ++turn;
        if (!q.trim()) return (s.rows = box(null));
        try {
            const page = await desk.api.cases({ q: q.trim(), queue: "all", limit: 20 });
            if (mine == turn) s.rows = box(page.items);
        } catch (err) {
            if (mine == turn) desk.host.toast.error(sentence(err));
        }
    };
    const start = () => (how.kind == "case" ? view.get().contact?.cases || [] : []);
    const options = () => {
        const rows = s.rows.value || start();
        if (how.kind == "case") return rows.filter((r) => r.id != own && !r.merged_into);
        const people = new Map(rows.filter((r) => r.contact?.id && r.contact.id != own).map((r) => [r.contact.id, r]));
        return [...people.values()];
    };
    return t.div(
        { className: "pd-merge-find" },
        t.input({
            type: "search",
            className: "pd-input",
            placeholder: tr("merge.find." + how.kind),
            ariaLabel: tr("merge.find." + how.kind),
            maxLength: 200,
            onmount: (el) => el.focus(),
            oninput: (e) => {
                if (e.isComposing) return;
                clearTimeout(timer);
                const q = e.target.value;
                timer = setTimeout(() => find(q), 250);
            },
            oncompositionend: (e) => find(e.target.value),
        }),
        t.ul(
            { className: "pd-merge-list" },
            () => options().slice(0, 20).map((r) =>
                t.li(
                    { rid: how.kind + r.id },
                    t.button(
                        { type: "button", className: "pd-item", onclick: () => choose(how.kind == "case" ? r : { ...r.contact }) },
                        how.kind == "case" ? caseWords(r) : personWords(r),
                    ),
                )
            ),
        ),
        () => s.rows.value && !options().length ? t.p({ className: "pd-hint", role: "status" }, tr("merge.none")) : null,
    );
}

const caseWords = (r) => [
    t.span({ className: "pd-row-number" }, "#" + r.number),
    t.span({ className: "pd-item-label", dir: "auto" }, calmLine(r.subject) || tr("case.nosubject")),
    r.contact ? t.span({ className: "pd-hint" }, t.bdi({}, personName(r.contact))) : null,
    chip(statusName(r.status), statusTone[r.status]),
];

const personWords = (r) => [
    icon("user-line"),
    t.span({ className: "pd-item-label" }, t.bdi({}, personName(r.contact))),
    t.span({ className: "pd-hint", dir: "auto" }, `#${r.number} ${calmLine(r.subject)}`),
];

/** What would happen, in sentences. */
function shown(desk, p) {
    const counts = Object.entries(p.counts).map(([kind, n]) => tr("merge.count." + kind, { n }));
    return t.div(
        { rid: JSON.stringify(p), className: "pd-merge-preview" },
        t.div(
            { className: "pd-merge-pair" },
            side(p, p.source, "merge.goes"),
            icon("arrow-right-line"),
            side(p, p.target, "merge.stays"),
        ),
        t.p({}, counts.length ? tr("merge.moves", { what: counts.join(tr("merge.and")) }) : tr("merge.moves.none")),
        p.warnings.length
            ? t.ul({ className: "pd-merge-warn" }, p.warnings.map((w) => t.li({}, icon("alert-line"), t.span({}, warning(desk, w)))))
            : null,
        p.conflicts.length
            ? t.div(
                { className: "pd-merge-keeps" },
                t.h3({}, tr("merge.keeps")),
                t.table(
                    {},
                    t.tbody({}, p.conflicts.map((c) =>
                        t.tr({}, t.th({ scope: "row" }, trOr("merge.field." + c.code, c.code)), t.td({}, t.bdi({}, value(desk, c.code, c.data.kept))), t.td({}, t.s({}, t.bdi({}, value(desk, c.code, c.data.dropped)))))
                    )),
                ),
            )
            : null,
        t.p({ className: "pd-hint" }, tr("merge.after." + p.kind)),
    );
}

function side(p, x, label) {
    return t.div(
        { className: "pd-merge-side" },
        t.span({ className: "pd-hint" }, tr(label)),
        t.strong({ dir: "auto" }, p.kind == "case" ? `#${x.number} ${calmLine(x.subject)}` : t.bdi({}, personName(x))),
        t.span({ className: "pd-hint" }, p.kind == "case" ? t.bdi({}, personName(x)) : null, p.kind == "case" ? " · " : null, when(x.created, brief)),
        x.addresses.map((value) => t.span({ className: "pd-hint" }, t.bdi({}, value))),
    );
}

function warning(desk, w) {
    const d = w.data || {};
    const vars = { ...d, source: whom(d.source, d.source_at), target: whom(d.target, d.target_at), kept: d.kept ?? "", dropped: d.dropped ?? "" };
    if (w.code == "other_team") Object.assign(vars, { kept: desk.names.team(d.kept) || tr("none"), dropped: desk.names.team(d.dropped) || tr("none") });
    if (w.code == "opened") vars.status = statusName(d.status);
    if (w.code == "trust") vars.name = personName({ name: d.name });
    return trOr("merge.warn." + w.code, w.code, vars);
}

/** A name, and behind it the address: two people may bear one name. */
const whom = (name, at) => [personName({ name }), at?.length ? `(${at[0]})` : ""].filter(Boolean).join(" ");

function value(desk, field, v) {
    if (v === "" || v === null || v === undefined) return tr("none");
    switch (field) {
        case "priority": return priorityName(v);
        case "category": return desk.names.category(v);
        case "assignee": return desk.names.agent(v) || String(v);
        case "locale": return localeName(v);
        case "blocked": return tr(v ? "merge.yes" : "merge.no");
        case "follow_up_at":
        case "promised_at": return moment(v);
    }
    return calmLine(v);
}
