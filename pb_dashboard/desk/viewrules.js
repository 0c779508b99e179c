// The conditions of a view as rows, and as a filter in PocketBase's language.
// Both ways: what the rows write can be read back; a filter that says more stays
// a text.
import { byLocale, tr, words } from "../lib/i18n.js";
import { localeName, priorities, priorityName, statuses, statusName } from "./labels.js";

await words("side", "viewform");

/** @typedef {{field: string, op: string, value: string}} Rule */

/** What can be asked of each kind of field, the usual first. */
export const ops = {
    choice: ["is", "isnot"],
    text: ["has", "hasnot", "set", "unset"],
    tags: ["has", "hasnot"],
    date: ["before", "after", "set", "unset"],
    number: ["more", "less"],
    bool: ["yes", "no"],
};

/** Dates that move along with the clock. */
export const moments = ["@now", "@yesterday", "@tomorrow", "@todayStart", "@todayEnd", "@monthStart", "@yearStart"];

/** @param {import("./page.js").Desk} desk @returns {Object<string, {kind: string, label: string, options?: [string, string][]}>} */
export function ruleFields(desk) {
    const { me, names } = desk;
    const nobody = ["", tr("rule.nobody")];
    const choice = (label, options) => ({ kind: "choice", label, options });
    const out = {
        priority: choice(tr("fact.priority"), priorities.map((p) => [p, priorityName(p)])),
        category: choice(tr("fact.category"), [...names.categories().map((c) => [c.id, byLocale(c.labels) || c.id]), ["", tr("none")]]),
        assignee: choice(tr("fact.assignee"), [[me.agent.id, tr("fact.me", { name: me.agent.name })], ...(me.agents || []).filter((a) => a.id != me.agent.id).map((a) => [a.id, a.name]), nobody]),
        status: choice(tr("fact.status"), statuses.map((s) => [s, statusName(s)])),
        locale: choice(tr("fact.locale"), (me.locales || []).map((l) => [l, localeName(l)])),
        tags: { kind: "tags", label: tr("fact.tags") },
        subject: { kind: "text", label: tr("rule.subject") },
        "contact.name": { kind: "text", label: tr("rule.contact") },
    };
    if (me.teams?.length) out.team = choice(tr("fact.team"), [...me.teams.map((x) => [x.id, x.name]), ["", tr("none")]]);
    for (const d of ["due_at", "waiting_since", "created", "last_in_at", "promised_at", "follow_up_at", "resolved_at"]) out[d] = { kind: "date", label: tr("rule." + d) };
    out.sentiment = choice(tr("rule.sentiment"), ["negative", "neutral", "positive"].map((s) => [s, tr("rule.sentiment." + s)]));
    out.reopened = { kind: "number", label: tr("rule.reopened") };
    out["contact.member_since"] = { kind: "date", label: tr("rule.member") };
    return out;
}

const quote = (text) => '"' + text.replaceAll('"', '\\"') + '"';
const unquote = (text) => text.slice(1, -1).replaceAll('\\"', '"');
/** A percent sign would stand for anything. */
const plain = (text) => text.replaceAll("\\", "\\\\").replaceAll("%", "\\%");
const unplain = (text) => text.replaceAll("\\%", "%").replaceAll("\\\\", "\\");
const moment = (v) => (v.startsWith("@") ? v : quote(v));

/** One row as text; "" while something of it is missing. */
export function ruleText(rule, kind) {
    const { field: f, op, value: v } = rule;
    const no = op.endsWith("not");
    if (kind == "choice") return `${f} ${no ? "!=" : "="} ${quote(v)}`;
    if (op == "set") return `${f} != ""`;
    if (op == "unset") return `${f} = ""`;
    if (kind == "bool") return `${f} = ${op == "yes"}`;
    if (!v) return "";
    if (kind == "text") return `${f} ${no ? "!~" : "~"} ${quote(plain(v))}`;
    if (kind == "tags") return `${f} ${no ? "!~" : "~"} ${quote(quote(plain(v)))}`;
    if (kind == "number") return `${f} ${op == "less" ? "<" : ">"} ${Number(v) || 0}`;
    return op == "after" ? `${f} > ${moment(v)}` : `(${f} != "" && ${f} < ${moment(v)})`; // no date sorts before all
}

/** All rows as one filter. @param {"all"|"any"} match */
export function filterText(rules, match, fields) {
    return rules.map((r) => ruleText(r, fields[r.field]?.kind)).filter(Boolean).join(match == "any" ? " || " : " && ");
}

const word = String.raw`([\w.]+)`, string = String.raw`("(?:[^"\\]|\\.)*")`, date = String.raw`(@\w+|"(?:[^"\\]|\\.)*")`;
const forms = [
    [new RegExp(String.raw`^\(${word} != "" && ${word} < ${date}\)`), (m) => m[1] == m[2] && { field: m[1], op: "before", value: m[3] }, ["date"]],
    [new RegExp(`^${word} > ${date}`), (m) => ({ field: m[1], op: "after", value: m[2] }), ["date"]],
    [new RegExp(String.raw`^${word} ([<>]) (\d+)`), (m) => ({ field: m[1], op: m[2] == "<" ? "less" : "more", value: m[3] }), ["number"]],
    [new RegExp(`^${word} (!?=) ""`), (m) => ({ field: m[1], op: m[2] == "=" ? "unset" : "set", value: "" }), ["date", "text"]],
    [new RegExp(`^${word} = (true|false)`), (m) => ({ field: m[1], op: m[2] == "true" ? "yes" : "no", value: "" }), ["bool"]],
    [new RegExp(`^${word} (!?=) ${string}`), (m) => ({ field: m[1], op: m[2] == "=" ? "is" : "isnot", value: unquote(m[3]) }), ["choice"]],
    [new RegExp(`^${word} (!?~) ${string}`), (m) => ({ field: m[1], op: m[2] == "~" ? "has" : "hasnot", value: m[3] }), ["text", "tags"]],
];

/** The rows of a filter, or null when rows can't say it. @returns {{rules: Rule[], match: "all"|"any"}|null} */
export function readFilter(text, fields) {
    const rules = [];
    let rest = text.trim(), join = "";
    while (rest) {
        const hit = read(rest, fields);
        if (!hit) return null;
        rules.push(hit.rule);
        rest = rest.slice(hit.length);
        const m = /^\s*(&&|\|\|)\s*/.exec(rest);
        if (!rest.trim()) break;
        if (!m || (join && join != m[1])) return null;
        join = m[1];
        rest = rest.slice(m[0].length);
        if (!rest) return null;
    }
    return { rules, match: join == "||" ? "any" : "all" };
}

function read(text, fields) {
    for (const [form, make, kinds] of forms) {
        const m = form.exec(text), rule = m && make(m), kind = rule && fields[rule.field]?.kind;
        if (!rule || !kinds.includes(kind)) continue;
        if (kind == "date" && rule.value) rule.value = rule.value.startsWith("@") ? rule.value : unquote(rule.value);
        if (kind == "text") rule.value = unplain(unquote(rule.value));
        if (kind == "tags") {
            const inner = unquote(rule.value);
            if (!/^".*"$/.test(inner)) return null;
            rule.value = unplain(unquote(inner));
        }
        return { rule, length: m[0].length };
    }
    return null;
}
