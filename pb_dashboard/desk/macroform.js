// Makes or changes a macro: its name, and its actions row by row.
import { tr, words } from "../lib/i18n.js";
import { action, box, button, field, select } from "../lib/dom.js";
import { fieldError, sentence } from "../lib/api.js";
import { localeName, priorities, priorityName, statusName } from "./labels.js";
import { inWords } from "./actionwords.js";
import { laterWords, people, settable } from "./choices.js";

await words("bulk");

const kinds = ["assign", "team", "status", "priority", "category", "add_tags", "remove_tags", "snooze", "remind", "answer", "note", "spam"];
const ownWords = " own";
const blank = { add_tags: [], remove_tags: [], snooze: { until: "tomorrow" }, remind: { until: "tomorrow" }, answer: { template: "" }, note: { body: "" }, spam: true, assign: "me", status: "open", priority: "high" };

/**
 * @param {import("./page.js").Desk|import("../start.js").Context & {names: Object}} desk
 * @param {Object} record {} for a new one
 * @param {{saved: (kept: Object|null) => void, cancel: Function}} o saved is given null when it was removed
 */
export function macroForm(desk, record, o) {
    const s = store({ name: record.name || "", shared: !!record.shared, err: null, turn: 0, templates: box([]) });
    let rows = structuredClone(record.actions?.length ? record.actions : [{ do: "assign", value: "me" }]);
    desk.api.list("templates", { filter: "enabled = true && (kind = 'reply' || kind = 'snippet' || kind = '')", sort: "key" })
        .then((list) => (s.templates = box([...new Set(list.map((x) => x.key))]))).catch(() => {});
    const mayShare = desk.me.can?.admin || desk.me.agent?.role == "supervisor" || record.shared;

    const draw = () => s.turn++;
    const save = async () => {
        const values = { name: s.name.trim(), shared: s.shared, actions: rows };
        try {
            const kept = await desk.api.save("macros", record.id ? { id: record.id, ...values } : { ...values, owner: desk.me.agent.id, isNew: true });
            desk.host.toast.ok(tr("form.saved"));
            o.saved(kept);
        } catch (err) {
            s.err = err;
            if (!Object.keys(err?.response?.data || {}).length) desk.host.toast.error(sentence(err));
        }
    };
    const remove = async () => {
        if (!(await desk.host.confirm(tr("macros.remove.sure", { name: record.name }), { yes: tr("action.delete"), no: tr("action.cancel") }))) return;
        try {
            await desk.api.remove("macros", record.id);
            o.saved(null);
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    const row = (a, i) =>
        t.li(
            { className: "pd-macro-row", rid: "row" + i + a.do + s.turn },
            select({
                label: tr("macros.action", { n: i + 1 }),
                value: a.do,
                options: kinds.map((k) => [k, tr("macros.do." + k)]),
                onchange: (v) => {
                    rows[i] = { do: v, value: structuredClone(blank[v] ?? "") };
                    draw();
                },
            }),
            t.div({ className: "pd-macro-value" }, control(desk, s, a)),
            t.div(
                { className: "pd-macro-move" },
                button({ icon: "arrow-up-line", title: tr("macros.up"), kind: "quiet square small", disabled: i == 0, run: () => (rows.splice(i - 1, 0, ...rows.splice(i, 1)), draw()) }),
                button({ icon: "delete-bin-line", title: tr("macros.removerow"), kind: "quiet square small", disabled: rows.length == 1, run: () => (rows.splice(i, 1), draw()) }),
            ),
        );
    const recent = (desk.lastActions || [])[0];
    const nameInput = t.input({ className: "pd-input", maxLength: 60, value: s.name, oninput: (e) => (s.name = e.target.value) });
    return t.form(
        {
            className: "pd-form pd-macro-form",
            noValidate: true,
            rid: "macroform" + (record.id || ""),
            onsubmit: (e) => {
                e.preventDefault();
                save();
            },
        },
        field({ label: tr("macros.name"), control: nameInput, error: () => fieldError(s.err, "name") }),
        t.div(
            { className: "pd-field is-wide" },
            t.span({ className: "pd-label" }, tr("macros.actions")),
            t.ol({ className: "pd-macro-rows" }, () => (s.turn, s.templates, rows.map(row))),
            () => fieldError(s.err, "actions") ? t.p({ className: "pd-field-error", role: "alert" }, fieldError(s.err, "actions")) : null,
            t.div(
                { className: "pd-macro-add" },
                button({ label: tr("macros.add"), icon: "add-line", kind: "small", run: () => (rows.length < 20 && rows.push({ do: "add_tags", value: [] }), draw()) }),
                !record.id && recent
                    ? button({ label: tr("macros.recent", { what: inWords(desk, recent).join(" · ") }), icon: "history-line", kind: "quiet small", run: () => ((rows = structuredClone(recent)), draw()) })
                    : null,
            ),
        ),
        t.label(
            { className: "pd-check", hidden: !mayShare },
            t.input({ type: "checkbox", checked: s.shared, onchange: (e) => (s.shared = e.target.checked) }),
            t.span({}, tr("macros.share")),
        ),
        () => fieldError(s.err, "shared") ? t.p({ className: "pd-field-error", role: "alert" }, fieldError(s.err, "shared")) : null,
        t.div(
            { className: "pd-form-foot" },
            record.id ? action({ label: tr("action.delete"), icon: "delete-bin-line", kind: "quiet danger", run: remove }) : null,
            t.span({ className: "pd-row-fill" }),
            button({ label: tr("action.cancel"), kind: "quiet", run: o.cancel }),
            action({ label: tr("action.save"), icon: "check-line", kind: "primary", run: save }),
        ),
    );
}

/** What an action needs to know. It writes into the action itself. */
function control(desk, s, a) {
    const choose = (options, get = () => a.value, set = (v) => (a.value = v)) =>
        select({ label: tr("macros.do." + a.do), value: get() ?? "", options: options.some(([v]) => v === (get() ?? "")) ? options : [[get() ?? "", get() || tr("macros.choose")], ...options], onchange: set });
    const into = (name) => [() => (typeof a.value == "object" ? a.value[name] : name == "until" ? a.value : ""), (v) => (a.value = { ...(typeof a.value == "object" ? a.value : {}), [name]: v })];
    const text = (label, value, set, max = 200) => t.input({ className: "pd-input", maxLength: max, placeholder: label, ariaLabel: label, value: value || "", oninput: (e) => set(e.target.value) });
    const who = people(desk).filter((p) => p.value != desk.me.agent?.id).map((p) => [p.value, p.label]);
    switch (a.do) {
        case "assign":
            return choose([["me", tr("macros.whoever")], ...who]);
        case "team":
            return choose([["", tr("many.noteam")], ...(desk.me.teams || []).map((x) => [x.id, x.name])]);
        case "status":
            return choose(settable.map((v) => [v, statusName(v)]));
        case "priority":
            return choose(priorities.map((v) => [v, priorityName(v)]));
        case "category":
            return choose([["", tr("many.nocategory")], ...desk.names.categories().map((c) => [c.id, desk.names.category(c.id)])]);
        case "add_tags":
        case "remove_tags":
            return text(tr("macros.tags"), [a.value].flat().join(", "), (v) => (a.value = v.split(/[,、，;；\n]+/).map((x) => x.trim()).filter(Boolean)), 1000);
        case "snooze":
        case "remind":
            return [
                choose(laterWords.map((w) => [w, tr("when." + w)]), ...into("until")),
                text(tr("many.later.note"), into("note")[0](), into("note")[1], 1000),
                choose([["", tr("many.later.whoever")], ["me", tr("macros.whoever")], ...who.filter(([v]) => v)], ...into("for")),
            ];
        case "answer":
            return [
                choose([["", tr("macros.choose")], ...s.templates.value.map((k) => [k, k]), [ownWords, tr("answer.own")]], () => (a.value.body === undefined ? a.value.template : ownWords), (v) => {
                    const { template, subject, body, ...rest } = a.value;
                    a.value = v == ownWords ? { ...rest, body: body || "", subject: subject || "" } : { ...rest, template: v };
                    s.turn++;
                }),
                a.value.body === undefined ? null : text(tr("answer.subject"), a.value.subject, into("subject")[1], 300),
                a.value.body === undefined ? null : t.textarea({ className: "pd-textarea pd-macro-words", rows: 4, maxLength: 15000, placeholder: tr("answer.body"), ariaLabel: tr("answer.body"), value: a.value.body, oninput: (e) => into("body")[1](e.target.value) }),
                choose([["", tr("answer.each")], ...(desk.me.locales || []).map((l) => [l, localeName(l)])], ...into("locale")),
                choose([["", tr("answer.asis")], ...settable.map((v) => [v, tr("answer.set", { status: statusName(v) })])], ...into("status")),
            ];
        case "note":
            return t.textarea({ className: "pd-textarea", rows: 2, maxLength: 10000, ariaLabel: tr("macros.do.note"), value: a.value?.body ?? a.value ?? "", oninput: (e) => (a.value = { body: e.target.value }) });
    }
    return null;
}
