// The sums of the days on the screen, each a number with what it means.
import { language, tr, words } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";

await words("screening");

export const outcomes = ["accepted", "held", "blocked", "released"];
const icons = { accepted: "shield-check-line", held: "spam-2-line", blocked: "forbid-line", released: "door-open-line", waiting: "hourglass-line" };

/** "1,234" */
export const whole = (n) => new Intl.NumberFormat(language()).format(n || 0);
/** "12 %" of a total, or "" where there is none. */
export const share = (n, of) => of ? new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: n / of < 0.01 ? 1 : 0 }).format(n / of) : "";

/** @param {import("../desk/page.js").Desk} desk @param {Object} data the answer of GET /api/desk/screening */
export function tiles(desk, data) {
    const sum = Object.fromEntries([...outcomes, "confirmed", "marked_spam"].map((o) => [o, (data.days || []).reduce((n, d) => n + (d[o] || 0), 0)]));
    const all = sum.accepted + sum.held + sum.blocked;
    const tile = (name, n, note, to) =>
        t[to ? "a" : "div"](
            {
                className: "pd-tile is-" + name,
                href: to ? desk.link(to) : undefined,
                onclick: to ? (e) => {
                    if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                    e.preventDefault();
                    desk.go(to);
                } : undefined,
            },
            t.span({ className: "pd-tile-name" }, icon(icons[name]), tr("screening." + name)),
            t.strong({}, whole(n)),
            t.span({ className: "pd-hint" }, note),
        );
    const place = (outcome) => ({ queue: "quarantine", outcome, days: "", kind: "", id: "" });
    return t.div(
        { className: "pd-tiles" },
        tile("accepted", sum.accepted, tr("screening.accepted.why", { share: share(sum.accepted, all) || "–" })),
        tile("held", sum.held, tr("screening.held.why", { share: share(sum.held, all) || "–" })),
        tile("blocked", sum.blocked, tr("screening.blocked.why", { share: share(sum.blocked, all) || "–" }), place("blocked")),
        tile("released", sum.released, tr("screening.released.why", { confirmed: whole(sum.confirmed + sum.marked_spam) })),
        tile("waiting", data.waiting, tr("screening.waiting.why"), place("")),
    );
}
