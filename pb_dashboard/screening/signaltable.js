// Which signs were seen, and how often staff let a message with them in after
// all: a sign that is often wrong stands out.
import { tr, words } from "../lib/i18n.js";
import { button, chip } from "../lib/dom.js";
import { signalName } from "../desk/signalwords.js";
import { share, whole } from "./tiles.js";
import { part } from "./pane.js";

await words("screening");

const shown = 12, few = 3; // so few more are not worth a button
const columns = ["count", "held", "blocked", "released"];
const stopped = (s) => s.held + s.blocked;

/**
 * @param {{name: string, count: number, held: number, blocked: number, released: number}[]} signals
 * @param {{held: number, blocked: number, released: number}[]} days of the same time
 */
export function signalTable(signals, days) {
    const sum = (f) => days.reduce((n, d) => n + (f(d) || 0), 0);
    const usual = sum((d) => d.released) / Math.max(1, sum(stopped));
    /** Half of what it helped to stop was let in, and more than of all messages: no slip. */
    const wrong = (s) => stopped(s) >= 4 && s.released / stopped(s) >= Math.max(0.5, usual * 1.2);
    const all = [...signals].sort((a, b) => b.count - a.count);
    if (!all.length) return part("signals", t.p({ className: "pd-nothing" }, tr("screening.signals.none")));
    const s = store({ all: all.length <= shown + few });
    const row = (x) =>
        t.tr(
            { rid: x.name, className: wrong(x) ? "is-wrong" : "" },
            t.th({ scope: "row", title: x.name }, signalName(x.name), wrong(x) ? [" ", chip(tr("screening.signals.wrong"), "warn", tr("screening.signals.wrong.why"), "error-warning-line")] : null),
            columns.map((c) => t.td({ className: "is-number", "html-data-name": tr("screening.column." + c) }, whole(x[c]), c == "released" && x.released && stopped(x) ? t.span({ className: "pd-hint" }, ` (${share(x.released, stopped(x))})`) : null)),
        );
    return part(
        "signals",
        t.div(
            { className: "pd-table-wrap" },
            t.table(
                { className: "pd-table is-wide" },
                t.thead({}, t.tr({}, t.th({ scope: "col" }, tr("screening.column.signal")), columns.map((c) => t.th({ scope: "col", className: "is-number", title: tr(`screening.column.${c}.why`) }, tr("screening.column." + c))))),
                t.tbody({}, () => (s.all ? all : all.slice(0, shown)).map(row)),
            ),
        ),
        () => !s.all && all.length > shown ? button({ label: tr("screening.signals.all", { n: all.length }), icon: "arrow-down-s-line", kind: "quiet small", run: () => (s.all = true) }) : null,
    );
}
