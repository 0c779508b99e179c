// Why a message was let in or held: every signal with its weight.
import { tr } from "../lib/i18n.js";
import { chip, icon } from "../lib/dom.js";
import { exact } from "../lib/time.js";
import { signalSentence } from "./labels.js";

const points = (n) => (n < 0 ? "−" : "") + Math.abs(Math.round(n * 10) / 10);
const number = (n) => (n > 0 ? "+" : "") + points(n);

/** How likely a score is to be spam, in percent: its points are the logarithm of the odds, even at 3. */
export const percent = (score) => {
    const p = 100 / (1 + Math.exp(3 - score));
    return Math.min(99, Math.max(1, Math.round(p))); // nothing is certain
};

/** Signals, heaviest first; the bar's length is its share of the heaviest. */
export function signalList(signals) {
    const all = [...(signals || [])].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
    const most = Math.max(1, ...all.map((s) => Math.abs(s.weight)));
    if (!all.length) return t.p({ className: "pd-hint" }, tr("signals.none"));
    return t.ul(
        { className: "pd-signals" },
        all.map((sig) => {
            const bar = t.span({ className: "pd-bar", ariaHidden: true }, t.span({ className: sig.weight > 0 ? "is-against" : "is-for" }));
            bar.firstChild.style.width = Math.round((Math.abs(sig.weight) / most) * 100) + "%";
            return t.li(
                {},
                t.span({ className: "pd-signal-text", title: sig.name }, signalSentence(sig), captchaHelp(sig)),
                bar,
                t.span({ className: "pd-signal-weight", title: tr(sig.weight > 0 ? "signals.against" : "signals.for") }, number(sig.weight)),
            );
        }),
    );
}

/** What an admin needs to mend a captcha that refuses everybody. */
function captchaHelp({ name, data }) {
    if (!name.startsWith("captcha_")) return null;
    const lines = [data?.detail ? tr("signal.captcha.detail", { detail: String(data.detail) }) : "", name == "captcha_invalid" ? tr("signal.captcha_invalid.keys") : ""];
    return lines.filter(Boolean).map((line) => t.span({ className: "pd-hint pd-signal-help" }, line));
}

export const scoreChip = (verdict) =>
    chip(
        tr("signals.score", { n: points(verdict.score || 0) }),
        { accepted: "ok", quarantined: "warn", blocked: "bad" }[verdict.outcome] || "plain",
        tr("signals.score.why", { percent: percent(verdict.score || 0) }),
    );

/** The score in a sentence, and what the two limits do. @param {import("./page.js").Desk} desk */
export function scoreLine(desk, verdict) {
    const s = store({ limits: null });
    desk.limits().then((l) => (s.limits = l)).catch(() => {}); // the sentence stands without them
    return t.p(
        { className: "pd-score-line" },
        t.strong({}, tr("signals.sum", { n: points(verdict.score || 0), percent: percent(verdict.score || 0) })),
        " ",
        () => s.limits ? t.span({ className: "pd-hint" }, tr("signals.limits", s.limits)) : null,
    );
}

/** The card in a case's side. @param {import("./case.js").CaseView} view */
export function signalsCard(view) {
    return t.section(
        { className: "pd-card", hidden: () => !view.get().verdict },
        () => {
            const v = view.get().verdict;
            if (!v) return null;
            return t.details(
                { rid: JSON.stringify([v.outcome, v.score, v.decided_at]), className: "pd-signals-card" },
                t.summary({}, t.h3({}, tr(v.outcome == "accepted" ? "signals.title" : "screening.signals")), scoreChip(v), icon("arrow-down-s-line")),
                v.decided_at ? t.p({ className: "pd-hint" }, tr("signals.decided", { at: exact(v.decided_at) })) : null,
                signalList(v.signals),
                network(v),
            );
        },
    );
}

/** From where it came; empty once the retention time is over. */
export function network(v) {
    if (!v.ip && !v.user_agent) return null;
    return t.p({ className: "pd-hint pd-network" }, [v.ip, v.country, v.user_agent].filter(Boolean).join(" · "));
}
