// What a rule can ask of what happened: the case with its visitor and what he
// sent, and of a new message its words.
import { byLocale, tr, trOr, words } from "../lib/i18n.js";
import { localeName, sourceName } from "../desk/labels.js";
import { ruleFields } from "../desk/viewrules.js";

await words("rules", "viewform", "side");

const sources = ["form", "email", "widget", "api", "phone", "import", "host"];
const channels = ["page", "email", "form", "sms", "chat", "line", "api", "widget"];
const kinds = ["status", "assignee", "category", "priority", "team", "tags", "subject", "replied", "noted", "called"];
const first = ["category", "tags", "contact.tags", "priority", "status", "assignee", "team"];

/** Where the fields of the case begin, seen from what the event is about. */
export const prefix = (event) => (event == "visitor_wrote" ? "case." : "");

/**
 * @param {import("../desk/page.js").Desk} desk
 * @param {string} event of the rule
 * @returns {Object<string, {kind: string, label: string, options?: [string, string][]}>}
 */
export function fieldsOf(desk, event) {
    const text = (label) => ({ kind: "text", label });
    const choice = (label, options) => ({ kind: "choice", label, options });
    const all = {
        ...ruleFields(desk),
        "feedback.order_no": text(tr("rules.field.order_no")),
        "feedback.source": choice(tr("rules.field.source"), sources.map((s) => [s, sourceName(s)])),
        "feedback.page_url": text(tr("rules.field.page_url")),
        "feedback.marketing_consent": { kind: "bool", label: tr("rules.field.marketing") },
        "contact.tags": { kind: "tags", label: tr("rules.field.contact_tags") },
        "contact.note": text(tr("rules.field.contact_note")),
        "contact.blocked": { kind: "bool", label: tr("rules.field.blocked") },
    };
    const out = { category: null, text: text(tr(event == "visitor_wrote" ? "rules.field.text.new" : "rules.field.text")) };
    if (event == "staff_changed") out.changed = choice(tr("rules.field.changed"), kinds.map((k) => [k, tr("rules.changed." + k)]));
    if (event == "visitor_wrote") out.tags = { kind: "tags", label: tr("rules.field.tags.new") };
    out.unanswered = { kind: "number", label: tr("rules.field.unanswered") };
    if (event == "visitor_wrote") out.channel = choice(tr("rules.field.channel"), channels.map((c) => [c, channelName(c)]));
    for (const name of [...first, ...Object.keys(all)]) if (all[name]) out[prefix(event) + name] ??= all[name];
    if (!out.category) delete out.category;
    return out;
}

const channelName = (c) => trOr("channel." + c, c);

/** The same conditions for another event, where names of the case's fields differ. */
export function carried(rules, from, to, fields) {
    const a = prefix(from), b = prefix(to), known = (name) => (fields[name] ? name : "");
    return rules.map((r) => ({ ...r, field: known(r.field) || known(b + r.field) || known(a && r.field.startsWith(a) ? r.field.slice(a.length) : "") })).filter((r) => r.field);
}

/** A value as one reads it: the team's name instead of its id. */
export const valueName = (field, value) => field?.options?.find(([v]) => v === value)?.[1] ?? byLocale(value);
