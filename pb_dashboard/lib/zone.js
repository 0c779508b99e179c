// Whose clock a date is told by: on the Desk that of whoever looks at it, as the
// browser has it. The shop's stands in the title where it is another: see exact().
import { language } from "./i18n.js";
import { parse, usual } from "./time.js";

/** "Tue, Nov 24, 18:00" in the Desk's language. */
export function dated(value) {
    const d = parse(value);
    return d ? usual(new Intl.DateTimeFormat(language(), { weekday: "short", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(d)) : "";
}

/** The zone of the shop. @param {import("../desk/page.js").Desk} desk */
export const shopZone = (desk) => desk.me.shop?.timezone || "UTC";
