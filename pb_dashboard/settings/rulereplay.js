// Tries a rule on the cases of the last days, before it does anything: how many
// it would find, what would change, and which cases.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, box, button, chip, icon, select } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { localeName, statusName, statusTone } from "../desk/labels.js";
import { format } from "../desk/route.js";
import { actWords, failedWords, skipWords } from "./rulewords.js";

await words("rules", "bulk");

const spans = ["7", "30", "90"];
const beat = 400; // ms between looks at how far it is
const page = 50;

/**
 * @param {{desk: Object, lists: Object, id?: string, draft: () => Object, stale: () => number, wrong: () => boolean, save: (more: Object) => Promise<Object|null>, enabled: boolean, saved: (kept: Object) => void}} o
 * draft: the rule as it stands in the form; stale: grows when that changes
 */
export function replayPanel(o) {
    const { desk, lists } = o;
    const s = store({ days: "90", id: "", at: box(null), error: "", shown: page, open: false, turn: -1, applied: box(null), busy: false });
    let timer, gone = false;
    const forget = () => {
        clearTimeout(timer);
        if (s.id) desk.api.endReplay(s.id).catch(() => {});
        s.id = "";
    };
    const look = async (id) => {
        if (gone || s.id != id) return;
        try {
            s.at = box(await desk.api.replayOf(id));
            if (s.id == id && !s.at.value.finished) timer = setTimeout(() => look(id), beat);
        } catch (err) {
            s.error = sentence(err);
        }
    };
    const start = async () => {
        forget();
        Object.assign(s, { at: box({ done: 0, total: 0, matched: 0 }), error: "", shown: page, turn: o.stale(), applied: box(null) });
        try {
            s.id = (await desk.api.startReplay({ rule: o.draft(), days: Number(s.days), id: o.id || "" })).id;
            if (gone) return forget();
            look(s.id);
        } catch (err) {
            s.error = sentence(err);
            s.at = box(null);
        }
    };
    const cancel = () => {
        forget();
        s.at = box(null);
    };
    const enable = async (apply) => {
        const found = s.at.value;
        if (apply && !(await desk.host.confirm(tr("rules.replay.apply.sure", { n: found.open }), { yes: tr("rules.replay.apply.yes"), no: tr("action.cancel") }))) return;
        const kept = await o.save({ enabled: true });
        if (!kept) return;
        if (!apply) return o.saved(kept);
        try {
            const made = await desk.api.applyRule(kept.id, s.id);
            desk.host.toast.ok(tr("rules.replay.applied", { n: made.done }));
            if (made.failed?.length) return (s.applied = box(made));
            o.saved(kept);
        } catch (err) {
            s.error = sentence(err);
        }
    };
    const finished = () => s.at.value?.finished;
    return t.section(
        { className: "pd-rule-replay", onunmount: () => ((gone = true), forget()) },
        t.h3({}, icon("history-line"), tr("rules.replay.title")),
        t.p({ className: "pd-hint" }, tr("rules.replay.why")),
        () => t.p({ className: "pd-hint", rid: "asof" + o.stale() }, tr("rules.replay.asof." + o.draft().event)),
        t.div(
            { className: "pd-rule-replay-acts" },
            select({ label: tr("rules.replay.days"), value: s.days, options: spans.map((d) => [d, tr("rules.replay.last", { n: d })]), onchange: (v) => (s.days = v) }),
            action({ label: tr("rules.replay.start"), icon: "play-line", disabled: () => o.wrong() || (s.at.value && !finished() && !s.error), run: start }),
            () => s.at.value && !finished() && !s.error ? button({ label: tr("action.cancel"), icon: "stop-line", kind: "quiet", run: cancel }) : null,
        ),
        () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null,
        () => s.at.value && !s.error ? progress(s) : null,
        () => finished() && !s.error ? result({ ...o, s, enable }) : null,
        () => s.applied.value ? t.ul({ className: "pd-rule-failed" }, s.applied.value.failed.map((f) => t.li({}, "#" + f.number + ": " + trOr("rules.apply." + f.code, f.message)))) : null,
    );
}

/** How far it is, while it moves and once it is done. */
function progress(s) {
    const at = () => s.at.value || {};
    const say = () => tr(at().finished ? "rules.replay.done" : "rules.replay.doing", { n: at().matched || 0, matched: whole(at().matched), done: whole(at().done), total: whole(at().total) });
    return t.div(
        { rid: "progress", className: "pd-rule-progress" },
        t.progress({ max: () => at().total || 1, value: () => at().done || 0, hidden: () => !!at().finished, ariaLabel: tr("rules.replay.title") }),
        t.p({ role: "status" }, say),
    );
}

const whole = (n) => new Intl.NumberFormat().format(n || 0);

function result({ desk, lists, s, stale, enabled, enable }) {
    const found = s.at.value, changes = found.changes || [], list = found.list || [];
    const same = changes.some((c) => c.failed) ? 0 : found.matched - found.changed - (found.alone || 0);
    const rows = () => (s.open ? list.filter((x) => x.open) : list);
    const old = () => stale() != s.turn;
    return t.div(
        { rid: "result" + s.id },
        found.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), tr(found.error == "slow" ? "rules.replay.slow" : "rules.replay.fault")) : null,
        found.changed || found.alone || changes.some((c) => c.failed) ? t.ul({ className: "pd-rule-counts" }, changes.map((c) => count(desk, lists, c))) : null,
        same > 0 ? t.p({ className: "pd-hint" }, same < found.matched ? tr("rules.replay.unchanged", { n: same }) : tr("rules.replay.nochange")) : null,
        list.length ? t.div(
            { className: "pd-rule-found" },
            t.label({ className: "pd-check" }, t.input({ type: "checkbox", checked: s.open, onchange: (e) => Object.assign(s, { open: e.target.checked, shown: page }) }), t.span({}, tr("rules.replay.open", { n: found.open }))),
            () => t.ul({ className: "pd-rule-list", rid: `list${s.open}${s.shown}` }, rows().slice(0, s.shown).map((x) => line(desk, lists, x, s.id))),
            () => rows().length > s.shown ? button({ label: tr("rules.replay.more", { n: rows().length - s.shown }), kind: "small", run: () => (s.shown += page) }) : null,
            found.cut ? t.p({ className: "pd-hint" }, tr("rules.replay.cut", { n: list.length })) : null,
        ) : null,
        () => old() ? t.p({ className: "pd-warn", role: "status" }, icon("error-warning-line"), tr("rules.replay.old")) : t.div(
            { className: "pd-form-foot" },
            t.span({ className: "pd-row-fill" }),
            enabled ? null : action({ label: tr("rules.replay.enable"), icon: "toggle-line", run: () => enable(false) }),
            found.open ? action({ label: tr(enabled ? "rules.replay.applyonly" : "rules.replay.enableapply", { n: found.open }), icon: "flashlight-line", kind: "primary", run: () => enable(true) }) : null,
        ),
    );
}

/** On how many cases an action would do something, and on how many not, and why. */
const count = (desk, lists, c) => t.li(
    {},
    tr("rules.replay.count", { n: c.count, shown: whole(c.count), what: actWords(desk, c, lists) }),
    Object.entries(c.left || {}).map(([why, n]) => t.span({ className: "pd-hint" }, " ", tr("rules.replay.left", { n, shown: whole(n), why: tr("rules.skip." + why, { who: tr("rules.skip.somebody") }) }))),
    c.failed ? t.span({ className: "pd-warn" }, " ", tr("rules.replay.failed", { n: whole(c.failed), why: failedWords(desk, c.why) })) : null,
);

function line(desk, lists, x, trial) {
    const left = (x.left || []).map((d) => tr("rules.did.skipped", { what: tr("rules.do." + d.do), why: skipWords(desk, { do: d.do, skip: d.why, was: d.was }) }));
    return t.li(
        { rid: x.case },
        t.a({ href: format({ kind: "c", id: x.case }), target: "_blank", rel: "noopener", title: tr("rules.replay.show") }, "#" + x.number, " ", t.bdi({}, x.subject || tr("case.nosubject"))),
        chip(statusName(x.status), statusTone[x.status] || "plain"),
        x.would.length ? t.span({ className: "pd-hint" }, x.would.map((a) => actWords(desk, a, lists)).join(tr("rules.join.actions"))) : null,
        left.length ? t.span({ className: "pd-hint pd-rule-left" }, icon("user-line"), left.join(tr("rules.join.actions"))) : null,
        x.locale ? letter(desk, x, trial) : null,
    );
}

/** The mail that would leave, in which language, and its words once somebody looks. */
function letter(desk, x, trial) {
    const s = store({ said: box(null), error: "" });
    const load = async () => {
        try {
            s.said = box(await desk.api.replayLetter(trial, x.case));
        } catch (err) {
            s.error = sentence(err);
        }
    };
    const words = (l) => l.failed ? t.p({ className: "pd-warn" }, failedWords(desk, "template: " + l.failed)) : l.skip ? t.p({ className: "pd-hint" }, skipWords(desk, { do: "answer", skip: l.skip })) : [
        t.p({ className: "pd-hint" }, t.bdi({}, l.to)),
        t.p({ lang: l.locale }, t.strong({}, l.subject)),
        t.p({ lang: l.locale, className: "pd-rule-letter" }, l.body),
    ];
    return t.details(
        { className: "pd-rule-mail", ontoggle: (e) => e.target.open && !s.said.value && load() },
        t.summary({}, icon("mail-line"), tr("rules.replay.letter", { locale: localeName(x.locale) })),
        () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, s.error) : s.said.value ? t.div({ rid: "mail" + x.case }, words(s.said.value)) : null,
    );
}
