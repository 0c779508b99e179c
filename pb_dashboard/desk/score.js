// How a message scored, in brief; the signals themselves are fetched when
// somebody opens the card.
import { tr, words } from "../lib/i18n.js";
import { chip, icon } from "../lib/dom.js";
import { lazy } from "../lib/lazy.js";
import { exact } from "../lib/time.js";

await words("side");

export const points = (n) => (n < 0 ? "−" : "") + Math.abs(Math.round(n * 10) / 10);

/** How likely a score is to be spam, in percent: its points are the logarithm of the odds, even at 3. */
export const percent = (score) => {
    const p = 100 / (1 + Math.exp(3 - score));
    return Math.min(99, Math.max(1, Math.round(p))); // nothing is certain
};

export const scoreChip = (verdict) =>
    chip(
        tr("signals.score", { n: points(verdict.score || 0) }),
        { accepted: "ok", quarantined: "warn", blocked: "bad" }[verdict.outcome] || "plain",
        tr("signals.score.why", { percent: percent(verdict.score || 0) }),
    );

/** The card in a case's side. @param {import("./case.js").CaseView} view */
export function signalsCard(view) {
    return t.section(
        { className: "pd-card", hidden: () => !view.get().verdict },
        () => {
            const v = view.get().verdict;
            if (!v) return null;
            const s = store({ open: false });
            const list = lazy(() => import("./signals.js"), (m) => t.div({}, m.signalList(v.signals), m.network(v)));
            return t.details(
                { rid: JSON.stringify([v.outcome, v.score, v.decided_at]), className: "pd-signals-card", ontoggle: (e) => (s.open = e.target.open) },
                t.summary({}, t.h3({}, tr(v.outcome == "accepted" ? "signals.title" : "signals.title.held")), scoreChip(v), icon("arrow-down-s-line")),
                v.decided_at ? t.p({ className: "pd-hint" }, tr("signals.decided", { at: exact(v.decided_at) })) : null,
                () => (s.open ? list() : null),
            );
        },
    );
}
