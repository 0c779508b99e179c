// Filled in by its owner.
import { words } from "../lib/i18n.js";

await words("teams", "settings");

/** @param {import("../start.js").Context} ctx */
export function screen() {
    return t.div({ className: "pd-records" });
}
