// Everything that happens to a case, as a sentence for its history.
import { tr, trOr } from "../lib/i18n.js";
import { dated } from "../lib/zone.js";
import { eventWords } from "./eventwords.js";

/** One event as a sentence. @param {import("./page.js").Desk} desk @param {Object} e */
export function happened(desk, e) {
    const after = e.after || {}, who = e.actor_name || tr("who.system"), by = e.actor_name ? "" : ".auto";
    if (e.kind.startsWith("sla_")) return tr(`event.${e.kind}.${after.which}`, { at: dated(after.due, desk.me.shop?.timezone || "UTC"), name: after.name || "" });
    if (e.kind == "tracker") return tr(`event.${e.kind}${after.url ? "" : ".none"}`, { who, to: after.ref || after.url });
    if (e.kind.startsWith("escalat")) return escalated(e, after, who, by);
    if (e.kind == "assignee" && after.why) {
        const name = (id) => (id && desk.names.agent(id)) || tr("none");
        const vars = { who, to: name(after.assignee), from: name(after.for || e.before?.assignee) };
        return trOr("event.assignee." + after.why, tr("event.assignee" + by, vars), vars);
    }
    return eventWords(desk, e, { after: after.after ?? "", title: after.title ?? "" });
}

function escalated(e, after, who, by) {
    const told = Array.isArray(after.to) ? after.to.join(", ") : after.name;
    return [tr(`event.${e.kind}${by}`, { who, to: told || tr("none") }), after.escalation && `(${after.escalation})`, after.note].filter(Boolean).join(" ");
}
