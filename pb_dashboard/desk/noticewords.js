// What a notice says, as a sentence.
import { tr, trOr, words } from "../lib/i18n.js";

await words("later", "telling");

/** @param {import("./page.js").Desk} desk @param {Object} n a notice, with data and the one who caused it */
export function noticeWords(desk, n) {
    const d = n.data || {}, actor = n.actor_name || desk.names.agent(n.actor) || "";
    const vars = {
        who: actor || tr("who.system"), name: d.name || "", by: d.by || "", rule: d.rule || "", webhook: d.webhook || "", title: d.title || "", questions: d.questions || 0, templates: d.templates || 0,
        from: desk.names.agent(d.from) || d.from || "", which: trOr("bell.which." + d.which, ""), n: Math.max(d.count || 1, n.kind == "unassigned" ? n.count || 1 : 1),
    };
    const kind = "bell.kind." + n.kind;
    if (d.code == "more") return tr(kind + ".more", { n: n.count || 1 });
    if (n.kind == "assigned" && !actor) return tr(kind + ".auto");
    if (n.kind == "escalated" && !d.name) return tr(kind + ".hand", vars);
    if (n.kind == "rule_failed") return trOr(`${kind}.${d.code}`, tr(kind, vars), vars);
    return trOr(kind, tr("bell.kind.other"), vars);
}
