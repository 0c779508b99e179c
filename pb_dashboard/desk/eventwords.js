// What changed on a case, as a sentence; what else may happen: see happened.js.
import { comma, tr, trOr } from "../lib/i18n.js";
import { dated } from "../lib/zone.js";
import { localeName, priorityName, statusName } from "./labels.js";

/** One event as a sentence. more: what its sentence has besides */
export function eventWords(desk, e, more) {
    const who = e.actor_name || tr("who.system");
    const after = e.after || {}, before = e.before || {};
    const field = e.kind.startsWith("promise") ? "promised_at" : e.kind.startsWith("follow_up") ? "follow_up_at" : e.kind;
    const to = value(desk, e.kind, after[field]), from = value(desk, e.kind, before[field]);
    const by = e.actor_name ? "" : ".auto";
    if (e.kind == "follow_up" && !(field in after)) return tr("event.follow_up.note", { who });
    if (["assignee", "team", "category", "follow_up", "promise", "summary"].includes(e.kind) && !to) {
        return trOr(`event.${e.kind}.none${by}`, tr(`event.${e.kind}.none`, { who, from }), { who, from });
    }
    if (e.kind == "assignee" && e.actor && after.assignee == e.actor) return tr("event.assignee.self", { who });
    const vars = { who, to: to || "—", from: from || tr("none"), number: after.number ?? "", ...more };
    const role = after.role ? `.${after.role}${after.contact ? ".person" : ""}` : by;
    return trOr(`event.${e.kind}${role}`, trOr("event." + e.kind, e.kind, vars), vars);
}

function value(desk, kind, v) {
    if (v === undefined || v === null || v === "") return "";
    switch (kind) {
        case "status": return statusName(v);
        case "priority": return priorityName(v);
        case "category": return desk.names.category(v);
        case "assignee": return desk.names.agent(v) || String(v);
        case "team": return desk.names.team(v) || String(v);
        case "locale": return localeName(v);
        case "follow_up":
        case "follow_up_due":
        case "promise":
        case "promise_made":
        case "promise_kept":
        case "promise_broken":
        case "promise_withdrawn": return dated(v);
    }
    return Array.isArray(v) ? v.join(comma()) : typeof v == "object" ? "" : String(v);
}
