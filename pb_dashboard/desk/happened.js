// Everything that happens to a case, as a sentence for its history.
import { tr, trOr, words } from "../lib/i18n.js";
import { dated } from "../lib/zone.js";
import { eventWords } from "./eventwords.js";

await words("events");

/** One event as a sentence. @param {import("./page.js").Desk} desk @param {Object} e */
export function happened(desk, e) {
    const after = e.after || {}, who = e.actor_name || tr("who.system"), by = e.actor_name ? "" : ".auto";
    if (e.kind.startsWith("sla_")) return tr(`event.${e.kind}.${after.which}`, { at: dated(after.due), name: after.name || "" });
    if (e.kind == "tracker") return tr(`event.${e.kind}${after.url ? "" : ".none"}`, { who, to: after.ref || after.url });
    if (e.kind.startsWith("escalat")) return escalated(e, after, who, by);
    if (e.kind == "assignee" && after.why) {
        const name = (id) => (id && desk.names.agent(id)) || tr("none");
        const vars = { who, to: name(after.assignee), from: name(after.for || e.before?.assignee) };
        return trOr("event.assignee." + after.why, tr("event.assignee" + by, vars), vars);
    }
    if (e.kind == "redacted") return trOr("event.redacted." + after.what, tr("event.redacted.text", { who }), { who });
    if (e.kind == "outside_note") return eventWords(desk, e, { who: after.from });
    return eventWords(desk, e, { after: after.after ?? "", title: after.title ?? "" });
}

function escalated(e, after, who, by) {
    const told = Array.isArray(after.to) ? after.to.join(tr("event.escalated.comma")) : after.name;
    const nobody = e.kind == "escalated" && !told ? ".nobody" : "";
    let what = tr(`event.${e.kind}${nobody}${by}`, { who, to: told || tr("none"), step: after.step ?? "" });
    if (after.escalation) what = tr("event.escalated.about", { what, name: after.escalation });
    return after.note ? tr("event.escalated.note", { what, note: after.note }) : what;
}
