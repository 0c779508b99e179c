// Single days of a calendar: closures, days with other hours, and a file of them.
import { comma, language, tr, words } from "../lib/i18n.js";
import { action, button, field, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { spanRows, spansFault } from "./weekgrid.js";

await words("calendars", "settings");

const maxDays = 2000, maxFile = 1 << 20, maxRun = 366;

const dateOf = (s) => new Date(s + "T00:00:00Z");
const plus = (s, n) => new Date(dateOf(s).getTime() + n * 86_400_000).toISOString().slice(0, 10);
const valid = (s) => /^\d{4}-\d\d-\d\d$/.test(s) && !isNaN(dateOf(s));

/** "Thu, Dec 31, 2026", or both ends of a run of days. */
function dates(from, to) {
    const f = new Intl.DateTimeFormat(language(), { weekday: "short", year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
    return from == to ? f.format(dateOf(from)) : f.formatRange(dateOf(from), dateOf(to));
}

/** Days in a row that are the same but for their date. */
function runs(days) {
    const out = [];
    for (const d of days.toSorted((a, b) => a.date.localeCompare(b.date))) {
        const last = out.at(-1), hours = (d.spans || []).map((x) => x.join("–")).join(comma());
        if (last && plus(last.to, 1) == d.date && last.name == (d.name || "") && last.hours == hours) last.to = d.date;
        else out.push({ from: d.date, to: d.date, name: d.name || "", hours });
    }
    return out;
}

/**
 * @param {{ctx: import("../start.js").Context, days: Object[], changed: (days: Object[]) => void, readonly: boolean, pending: {take: (() => boolean)|null}}} o
 * pending: its take is for whoever saves the form, see [adder]
 */
export function dayList({ ctx, days, changed, readonly, pending }) {
    const s = store({ at: 0, adding: false });
    const set = (list) => {
        days.splice(0, days.length, ...list);
        s.at++;
        changed(structuredClone(days));
    };
    const put = (list) => {
        const fresh = new Map(list.map((d) => [d.date, d]));
        set([...days.filter((d) => !fresh.has(d.date)), ...fresh.values()].sort((a, b) => a.date.localeCompare(b.date)));
    };
    const row = (r) =>
        t.li(
            { rid: r.from + r.to + r.name + r.hours, className: "pd-cal-run" + (r.to < new Date().toISOString().slice(0, 10) ? " is-over" : "") },
            icon(r.hours ? "time-line" : "door-closed-line"),
            t.span({ className: "pd-row-fill" }, t.strong({}, dates(r.from, r.to)), " ", t.span({}, r.name), " ", t.span({ className: "pd-hint" }, r.hours || tr("calendars.closed"))),
            readonly ? null : button({ icon: "delete-bin-line", kind: "quiet square small", title: tr("calendars.days.remove", { day: dates(r.from, r.to) }), run: () => set(days.filter((d) => d.date < r.from || d.date > r.to)) }),
        );
    return t.div(
        { className: "pd-cal-days" },
        () => {
            const list = (s.at, runs(days));
            return list.length ? t.ul({ rid: "runs " + s.at, className: "pd-cal-runs" }, list.map(row)) : t.p({ rid: "none", className: "pd-hint" }, tr("calendars.days.none"));
        },
        readonly ? null : () => s.adding ? adder({ put, days, pending, close: () => ((pending.take = null), (s.adding = false)) }) : t.div(
            { rid: "buttons", className: "pd-cal-buttons" },
            button({ label: tr("calendars.days.add"), icon: "add-line", kind: "small", run: () => (s.adding = true) }),
            importer(ctx, put, days),
        ),
    );
}

/**
 * A few days in a row: from, to, what for, and the hours if it is not closed. What is
 * typed goes along when the form is saved; pending.take is false where it cannot.
 */
function adder({ put, days, pending, close }) {
    let root;
    const v = { from: "", to: "", name: "", spans: [] };
    const s = store({ error: "", at: 0 });
    const input = (type, name, more) => t.input({ type, className: "pd-input", oninput: (e) => (v[name] = e.target.value), ...more });
    const save = () => {
        const from = v.from, to = v.to || v.from;
        const n = (dateOf(to) - dateOf(from)) / 86_400_000 + 1;
        s.error = root.querySelector(":invalid") || !valid(from) || !valid(to) ? tr("calendars.fault.date") : n < 1 ? tr("calendars.days.backwards") : n > maxRun ? tr("calendars.days.long") : n + days.length > maxDays ? tr("calendars.fault.many_days") : spansFault(v.spans) ? tr("calendars.fault." + spansFault(v.spans)) : "";
        if (s.error) return false;
        put(Array.from({ length: n }, (_, i) => ({ date: plus(from, i), name: v.name.trim(), spans: structuredClone(v.spans) })));
        close();
        return true;
    };
    const untouched = () => !v.from && !v.to && !v.name.trim() && !v.spans.length && !root.querySelector(":invalid");
    pending.take = () => {
        if (untouched() || save()) return true;
        (root.querySelector(":invalid") || root.querySelector("input")).focus();
        return false;
    };
    return t.div(
        { rid: "adder", className: "pd-cal-adder", onmount: (el) => ((root = el), el.querySelector("input").focus()), onkeydown: (e) => e.key == "Enter" && !e.isComposing && e.target.tagName == "INPUT" && (e.preventDefault(), save()) },
        t.div(
            { className: "pd-form-grid is-compact" },
            field({ label: tr("calendars.days.from"), control: input("date", "from") }),
            field({ label: tr("calendars.days.to"), control: input("date", "to") }),
            field({ label: tr("calendars.days.name"), control: input("text", "name", { maxLength: 100, placeholder: tr("calendars.days.name.example") }) }),
        ),
        () => t.div(
            { rid: "spans " + s.at, className: "pd-cal-spans" },
            v.spans.length ? null : t.span({ className: "pd-hint" }, tr("calendars.days.closed")),
            spanRows({ spans: v.spans, name: tr("calendars.days.these"), changed: () => {}, redraw: () => s.at++ }),
            v.spans.length < 8 ? button({ label: tr("calendars.days.hours"), icon: "time-line", kind: "quiet small", run: () => (v.spans.push(v.spans.length ? ["13:00", "18:00"] : ["09:00", "12:00"]), s.at++) }) : null,
        ),
        () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null,
        t.div({ className: "pd-form-foot" }, t.span({ className: "pd-row-fill" }), button({ label: tr("action.cancel"), kind: "quiet", run: close }), button({ label: tr("calendars.days.take"), icon: "check-line", run: save })),
    );
}

/** Reads an iCalendar file by the server and shows what was found before it is taken. */
function importer(ctx, put, days) {
    const s = store({ said: "", found: null });
    const read = async (e) => {
        const file = e.target.files[0];
        e.target.value = "";
        s.found = null;
        s.said = "";
        if (!file) return;
        if (file.size > maxFile) return (s.said = tr("calendars.ical.large"));
        try {
            s.found = structuredClone(await ctx.api.readICal(await file.text()));
        } catch (err) {
            const code = err?.response?.data?.text?.code;
            s.said = code == "no_ical" ? tr("calendars.ical.none") : err?.status == 413 ? tr("calendars.ical.large") : sentence(err);
        }
    };
    const file = t.input({ type: "file", accept: ".ics,text/calendar", hidden: true, onchange: read });
    const take = () => {
        const list = s.found.days.map((d) => ({ date: d.date, name: d.name, spans: [] }));
        if (list.length + days.length > maxDays) return (s.said = tr("calendars.fault.many_days"));
        put(list);
        s.found = null;
    };
    return t.div(
        { className: "pd-cal-import" },
        file,
        button({ label: tr("calendars.ical"), icon: "upload-2-line", kind: "quiet small", run: () => file.click() }),
        () => s.said ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.said) : null,
        () => s.found ? foundDays(s, take) : null,
    );
}

function foundDays(s, take) {
    const found = JSON.parse(JSON.stringify(s.found));
    const list = runs(found.days.map((d) => ({ ...d, spans: [] })));
    return t.div(
        { rid: "found", className: "pd-cal-adder", role: "status" },
        t.p({}, tr("calendars.ical.found", { n: found.days.length })),
        t.ul({ className: "pd-cal-runs", tabIndex: 0, ariaLabel: tr("calendars.ical") }, list.map((r) => t.li({ className: "pd-cal-run" }, icon("door-closed-line"), t.span({ className: "pd-row-fill" }, t.strong({}, dates(r.from, r.to)), " ", r.name)))),
        found.skipped.length ? t.details(
            { className: "pd-hint" },
            t.summary({}, tr("calendars.ical.skipped", { n: found.skipped.length })),
            t.ul({}, found.skipped.map((x) => t.li({}, tr("calendars.ical.line", { n: x.line }), " ", x.name, " · ", tr("calendars.ical.why." + x.why)))),
        ) : null,
        t.div(
            { className: "pd-form-foot" },
            t.span({ className: "pd-row-fill" }),
            button({ label: tr("action.cancel"), kind: "quiet", run: () => (s.found = null) }),
            found.days.length ? button({ label: tr("calendars.ical.take", { n: found.days.length }), icon: "check-line", run: take }) : null,
        ),
    );
}
