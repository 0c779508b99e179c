// The week of a calendar: for each day its openings, with breaks between them.
import { comma, language, tr, words } from "../lib/i18n.js";
import { button, icon } from "../lib/dom.js";

await words("calendars", "settings");

export const dayKeys = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const maxSpans = 8;

export const standardWeek = () => Object.fromEntries(dayKeys.map((d, i) => [d, i < 5 ? [["09:00", "18:00"]] : []]));

/** "Monday", or "Mon". 2024-01-01 was one. */
export const dayWord = (i, style = "long") => new Intl.DateTimeFormat(language(), { weekday: style, timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + i)));

/** What is wrong with a week: "never_open", "order" or "overlap"; "" for nothing. */
export function weekFault(week) {
    if (!dayKeys.some((d) => week?.[d]?.length)) return Object.keys(week || {}).length ? "never_open" : "";
    for (const d of dayKeys) {
        const fault = spansFault(week[d] || []);
        if (fault) return fault;
    }
    return "";
}

export function spansFault(spans) {
    const sorted = spans.toSorted((a, b) => a[0].localeCompare(b[0]));
    if (spans.some((span) => span.some((x) => !/^\d\d:\d\d$/.test(x)))) return "time";
    if (spans.some(([from, to]) => from >= to)) return "order";
    return sorted.some(([from], i) => i && from < sorted[i - 1][1]) ? "overlap" : "";
}

const said = (spans) => spans.map(([from, to]) => `${from}–${to}`).join(comma());

/** "Mon–Fri 09:00–18:00 · Sat 10:00–14:00": days of equal hours together. */
export function inWords(week) {
    const all = Object.keys(week || {}).length ? week : standardWeek();
    const groups = [];
    dayKeys.forEach((d, i) => {
        const hours = said(all[d] || []), last = groups.at(-1);
        if (last?.hours == hours) last.to = i;
        else groups.push({ from: i, to: i, hours });
    });
    const days = (g) => g.from == g.to ? dayWord(g.from, "short") : dayWord(g.from, "short") + "–" + dayWord(g.to, "short");
    return groups.filter((g) => g.hours).map((g) => days(g) + " " + g.hours).join(" · ");
}

/** "9", "930", "9:30", "９：３０" as "09:30"; up to 24:00. What is no time stays as it is. */
export function asTime(text) {
    const m = /^(\d{1,2})(?:[:.]?(\d\d))?$/.exec(text.normalize("NFKC").trim());
    const h = Number(m?.[1]), min = Number(m?.[2] || 0);
    return m && min < 60 && h * 60 + min <= 1440 ? String(h).padStart(2, "0") + ":" + String(min).padStart(2, "0") : text.trim();
}

/** A time of the day by 24 hours, whatever the browser's language. */
function timeInput(value, changed, label, disabled) {
    return t.input({
        className: "pd-input pd-cal-time",
        ariaLabel: label,
        disabled,
        value,
        maxLength: 5,
        inputMode: "numeric",
        placeholder: "09:00",
        autocomplete: "off",
        oninput: (e) => changed(asTime(e.target.value)),
        onchange: (e) => (e.target.value = asTime(e.target.value)),
    });
}

/** The openings of one day. changed is told that the list is another one. */
export function spanRows({ spans, name, changed, redraw, readonly }) {
    return spans.map((span, i) =>
        t.span(
            { className: "pd-cal-span" },
            timeInput(span[0], (v) => ((span[0] = v), changed()), tr("calendars.from", { day: name }), readonly),
            t.span({ ariaHidden: true }, "–"),
            timeInput(span[1], (v) => ((span[1] = v), changed()), tr("calendars.to", { day: name }), readonly),
            readonly ? null : button({ icon: "close-line", title: tr("calendars.span.remove", { day: name, hours: said([span]) }), kind: "quiet square small", run: () => (spans.splice(i, 1), redraw()) }),
        ));
}

/** @param {{week: Object<string, string[][]>, changed: (week: Object) => void, readonly: boolean}} o */
export function weekGrid({ week, changed, readonly }) {
    if (!Object.keys(week).length) Object.assign(week, standardWeek());
    for (const d of dayKeys) week[d] ||= [];
    const s = store({ at: 0 });
    const tell = () => changed(structuredClone(week));
    const redraw = () => {
        s.at++;
        tell();
    };
    const row = (d, i) => {
        const spans = week[d], name = dayWord(i);
        const add = () => {
            const last = spans.at(-1)?.[1] || "";
            spans.push(!last ? ["09:00", "18:00"] : last < "23:00" ? [later(last), later(later(last))] : ["", ""]);
            redraw();
        };
        return t.div(
            { className: "pd-cal-day" + (spans.length ? "" : " is-closed"), role: "group", ariaLabel: name },
            t.label({ className: "pd-check" }, t.input({ type: "checkbox", checked: spans.length > 0, disabled: readonly, onchange: () => (spans.length ? (spans.length = 0) : add(), redraw()) }), t.span({}, name)),
            t.div(
                { className: "pd-cal-spans" },
                spans.length ? spanRows({ spans, name, changed: () => (warn(), tell()), redraw, readonly }) : t.span({ className: "pd-hint" }, tr("calendars.closed")),
                readonly || !spans.length || spans.length >= maxSpans ? null : button({ label: tr("calendars.span.add"), icon: "add-line", kind: "quiet small", title: tr("calendars.span.add.day", { day: name }), run: add }),
                readonly || !breakable(spans) ? null : button({ label: tr("calendars.lunch"), icon: "restaurant-line", kind: "quiet small", title: tr("calendars.lunch.day", { day: name }), run: () => (spans.splice(0, 1, [spans[0][0], "12:00"], ["13:00", spans[0][1]]), redraw()) }),
            ),
            () => (w.at, spansFault(week[d]) ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), tr("calendars.fault." + spansFault(week[d]))) : null),
        );
    };
    const w = store({ at: 0 });
    const warn = () => w.at++;
    const copy = () => {
        for (const d of dayKeys.slice(1, 5)) week[d] = structuredClone(week.mon);
        redraw();
    };
    return t.div(
        { className: "pd-cal-week" },
        () => t.div({ rid: "week " + s.at }, dayKeys.map(row)),
        readonly ? null : button({ label: tr("calendars.copy"), icon: "file-copy-line", kind: "quiet small", run: copy }),
    );
}

const breakable = (spans) => spans.length == 1 && spans[0][0] < "12:00" && spans[0][1] > "13:00";

/** The full hour behind a time. */
function later(time) {
    return asTime(String(Math.min(24, Number(time.slice(0, 2)) + 1)) + ":00");
}
