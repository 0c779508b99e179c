// Lines across the conversation: a new day, and what is new since one looked.
import { language, tr } from "../lib/i18n.js";
import { clock, exact, parse } from "../lib/time.js";

/** The day of a moment where the reader is, as a key. */
export const dayOf = (at) => parse(at)?.toDateString() || "";

/** "Today", "yesterday", "Thursday, November 19". */
export function dayWords(at, now = clock.now) {
    const d = parse(at), today = new Date(now);
    const midnight = (x) => new Date(x.getFullYear(), x.getMonth(), x.getDate());
    const days = Math.round((midnight(d) - midnight(today)) / 86_400_000);
    if (days == 0 || days == -1) return new Intl.RelativeTimeFormat(language(), { numeric: "auto" }).format(days, "day");
    const year = d.getFullYear() == today.getFullYear() ? undefined : "numeric";
    return new Intl.DateTimeFormat(language(), { weekday: "long", month: "long", day: "numeric", year }).format(d);
}

export const dayLine = (at) => t.div({ className: "pd-line", role: "separator", title: exact(at).split(/\s\d{1,2}:/)[0] }, t.span({}, () => dayWords(at)));

export const newLine = () => t.div({ className: "pd-line pd-line-new", role: "separator" }, t.span({}, tr("talk.new")));
