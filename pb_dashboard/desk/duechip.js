// What we owe next on a case, and by when: said in words, red and "late" once
// it is over.
import { tr } from "../lib/i18n.js";
import { chip } from "../lib/dom.js";
import { clock, exact, moment, parse, span } from "../lib/time.js";

const soon = 2 * 3600_000;
const icons = { first: "timer-line", next: "timer-line", resolve: "timer-line", promise: "shake-hands-line", follow: "alarm-line" };
const over = (row) => row.status == "resolved" || row.status == "closed";

/** Which of the dates the next one is; an answer is due only to somebody who waits. */
function kind(row) {
    const d = +parse(row.due_at);
    if (d == +parse(row.promised_at)) return "promise";
    if (d == +parse(row.follow_up_at)) return "follow";
    if (d == +parse(row.resolution_due)) return "resolve";
    return !row.first_responded_at ? "first" : row.waiting_since ? "next" : "resolve";
}

/** The chip, or null when nothing is due. */
export function dueChip(row, now = clock.now) {
    const d = parse(row.due_at);
    if (!d || over(row)) return null;
    if (row.status == "on_hold" && parse(row.follow_up_at) > now) {
        return chip(tr("row.snoozed", { at: moment(row.follow_up_at) }), "plain", row.follow_up_note || exact(row.follow_up_at), "zzz-line");
    }
    const what = kind(row), late = d < now;
    const text = tr(`row.due.${what}.${late ? "late" : "in"}`, { span: span(d, now) });
    return chip(text, late ? "bad" : d - now < soon ? "warn" : "plain", tr("row.due.why." + what, { at: exact(row.due_at) }), late ? "error-warning-line" : icons[what]);
}

/** "waiting 3 hr", or null when the visitor does not wait for us. */
export function waits(row, now = clock.now) {
    const d = parse(row.waiting_since);
    if (!d || over(row)) return null;
    return t.span({ className: "pd-row-wait", title: tr("case.waiting.why", { at: exact(d) }) }, tr("row.waits", { span: span(d, now) }));
}
