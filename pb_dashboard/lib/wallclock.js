// What the clock on a wall shows, the shop's or one's own, and which moment that is.
import { language } from "./i18n.js";
import { parse } from "./time.js";

/** The wall clock of a moment: {y, m, d, h, min, day} with day 0 for Sunday. */
export function wall(date, zone) {
    const parts = {};
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
    for (const p of format.formatToParts(date)) parts[p.type] = Number(p.value);
    const { year: y, month: m, day: d, hour: h, minute: min } = parts;
    return { y, m, d, h, min, day: new Date(Date.UTC(y, m - 1, d)).getUTCDay() };
}

/** The moment at which the wall clock of a zone shows this; days and months may run over. */
export function at({ y, m, d, h = 0, min = 0 }, zone) {
    const wanted = Date.UTC(y, m - 1, d, h, min);
    let t = wanted;
    for (let i = 0; i < 2; i++) { // twice, for the night in which the clock is changed
        const w = wall(new Date(t), zone);
        t += wanted - Date.UTC(w.y, w.m - 1, w.d, w.h, w.min);
    }
    return new Date(t);
}

const two = (n) => String(n).padStart(2, "0");

/** For <input type=datetime-local>, and back to ISO 8601; "" for what is no date. */
export function toLocal(value, zone) {
    const d = parse(value);
    if (!d) return "";
    const w = wall(d, zone);
    return `${w.y}-${two(w.m)}-${two(w.d)}T${two(w.h)}:${two(w.min)}`;
}
export function fromLocal(text, zone) {
    const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text || "");
    return m ? at({ y: +m[1], m: +m[2], d: +m[3], h: +m[4], min: +m[5] }, zone).toISOString() : "";
}

/** When the shop opens ("opens"), or closes, on the n-th of its open days to come; today for 0. */
export function workingDay(n, end, shop, now = new Date()) {
    const w = wall(now, shop.timezone), today = `${w.y}-${two(w.m)}-${two(w.d)}`;
    const day = (shop.open || []).filter((d) => n ? d.day > today : d.day == today)[n ? n - 1 : 0];
    return day ? new Date(day[end]) : at({ ...w, d: w.d + n, h: end == "opens" ? 9 : 18, min: 0 }, shop.timezone);
}

const short = (zone) => new Intl.DateTimeFormat(language(), { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(new Date()).find((p) => p.type == "timeZoneName")?.value || zone || "";

/** Whether this zone's clock shows another time than the browser's. */
const elsewhere = (zone) => {
    const now = new Date(), a = wall(now, zone);
    return a.h != now.getHours() || a.min != now.getMinutes() || a.d != now.getDate();
};

/** The zone's name beside a time that is meant there, where the browser's clock shows another; else "". */
export const zoneName = (zone) => elsewhere(zone) ? short(zone) : "";

/** The browser's own zone beside a time that somebody types, where the shop's clock shows another; else "". */
export const typedIn = (shop) => elsewhere(shop) ? short() : "";

/** The zone of this browser. */
export const ownZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;
