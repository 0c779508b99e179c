// Dates in the shop's time zone, whatever zone the browser is in: what staff
// plan and promise is in the time of the shop.
import { language } from "./i18n.js";
import { parse } from "./time.js";

/** "Tue, Nov 24, 18:00" in that zone, in the Desk's language. */
export function dated(value, zone) {
    const d = parse(value);
    return d ? new Intl.DateTimeFormat(language(), { timeZone: zone, weekday: "short", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(d) : "";
}

/** The zone of the shop. @param {import("../desk/page.js").Desk} desk */
export const shopZone = (desk) => desk.me.shop?.timezone || "UTC";
