// What a calendar means: by when an answer is promised, the weeks to come, and the
// public holidays of a year.
import { comma, language, tr, words } from "../lib/i18n.js";
import { box, button, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { dayWord } from "./weekgrid.js";

await words("calendars", "settings");

/**
 * Asks the server about a plan, a moment after the last change.
 * @param {() => Object} plan
 */
export function preview(ctx, plan) {
    const s = store({ answer: null, error: "", year: 0 });
    let timer, turn = 0;
    const load = async () => {
        const mine = ++turn, { timezone, country, week, days } = plan();
        try {
            const answer = await ctx.api.calendarPreview({ timezone, country, week, days: days || [], year: s.year });
            if (mine != turn) return;
            s.answer = box(answer);
            s.error = "";
        } catch (err) {
            if (mine == turn) s.error = Object.keys(err?.response?.data || {}).length ? tr("calendars.preview.wrong") : sentence(err);
        }
    };
    const ask = (wait = 350) => {
        clearTimeout(timer);
        timer = setTimeout(load, wait);
    };
    return {
        s,
        ask,
        year: (n) => {
            s.year = n;
            ask(0);
        },
        /** What begins it: an element that asks once it is on the page. */
        start: () => t.span({ hidden: true, onmount: () => ask(0), onunmount: () => clearTimeout(timer) }),
    };
}

const moment = (iso, zone) => new Intl.DateTimeFormat(language(), { timeZone: zone, weekday: "long", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(iso));

/** "If somebody writes now, we answer by Tuesday, November 24 at 18:00." */
export function answers(ctx, p) {
    return t.div({ className: "pd-cal-answers", ariaLive: "polite" }, () => {
        const a = p.s.answer?.value;
        if (p.s.error) return t.p({ className: "pd-hint" }, icon("error-warning-line"), p.s.error);
        if (!a) return skeleton(2);
        const by = (amount) => moment(a.examples.find((x) => x.amount == amount).by, a.timezone);
        const said = tr(a.now_open ? "calendars.now.open" : "calendars.now.closed", { when: "|" }).split("|");
        const rest = a.examples.filter((x) => x.amount != "answer");
        return t.div(
            { rid: JSON.stringify(a.examples) },
            t.p({ className: "pd-cal-by" }, icon(a.now_open ? "door-open-line" : "door-closed-line"), t.span({}, said[0], t.strong({}, by("answer")), said[1])),
            t.dl({ className: "pd-cal-examples" }, rest.map((x) => [t.dt({}, tr("calendars.amount." + x.amount)), t.dd({}, moment(x.by, a.timezone))])),
        );
    });
}

const utc = (s) => new Date(s + "T00:00:00Z");
const dayName = (d) => (language() == "en" ? d.english || d.name : d.name);

/** The next eight weeks, a line each. */
export function weeks(p) {
    return t.div({ className: "pd-cal-weeks" }, () => {
        const a = p.s.answer?.value;
        if (!a || p.s.error) return null;
        const lead = (utc(a.open[0].date).getUTCDay() + 6) % 7;
        const cell = (d, i) => {
            const words = new Intl.DateTimeFormat(language(), { dateStyle: "full", timeZone: "UTC" }).format(utc(d.date));
            const hours = d.spans.map((x) => x.join("–")).join(comma());
            const first = i == 0 || d.date.endsWith("-01");
            return t.li(
                { className: "pd-cal-cell" + (hours ? " is-open" : "") + (d.why ? " is-named" : ""), title: [words, hours || tr("calendars.closed"), dayName(d)].filter(Boolean).join(" · ") },
                t.span({ className: "pd-cal-date" }, new Intl.DateTimeFormat(language(), { month: first ? "short" : undefined, day: "numeric", timeZone: "UTC" }).format(utc(d.date))),
                t.span({ className: "pd-cal-hours" }, hours || tr("calendars.closed")),
                d.why ? t.span({ className: "pd-cal-name" }, dayName(d)) : null,
            );
        };
        return t.div(
            { rid: JSON.stringify(a.open) },
            t.div({ className: "pd-cal-heads", ariaHidden: true }, Array.from({ length: 7 }, (_, i) => t.span({}, dayWord(i, "short")))),
            t.ul({ className: "pd-cal-cells" }, Array.from({ length: lead }, () => t.li({ className: "pd-cal-cell is-none", ariaHidden: true })), a.open.map(cell)),
        );
    });
}

/** The public holidays of a year, with what is known. */
export function holidayList(p) {
    return t.div({ className: "pd-cal-holidays" }, () => {
        const h = p.s.answer?.value.holidays;
        if (!h) return null;
        if (!h.country) return t.p({ rid: "nowhere", className: "pd-hint" }, tr("calendars.holidays.none"));
        const f = new Intl.DateTimeFormat(language(), { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" });
        const step = (n, sign, key) => button({ icon: sign, kind: "quiet square small", title: tr(key), disabled: h.year + n < h.first || h.year + n > h.last + 1, run: () => p.year(h.year + n) });
        return t.details(
            { rid: JSON.stringify(h), open: p.s.year > 0 },
            t.summary({}, tr("calendars.holidays", { country: tr("calendars.country." + h.country), year: h.year, n: h.list.filter((d) => !d.works).length })),
            t.div({ className: "pd-cal-year" }, step(-1, "arrow-left-s-line", "calendars.year.before"), t.strong({}, String(h.year)), step(1, "arrow-right-s-line", "calendars.year.after")),
            h.list.length
                ? t.ul({}, h.list.map((d) => t.li({}, t.span({}, f.format(utc(d.date))), " ", t.span({}, dayName(d)), d.works ? t.em({}, " ", tr("calendars.works")) : null)))
                : t.p({ className: "pd-hint" }, tr("calendars.holidays.unknown", { last: h.last })),
        );
    });
}
