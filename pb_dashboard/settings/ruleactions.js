// What a rule does, action by action.
import { tr, words } from "../lib/i18n.js";
import { button, select } from "../lib/dom.js";
import { people, settable } from "../desk/choices.js";
import { priorities, priorityName, statusName } from "../desk/labels.js";
import { delayControl } from "./ruledelay.js";

await words("rules", "bulk");

const kinds = ["team", "assign", "priority", "category", "status", "add_tags", "remove_tags", "notify", "answer", "note", "remind", "snooze", "escalate", "webhook", "stop"];
const once = ["answer", "category", "priority", "status", "team", "assign", "remind", "snooze", "stop"];
export const most = 20;

/** What an action begins with. */
const blank = (desk, lists, kind) => ({
    team: desk.me.teams?.[0]?.id ?? "",
    assign: "lead",
    priority: "high",
    category: desk.names.categories()[0]?.id ?? "",
    status: "open",
    add_tags: [],
    remove_tags: [],
    notify: { to: "lead", text: "" },
    answer: { template: lists.templates[0] ?? "" },
    note: { body: "" },
    remind: { after: "2d" },
    snooze: { after: "2d" },
    escalate: { id: Object.keys(lists.escalations)[0] ?? "" },
    webhook: { id: Object.keys(lists.webhooks)[0] ?? "" },
    stop: true,
}[kind]);

/**
 * @param {{desk: Object, lists: {templates: string[], webhooks: Object, escalations: Object}, rows: {do: string, value: any}[], change: (rows: Object[]) => void, typed: () => void}} o
 * change: the list has other actions now; typed: only a value changed
 */
export function actionRows(o) {
    const { desk, lists, rows, change } = o;
    const free = (kind, at) => !once.includes(kind) || !rows.some((a, i) => i != at && a.do == kind);
    const put = (at, ...actions) => change(rows.toSpliced(at, 1, ...actions));
    return t.div(
        { className: "pd-rule-acts" },
        t.ol({ className: "pd-macro-rows" }, rows.map((a, i) =>
            t.li(
                { className: "pd-macro-row", rid: `act${i}${a.do}${rows.length}` },
                select({
                    label: tr("macros.action", { n: i + 1 }),
                    value: a.do,
                    options: kinds.filter((k) => k == a.do || free(k, i)).map((k) => [k, tr("rules.do." + k)]),
                    onchange: (kind) => put(i, { do: kind, value: blank(desk, lists, kind) }),
                }),
                t.div({ className: "pd-macro-value" }, control(o, a)),
                t.div(
                    { className: "pd-macro-move" },
                    button({ icon: "arrow-up-line", title: tr("macros.up"), kind: "quiet square small", disabled: i == 0, run: () => change(rows.toSpliced(i, 1).toSpliced(i - 1, 0, a)) }),
                    button({ icon: "delete-bin-line", title: tr("macros.removerow"), kind: "quiet square small", disabled: rows.length == 1, run: () => put(i) }),
                ),
            ))),
        t.div({ className: "pd-macro-add" }, button({
            label: tr("macros.add"), icon: "add-line", kind: "small", disabled: rows.length >= most,
            run: () => {
                const kind = kinds.find((k) => free(k, -1) && !rows.some((a) => a.do == k)) || "add_tags";
                change([...rows, { do: kind, value: blank(desk, lists, kind) }]);
            },
        })),
    );
}

function control({ desk, lists, typed }, a) {
    const label = tr("rules.do." + a.do);
    const choose = (options, value, set) => {
        const known = options.some(([v]) => v === value);
        return select({ label, value, options: known ? options : [[value, value || tr("macros.choose")], ...options], onchange: (v) => (set(v), typed()) });
    };
    const whole = (options) => choose(options, a.value ?? "", (v) => (a.value = v));
    /** Whose a case becomes: the id alone, or {name: id, even: true}. */
    const holder = (name, options) => {
        const is = () => a.value?.[name] ?? a.value ?? "";
        const put = (value, even) => (a.value = even ? { [name]: value, even } : value);
        return [
            choose(options, is(), (v) => put(v, !!a.value?.even)),
            t.label({ className: "pd-check pd-rule-even" }, t.input({ type: "checkbox", checked: !!a.value?.even, onchange: (e) => (put(is(), e.target.checked), typed()) }), t.span({}, tr("rules.even." + a.do))),
        ];
    };
    const part = (name, options) => choose(options, a.value?.[name] ?? "", (v) => (a.value = { ...a.value, [name]: v }));
    const into = (name, o) => t.textarea({ className: "pd-textarea", rows: 2, ariaLabel: o.label, placeholder: o.label, maxLength: o.max, value: a.value?.[name] ?? "", oninput: (e) => ((a.value = { ...a.value, [name]: e.target.value }), typed()) });
    const colleagues = people(desk).filter((p) => p.value).map((p) => [p.value, p.value == desk.me.agent?.id ? desk.me.agent.name : p.label]);
    switch (a.do) {
        case "team":
            return holder("id", [...(desk.me.teams || []).map((x) => [x.id, x.name]), ["", tr("many.noteam")]]);
        case "assign":
            return holder("to", [["lead", tr("rules.to.lead")], ["auto", tr("rules.assign.auto")], ...colleagues, ["", tr("many.nobody")]]);
        case "status":
            return whole(settable.map((v) => [v, statusName(v)]));
        case "priority":
            return whole(priorities.map((v) => [v, priorityName(v)]));
        case "category":
            return whole([...desk.names.categories().map((c) => [c.id, desk.names.category(c.id)]), ["", tr("many.nocategory")]]);
        case "add_tags":
        case "remove_tags":
            return t.input({
                className: "pd-input", maxLength: 1000, placeholder: tr("macros.tags"), ariaLabel: tr("macros.tags"), value: [a.value].flat().join(", "),
                oninput: (e) => ((a.value = e.target.value.split(/[,、，;；\n]+/).map((x) => x.trim()).filter(Boolean)), typed()),
            });
        case "notify":
            return [
                part("to", [["lead", tr("rules.to.lead")], ["team", tr("rules.to.team")], ["assignee", tr("rules.to.assignee")], ...colleagues]),
                into("text", { label: tr("rules.notify.text"), max: 1000 }),
            ];
        case "answer":
            return [part("template", lists.templates.map((k) => [k, k])), t.p({ className: "pd-hint" }, tr("rules.answer.why"))];
        case "note":
            return into("body", { label: tr("rules.note.text"), max: 2000 });
        case "remind":
        case "snooze":
            return [
                delayControl({ label, value: a.value?.after ?? a.value, change: (after) => ((a.value = { ...(typeof a.value == "object" ? a.value : {}), after }), typed()) }),
                into("note", { label: tr("many.later.note"), max: 1000 }),
            ];
        case "escalate":
            return part("id", Object.entries(lists.escalations));
        case "webhook":
            return part("id", Object.entries(lists.webhooks));
        case "stop":
            return t.p({ className: "pd-hint" }, tr("rules.stop.why"));
    }
    return null;
}
