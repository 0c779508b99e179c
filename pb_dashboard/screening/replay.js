// What other limits would have done with the messages of the last 90 days,
// told while one types. Admins can make them the shop's limits.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, box, button, chip, field, icon } from "../lib/dom.js";
import { fieldError, sentence } from "../lib/api.js";
import { percent } from "../desk/score.js";
import { part } from "./pane.js";
import { whole } from "./tiles.js";

await words("screening", "side");

const days = 90;
const most = 1000; // points
const again = 4000; // ms until numbers that are being counted are asked for once more

/**
 * @param {import("../desk/page.js").Desk} desk
 * @param {{quarantine: number, block: number}} limits those of the shop
 */
export function replay(desk, limits) {
    const admin = !!desk.me.can?.admin;
    const s = store({ quarantine: null, block: null, saved: box(null), answer: box(null), busy: false, error: "", err: box(null) });
    let turn = 0, timer;

    const ask = async () => {
        const mine = ++turn;
        clearTimeout(timer);
        if (wrong(s)) return;
        s.busy = true;
        try {
            const answer = await desk.api.replay({ quarantine: s.quarantine, block: s.block, days });
            if (mine != turn) return;
            s.answer = box(answer);
            s.error = "";
        } catch (err) {
            if (mine == turn) s.error = sentence(err);
        }
        if (mine != turn) return;
        s.busy = false;
        if (s.answer.value?.counting && !s.error && el.isConnected) timer = setTimeout(ask, again);
    };
    const soon = () => {
        clearTimeout(timer);
        timer = setTimeout(ask, 350);
    };
    const put = ({ quarantine, block }) => {
        Object.assign(s, { quarantine, block });
        Object.assign(inputs.quarantine, { value: quarantine });
        Object.assign(inputs.block, { value: block });
        soon();
    };
    const input = (name) => t.input({
        type: "number",
        className: "pd-input",
        step: "0.5",
        min: "0",
        max: "100",
        inputMode: "decimal",
        autocomplete: "off",
        disabled: () => s.quarantine === null,
        oninput: (e) => {
            s[name] = Number(e.target.value);
            s.err = box(null);
            soon();
        },
    });
    const inputs = { quarantine: input("quarantine"), block: input("block") };
    const changed = () => s.saved.value && (s.quarantine != s.saved.value.quarantine || s.block != s.saved.value.block);
    const save = async () => {
        const limits = { quarantine: s.quarantine, block: s.block };
        try {
            await desk.api.save("desk_settings", { id: desk.me.settings_id, thresholds: limits });
            s.saved = box(limits);
            desk.limits(true).catch(() => {});
            ask();
            desk.host.toast.ok(tr("form.saved"));
        } catch (err) {
            s.err = box(err);
            if (!fieldError(err, "thresholds")) desk.host.toast.error(sentence(err));
        }
    };
    const limit = (name) => field({ label: tr("replay." + name), control: inputs[name], error: () => s.err.value ? fieldError(s.err.value, "thresholds." + name) : "" });

    const el = part(
        "replay",
        t.div(
            { className: "pd-replay-limits" },
            limit("quarantine"),
            limit("block"),
            t.div(
                { className: "pd-replay-acts" },
                admin ? action({ label: tr("replay.save"), icon: "check-line", kind: "primary", disabled: () => !changed() || !!wrong(s), run: save }) : null,
                button({ label: tr("replay.reset"), icon: "arrow-go-back-line", kind: "quiet", disabled: () => !changed(), run: () => put(s.saved.value) }),
            ),
        ),
        () => s.quarantine === null ? null : t.p({ className: "pd-hint pd-replay-odds" }, tr("replay.odds", { quarantine: s.quarantine, percent: percent(s.quarantine), block: s.block })),
        () => {
            const text = wrong(s) || (s.err.value && fieldError(s.err.value, "thresholds")) || s.error;
            return text ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), text) : null;
        },
        t.div({ className: () => "pd-replay-result" + (s.busy ? " is-busy" : ""), ariaLive: "polite" }, () => s.answer.value && !s.error && !wrong(s) ? result(desk, s.answer.value) : null),
        admin ? null : t.p({ className: "pd-hint" }, tr("replay.adminonly")),
    );
    s.saved = box(limits);
    put(limits);
    return el;
}

const wrong = (s) => s.quarantine === null ? "" : !(s.quarantine > 0) || !(s.block > 0) ? tr("replay.positive") : s.block - s.quarantine < 0.5 ? tr("replay.order") : s.block > most ? tr("replay.most", { most }) : "";

/** now and then: what the limits of today and the tried ones make of the same messages. */
function result(desk, answer) {
    const { now = {}, then = {}, changes = {}, examples = [] } = answer;
    const changed = JSON.stringify(now.thresholds) != JSON.stringify(then.thresholds);
    const row = (name) => {
        const diff = (then[name] || 0) - (now[name] || 0);
        return t.tr(
            {},
            t.th({ scope: "row" }, tr("screening." + name)),
            t.td({ className: "is-number" }, whole(now[name])),
            t.td({ className: "is-number" }, t.strong({}, whole(then[name]))),
            t.td({ className: "is-number pd-hint" }, diff ? (diff > 0 ? "+" : "−") + whole(Math.abs(diff)) : "="),
        );
    };
    return t.div(
        { rid: JSON.stringify(answer) },
        t.table(
            { className: "pd-table" },
            t.thead({}, t.tr({}, t.th({}, t.span({ className: "pd-unseen" }, tr("replay.messages"))), t.th({ scope: "col", className: "is-number" }, tr("replay.now")), t.th({ scope: "col", className: "is-number" }, tr("replay.then")), t.th({ scope: "col", className: "is-number" }, tr("replay.difference")))),
            t.tbody({}, ["accepted", "held", "blocked"].map(row)),
        ),
        t.ul({ className: "pd-replay-says" }, sentences(changes, changed).map(([tone, text]) => t.li({ className: "is-" + tone }, icon({ bad: "error-warning-line", ok: "check-line", plain: "arrow-right-s-line" }[tone]), t.span({}, text)))),
        changed && answer.fixed ? t.p({ className: "pd-hint" }, tr("replay.fixed", { n: answer.fixed })) : null,
        changed && examples.length ? t.details(
            { className: "pd-fold-table", open: true },
            t.summary({}, icon("list-check"), tr("replay.examples", { n: examples.length }), icon("arrow-down-s-line")),
            t.ul({ className: "pd-examples" }, examples.map(example(desk))),
        ) : null,
    );
}

/** What would have changed, and what staff have said of those messages. */
function sentences(c, changed) {
    if (!changed) return [["plain", tr("replay.same")]];
    const out = [];
    for (const kind of ["hold", "block", "accept", "unblock"]) {
        if (!c["would_" + kind]) continue;
        const stricter = kind == "hold" || kind == "block";
        const people = (c[kind + "_answered"] || 0) + (c[kind + "_released"] || 0), junk = c[kind + "_confirmed"] || 0;
        out.push(["plain", tr("replay.would_" + kind, { n: c["would_" + kind] })]);
        if (people) out.push([stricter ? "bad" : "ok", tr("replay.people", { n: people })]);
        if (junk) out.push([stricter ? "ok" : "bad", tr("replay.junk", { n: junk })]);
    }
    return out.length ? out : [["ok", tr("replay.nothing")]];
}

const tones = { accepted: "ok", quarantined: "warn", held: "warn", blocked: "bad" };
const outcome = (o) => chip(tr("outcome." + o), tones[o] || "plain");

const example = (desk) => (x) => {
    const place = { kind: "c", id: x.case, queue: "all", days: "" };
    const title = [x.name ? t.strong({}, x.name, " ") : null, x.subject || tr("case.nosubject")];
    return t.li(
        {},
        x.case
            ? t.a({ className: "pd-example-what", href: desk.link(place), onclick: (e) => e.metaKey || e.ctrlKey || e.shiftKey || (e.preventDefault(), desk.go(place)) }, title)
            : t.span({ className: "pd-example-what" }, title),
        t.span(
            { className: "pd-example-how" },
            t.span({ className: "pd-hint" }, [trOr("replay.staff." + x.staff, ""), tr("signals.score", { n: Math.round(x.score * 10) / 10 })].filter(Boolean).join(" · ")),
            outcome(x.from),
            icon("arrow-right-line"),
            outcome(x.to),
        ),
    );
};
