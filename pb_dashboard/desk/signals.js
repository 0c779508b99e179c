// Why a message was let in or held: every signal with its weight.
import { tr, words } from "../lib/i18n.js";
import { percent, points } from "./score.js";
import { signalSentence } from "./signalwords.js";

await words("signalnames", "signals");

const number = (n) => (n > 0 ? "+" : "") + points(n);

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

/** From where it came; empty once the retention time is over. */
export function network(v) {
    if (!v.ip && !v.user_agent) return null;
    return t.p({ className: "pd-hint pd-network" }, [v.ip, v.country, v.user_agent].filter(Boolean).join(" · "));
}
