// A rule as a sentence: "When a case is opened and Category is “Returns”: Team:
// Warehouse." Conditions come as the server takes a filter apart, or from rows.
import { tr, trOr, words } from "../lib/i18n.js";
import { moment } from "../lib/time.js";
import { statusName } from "../desk/labels.js";
import { actionWords } from "../desk/actionwords.js";
import { filterText, readFilter } from "../desk/viewrules.js";
import { fieldsOf, valueName } from "./rulefields.js";
import { starterName } from "./starters.js";

await words("rules", "bulk", "viewform");

/**
 * @typedef {{join?: "and"|"or", parts?: Node[], left?: Operand, op?: string, right?: Operand}} Node
 * @typedef {{kind: string, value: string, field?: {name: string, type: string}}} Operand
 */

/** The name of a rule; one that the shop started with is named in the Desk's language until somebody names it. */
export const ruleName = (r) => starterName(r) || r.name;

/** Working time: "30 minutes", "4 hours", "3 working days". */
export function delayWords(text) {
    const m = /^(\d+)([mhd])$/.exec(text || "");
    return m ? tr("rules.delay." + m[2], { n: Number(m[1]) }) : text || "";
}

/** @param {Object} desk @param {{event: string, delay?: string, states?: string[]}} r */
export function whenWords(desk, r) {
    if (r.event != "time_passed") return tr("rules.say." + r.event);
    return tr(r.since == "nudged" ? "rules.say.time_passed.nudged" : "rules.say.time_passed", { delay: delayWords(r.delay) || "…", states: (r.states || []).map(statusName).join(tr("rules.join.states")) || "…" });
}

const kindOf = { relation: "choice", select: "choice", text: "text", tags: "tags", date: "date", number: "number", bool: "bool" };
const opOf = {
    choice: { "=": "is", "!=": "isnot", "~": "has", "!~": "hasnot" },
    text: { "=": "is", "!=": "isnot", "~": "has", "!~": "hasnot" },
    tags: { "~": "has", "!~": "hasnot", "=": "is", "!=": "isnot" },
    date: { "<": "before", "<=": "before", ">": "after", ">=": "after", "=": "is", "!=": "isnot" },
    number: { ">": "more", "<": "less", ">=": "atleast", "<=": "atmost", "=": "is", "!=": "isnot" },
    bool: { "=": "yes", "!=": "no" },
};

const cond = (kind, op, field, value) => tr(`rules.cond.${kind}.${op}`, { field, value });

/** One row in words. */
export function rowWords(rule, fields) {
    const f = fields[rule.field];
    if (!f) return rule.field;
    const value = f.kind == "date" ? dateWords(rule.value) : f.kind == "choice" ? valueName(f, rule.value) : rule.value;
    return cond(f.kind, rule.op, f.label, value);
}

const dateWords = (v) => (v.startsWith("@") ? trOr("rule.moment." + v.slice(1), v) : moment(v));

/** A filter that the server took apart, in words. @param {Node} node */
export function nodeWords(node, fields, inner = false) {
    if (node.join) {
        const dated = dateSet(node, fields);
        if (dated) return dated;
        const text = node.parts.map((p) => nodeWords(p, fields, true)).join(tr("rules.join." + node.join));
        return inner ? tr("rules.join.group", { text }) : text;
    }
    const { left, op, right } = node.left.field || !node.right.field ? node : turned(node);
    const f = fields[left.value], kind = f?.kind || kindOf[left.field?.type] || "text";
    const label = f?.label || left.value;
    const raw = right.value;
    if (raw === "" && kind != "choice" && (op == "=" || op == "!=")) return cond(kind == "date" || kind == "text" ? kind : "text", op == "=" ? "unset" : "set", label, "");
    let name = opOf[kind]?.[op];
    if (!name) return `${left.value} ${op} ${raw}`;
    if (kind == "bool") return cond("bool", (raw == "true") == (name == "yes") ? "yes" : "no", label, "");
    const value = kind == "date" ? dateWords(raw) : kind == "choice" ? valueName(f, raw) : kind == "tags" ? raw.replace(/^"|"$/g, "") : raw;
    return cond(kind, name, label, value);
}

/** `(due != "" && due < @now)`, as rows write it, says one thing. */
function dateSet({ join, parts }, fields) {
    const [a, b] = parts;
    const same = join == "and" && parts.length == 2 && a.left?.field?.type == "date" && a.op == "!=" && a.right.value === "" && b.left?.value == a.left.value && b.op?.[0] == "<";
    return same ? nodeWords(b, fields, true) : "";
}

const turned = ({ left, op, right }) => ({ left: right, right: left, op: { "<": ">", ">": "<", "<=": ">=", ">=": "<=" }[op] || op });

/** The conditions of a rule in words; "" for none. explain: the server's word on a filter that rows can't say. */
export function conditionWords(desk, r, explain) {
    const fields = fieldsOf(desk, r.event);
    const filter = (r.filter || "").trim();
    if (!filter) return "";
    const rows = readFilter(filter, fields);
    if (rows) return rows.rules.filter((one) => filterText([one], "all", fields)).map((one) => rowWords(one, fields)).join(tr(rows.match == "any" ? "rules.join.or" : "rules.join.and"));
    return explain ? nodeWords(explain, fields) : filter;
}

/** One action of a rule. lists: names of webhooks and escalations by id. */
export function actWords(desk, a, lists = {}) {
    const v = a.value;
    switch (a.do) {
        case "assign":
        case "team": {
            const to = v?.to ?? v?.id ?? v;
            return (to == "auto" || to == "lead" ? tr("rules.act.assign." + to) : actionWords(desk, { do: a.do, value: to })) + (v?.even ? tr("rules.act.even") : "");
        }
        case "notify":
            return tr("rules.act.notify", { who: whom(desk, v?.to ?? v) }) + (v?.text && !lists.brief ? tr("rules.act.text", { text: clip(v.text) }) : "");
        case "webhook":
            return tr("rules.act.webhook", { name: lists.webhooks?.[v?.id ?? v] || v?.id || v || "…" });
        case "escalate":
            return tr("rules.act.escalate", { name: lists.escalations?.[v?.id ?? v] || v?.id || v || "…" });
        case "answer":
            return tr("rules.act.answer", { what: v?.template ?? v ?? "…" });
        case "remind":
        case "snooze":
            return tr("rules.act." + a.do, { delay: /^\d{4}-/.test(v) ? moment(v) : delayWords(v?.after ?? v) || "…" }) + (v?.note ? tr("rules.act.text", { text: clip(v.note) }) : "");
        case "stop":
            return tr("rules.act.stop");
        case "note":
            return tr("act.note", { text: clip(v?.body ?? v?.text ?? v ?? "") });
    }
    return actionWords(desk, a);
}

const clip = (text) => (text.length > 60 ? text.slice(0, 60) + "…" : text);
const whom = (desk, to) => (["lead", "team", "assignee"].includes(to) ? tr("rules.to." + to) : desk.names.agent(to) || to || "…");

/** The whole rule as one sentence. */
export function sentenceOf(desk, r, lists, explain) {
    const when = whenWords(desk, r), conditions = conditionWords(desk, r, explain);
    const actions = (r.actions || []).map((a) => actWords(desk, a, lists)).join(tr("rules.join.actions"));
    return tr(conditions ? "rules.say.if" : "rules.say.always", { when, conditions, actions: actions || "…" });
}

/** What a rule did, and what of it was left out. @param {{do: string, value: any, skip?: string, failed?: string}} d */
export function deedWords(desk, d, lists) {
    const what = actWords(desk, d, lists);
    const why = d.failed ? failedWords(desk, d.failed) : d.skip ? skipWords(desk, d) : "";
    return why ? tr("rules.did.skipped", { what, why }) : what;
}

/** Why an action leaves a case as it is. @param {{do: string, skip: string, was?: any}} d */
export function skipWords(desk, { do: what, skip, was }) {
    if (skip == "taken") return tr("rules.skip.taken", { who: desk.names.agent(was) || tr("rules.skip.somebody") });
    const named = { team: desk.names.team, category: desk.names.category }[what]?.(was);
    return skip == "outranked" && named ? tr("rules.skip.outranked.is", { was: named }) : trOr("rules.skip." + skip, skip);
}

/** Why a rule or an action could not be used: "no_template: nudge". */
export function failedWords(desk, text) {
    const [, code, detail = ""] = /^(\w+)(?:: (.*))?$/s.exec(text || "") || [];
    const what = desk.names.agent(detail) || desk.names.team(detail) || detail;
    return code ? trOr("rules.failed." + code, text, { what }) : text;
}
