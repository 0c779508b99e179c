// One condition of a view: which field, how, and what.
import { tr, words } from "../lib/i18n.js";
import { button, select } from "../lib/dom.js";
import { fromInput, toInput } from "../lib/time.js";
import { moments, ops } from "./viewrules.js";

await words("viewform");

/** A row is made anew when this changes, and stays while one types in it. */
export const rowKey = (rule) => rule.field + rule.op + (rule.value.startsWith("@") || "");

/**
 * @param {{fields: Object, rule: import("./viewrules.js").Rule, change: (part: Object) => void, remove: () => void}} o
 */
export function ruleRow({ fields, rule, change, remove }) {
    const kind = fields[rule.field].kind;
    const other = (name) => {
        const next = fields[name], op = ops[next.kind].includes(rule.op) ? rule.op : ops[next.kind][0];
        change({ field: name, op, value: next.options ? next.options[0][0] : next.kind == "date" ? "@now" : "" });
    };
    return t.div(
        { className: "pd-rule", rid: "rule" + rowKey(rule) },
        select({ label: tr("rule.field"), value: rule.field, options: Object.entries(fields).map(([name, f]) => [name, f.label]), onchange: other }),
        select({ label: tr("rule.op"), value: rule.op, options: ops[kind].map((op) => [op, tr(`rule.op.${kind}.${op}`)]), onchange: (op) => change({ op }) }),
        valueControl(fields[rule.field], rule, (value) => change({ value })),
        button({ icon: "close-line", title: tr("rule.remove"), kind: "quiet square small", run: remove }),
    );
}

function valueControl(field, rule, change) {
    const label = tr("rule.value");
    if (field.kind == "choice") return select({ label, value: rule.value, options: field.options, onchange: change });
    if (["set", "unset", "yes", "no"].includes(rule.op)) return t.span({});
    if (field.kind == "date") return dateControl(rule, change);
    return t.input({
        className: "pd-input",
        type: field.kind == "number" ? "number" : "text",
        min: "0",
        maxLength: 200,
        ariaLabel: label,
        value: rule.value,
        oninput: (e) => {
            if (!e.isComposing) quietly(change, e.target.value);
        },
        oncompositionend: (e) => quietly(change, e.target.value),
    });
}

let timer;
/** Tells of what one types when he rests. */
function quietly(change, value) {
    clearTimeout(timer);
    timer = setTimeout(() => change(value), 400);
}

/** A date that moves with the clock, or one of the calendar. */
function dateControl(rule, change) {
    const fixed = !rule.value.startsWith("@");
    return t.span(
        { className: "pd-rule-date" },
        select({
            label: tr("rule.value"),
            value: fixed ? "date" : rule.value,
            options: [...moments.map((m) => [m, tr("rule.moment." + m.slice(1))]), ["date", tr("rule.moment.date")]],
            onchange: (v) => change(v == "date" ? new Date().toISOString().replace("T", " ") : v),
        }),
        fixed ? t.input({ type: "datetime-local", className: "pd-input", ariaLabel: tr("rule.moment.date"), value: toInput(rule.value), onchange: (e) => e.target.value && change(fromInput(e.target.value)) }) : null,
    );
}
