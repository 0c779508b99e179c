// What a rule did on a case, for the timeline.
import { tr, words } from "../lib/i18n.js";
import { deedWords } from "../settings/rulewords.js";

await words("rules");

/** @param {import("./page.js").Desk} desk @param {{after?: {did?: Object[]}}} e the event */
export function ruleDid(desk, e) {
    const did = e.after?.did || [];
    return t.div({ className: "pd-event-reason" }, did.length ? did.map((d) => deedWords(desk, d)).join(tr("rules.join.actions")) : tr("rules.replay.same"));
}
