// Working time in words.
import { language, tr, words } from "../lib/i18n.js";
import { usual } from "../lib/time.js";

await words("service");

/** "4h" as "4 hr", "2d" as "2 working days"; what is no working time as it stands. */
export function workTime(amount) {
    const [, n, unit] = /^(\d{1,4})([mhd])$/.exec(amount || "") || [];
    if (!n) return amount || "";
    if (unit == "d") return tr("service.workdays", { n: +n });
    return usual(new Intl.NumberFormat(language(), { style: "unit", unit: unit == "h" ? "hour" : "minute", unitDisplay: "short" }).format(+n));
}
