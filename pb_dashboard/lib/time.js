// Times as staff say them: "3 hours ago", with the exact moment in the title.
// All in the browser's zone; the server speaks UTC. Where the shop's clock shows
// another time, the title says that, too.
import { language, tr } from "./i18n.js";

/** Ticks twice a minute, so that relative times on the screen stay true. */
export const clock = store({ now: Date.now() });
setInterval(() => (clock.now = Date.now()), 30_000);

/**
 * @param {string} value PocketBase's "2026-11-22 02:10:23.000Z" or ISO 8601
 * @returns {Date|null}
 */
export function parse(value) {
    if (!value) return null;
    const d = new Date(String(value).replace(" ", "T"));
    return isNaN(d) ? null : d;
}

const steps = [[60, "second"], [3600, "minute"], [86400, "hour"], [604800, "day"], [2629800, "week"], [31557600, "month"], [Infinity, "year"]];
const size = { second: 1, minute: 60, hour: 3600, day: 86400, week: 604800, month: 2629800, year: 31557600 };

function unitOf(seconds) {
    const [, unit] = steps.find(([limit]) => Math.abs(seconds) < limit);
    return [Math.round(seconds / size[unit]), unit];
}

/** "3 hours ago", "in 2 days". Under a minute: "just now". */
export function ago(value, now = clock.now) {
    const d = parse(value);
    if (!d) return "";
    const seconds = (d - now) / 1000;
    if (Math.abs(seconds) < 60) return tr("time.now");
    const [n, unit] = unitOf(seconds);
    return usual(new Intl.RelativeTimeFormat(language(), { numeric: "auto" }).format(n, unit));
}

/** What the browser's formats leave undone: Japanese sets no space after a number, Chinese sets the weekday in brackets. */
export const usual = (text) => (language() == "ja" ? text.replace(/(\d) /g, "$1") : text.replace(/日([週星].*?) /, "日（$1）"));

/** A length of time without direction: "3 hr", "2 days". */
export function span(from, to = clock.now) {
    const seconds = Math.max(60, Math.abs(to - from) / 1000);
    const [n, unit] = unitOf(seconds);
    return usual(new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: unit == "day" ? "long" : "short" }).format(n));
}

/** Short form for lists: "14:05" today, "Nov 20" this year, else the date. */
export function brief(value, now = clock.now) {
    const d = parse(value);
    if (!d) return "";
    const today = new Date(now);
    const opts = d.toDateString() == today.toDateString()
        ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
        : d.getFullYear() == today.getFullYear() ? { month: "short", day: "numeric" } : { dateStyle: "short" };
    return new Intl.DateTimeFormat(language(), opts).format(d);
}

/** The shop's zone, once it is known. */
export const shop = { zone: undefined };

/** What the shop's clock shows, as a line of its own; "" where it is the same. */
function there(d) {
    const at = (timeZone) => new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short", timeZone }).format(d);
    return at(shop.zone) == at() ? "" : "\n" + tr("time.shop", { at: at(shop.zone) });
}

/** The exact moment with weekday and zone, for titles. */
export function exact(value) {
    const d = parse(value);
    return d ? new Intl.DateTimeFormat(language(), { dateStyle: "full", timeStyle: "long" }).format(d) + there(d) : "";
}

/** A moment inside a sentence: "Sat, Nov 21, 13:49". */
export function moment(value) {
    const d = parse(value);
    return d ? usual(new Intl.DateTimeFormat(language(), { weekday: "short", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(d)) : "";
}

/** A reactive <time> element. */
export function when(value, form = ago) {
    return t.time({ dateTime: parse(value)?.toISOString() ?? "", title: exact(value) }, () => form(value, clock.now));
}

/**
 * Seconds that are left, counted down on the screen; done is called at the end.
 * @param {number|Date} until
 * @param {(seconds: number) => string} words
 */
export function countdown(until, words, done) {
    const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000));
    const s = store({ left: left() });
    let timer;
    return t.span(
        {
            className: "pd-countdown",
            onmount: () => {
                timer = setInterval(() => {
                    s.left = left();
                    if (s.left) return;
                    clearInterval(timer);
                    done?.();
                }, 250);
            },
            onunmount: () => clearInterval(timer),
        },
        () => words(s.left),
    );
}

/** "2:05" of 125 seconds, and back. What is no such time is 0. */
export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
export const seconds = (text) => {
    const m = /^\s*(?:(\d{1,3}):)?(\d{1,4})\s*$/.exec((text || "").normalize("NFKC"));
    return m ? Number(m[1] || 0) * 60 + Number(m[2]) : 0;
};

/** Local "YYYY-MM-DDTHH:MM" for <input type=datetime-local>. */
export function toInput(value) {
    const d = parse(value);
    if (!d) return "";
    return new Date(d - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Back from the input to what PocketBase stores. */
export function fromInput(text) {
    const d = text ? new Date(text) : null;
    return d && !isNaN(d) ? d.toISOString().replace("T", " ") : "";
}
