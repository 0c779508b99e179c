// Makes or changes a rule: when, under which conditions, and what it does; with
// the whole in a sentence, and a trial on past cases before it is switched on.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, box, button, field, icon, select } from "../lib/dom.js";
import { fieldError, sentence } from "../lib/api.js";
import { statuses, statusName } from "../desk/labels.js";
import { filterText, readFilter } from "../desk/viewrules.js";
import { rowKey, ruleRow } from "../desk/viewrow.js";
import { actionRows } from "./ruleactions.js";
import { delayControl } from "./ruledelay.js";
import { carried, fieldsOf } from "./rulefields.js";
import { replayPanel } from "./rulereplay.js";
import { runsPanel } from "./ruleruns.js";
import { filterFault } from "./filterfault.js";
import { ruleName, sentenceOf } from "./rulewords.js";

await words("rules", "viewform", "settings", "bulk");

const events = ["case_opened", "visitor_wrote", "staff_changed", "time_passed"];
const rest = 350; // ms until what one types is checked

/**
 * @param {{desk: Object, record: Object, lists: Object, saved: (kept: Object|null) => void, cancel: Function}} o
 * saved is given null when it was removed
 */
export function ruleForm({ desk, record, lists, saved, cancel }) {
    const admin = !!desk.me.can?.admin;
    const r = { event: "case_opened", delay: "3d", states: ["pending"], since: "", note: "", ...record, name: ruleName(record) || "" };
    if (!r.delay) r.delay = "3d";
    if (!r.states?.length) r.states = ["pending"];
    const read = readFilter(r.filter || "", fieldsOf(desk, r.event));
    const s = store({
        event: r.event, match: read?.match || "all", hand: !read, text: r.filter || "", err: null, turn: 0, explain: box(null), wrong: box(null),
        rules: box(record.id || read?.rules.length ? read?.rules || [] : []),
        actions: box(structuredClone(r.actions?.length ? r.actions : [{ do: "team", value: desk.me.teams?.[0]?.id ?? "" }])),
    });
    const fields = () => fieldsOf(desk, s.event);
    const text = () => (s.hand ? s.text.trim() : filterText(s.rules.value, s.match, fields()));
    /** The rule as it stands on the screen. */
    const draft = () => ({
        event: s.event, filter: text(), actions: s.actions.value,
        ...(s.event == "time_passed" ? { delay: r.delay, states: r.states, since: r.since || "" } : { delay: "", states: [], since: "" }),
    });

    let timer, turn = 0;
    const check = async () => {
        const mine = ++turn;
        try {
            const said = await desk.api.checkRule(draft());
            if (mine == turn) Object.assign(s, { explain: box(said.explain ?? null), wrong: box(null) });
        } catch (err) {
            if (mine == turn) s.wrong = box(err);
        }
    };
    const changed = () => {
        s.turn++;
        s.err = null;
        clearTimeout(timer);
        timer = setTimeout(check, rest);
    };
    const setRules = (rules) => {
        s.rules = box(rules);
        changed();
    };
    const setEvent = (event) => {
        s.rules = box(carried(s.rules.value, s.event, event, fieldsOf(desk, event)));
        s.event = event;
        changed();
    };
    const values = (more) => ({ name: r.name.trim(), note: r.note.trim(), ...draft(), ...more });
    const save = async (more = {}) => {
        try {
            const kept = await desk.api.save("rules", record.id ? { id: record.id, ...values(more) } : { isNew: true, ...values({ enabled: false, position: desk.lastPosition + 10, ...more }) });
            desk.host.toast.ok(tr("form.saved"));
            return kept;
        } catch (err) {
            s.err = box(err);
            if (!Object.keys(err?.response?.data || {}).length) desk.host.toast.error(sentence(err));
            return null;
        }
    };
    const remove = async () => {
        if (!(await desk.host.confirm(tr("rules.delete", { name: r.name }), { yes: tr("action.delete"), no: tr("action.cancel") }))) return;
        try {
            await desk.api.remove("rules", record.id);
            saved(null);
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    const errorOf = (name) => () => {
        const found = s.err?.value?.response?.data?.[name] || (s.turn && s.wrong.value?.response?.data?.[name]);
        return found ? name == "filter" ? filterFault(found) : trOr(`rules.error.${name}.${found.code}`, found.message) : "";
    };
    const wrongLine = (name) => () => (errorOf(name)() ? t.p({ rid: name + errorOf(name)(), className: "pd-field-error", role: "alert" }, icon("error-warning-line"), errorOf(name)()) : null);
    const part = (title, ...more) => t.section({ className: "pd-rule-part" }, t.h3({}, title), ...more);

    const name = t.input({ className: "pd-input", maxLength: 200, value: r.name, placeholder: tr("rules.name.hint"), autocomplete: "off", oninput: (e) => ((r.name = e.target.value), (s.err = null)) });
    const note = t.input({ className: "pd-input", maxLength: 1000, value: r.note, oninput: (e) => (r.note = e.target.value) });
    check();
    const el = t.form(
        { className: "pd-form pd-rule-form", noValidate: true, rid: "rule" + (record.id || "new"), onunmount: () => clearTimeout(timer), onsubmit: async (e) => (e.preventDefault(), saved((await save()) || undefined)) },
        field({ label: tr("rules.name"), control: name, error: errorOf("name") }),
        part(
            tr("rules.part.when"),
            select({ label: tr("rules.part.when"), value: s.event, options: events.map((x) => [x, tr("rules.event." + x)]), onchange: setEvent }),
            () => t.p({ className: "pd-hint", rid: s.event }, tr("rules.event.why." + s.event)),
            () => s.event == "time_passed" ? timeFields(r, changed) : null,
            () => s.event == "time_passed" ? sinceField(r, changed) : null,
            wrongLine("delay"),
            wrongLine("states"),
        ),
        part(tr("rules.part.if"), () => conditions({ s, fields, setRules, changed }), byHand({ s, fields, text, changed }), wrongLine("filter")),
        part(
            tr("rules.part.then"),
            () => (s.event, actionRows({ desk, lists, rows: s.actions.value, change: (rows) => ((s.actions = box(rows)), changed()), typed: changed })),
            wrongLine("actions"),
        ),
        t.div({ className: "pd-rule-say", ariaLive: "polite" }, icon("chat-quote-line"), t.p({}, () => (s.turn, sentenceOf(desk, draft(), lists, s.explain.value)))),
        field({ label: tr("rules.note"), control: note }),
        admin ? t.div(
            { className: "pd-form-foot" },
            record.id ? action({ label: tr("action.delete"), icon: "delete-bin-line", kind: "quiet danger", run: remove }) : t.p({ className: "pd-hint" }, tr("rules.new.off")),
            t.span({ className: "pd-row-fill" }),
            button({ label: tr("action.cancel"), kind: "quiet", run: cancel }),
            action({ label: tr("action.save"), icon: "check-line", kind: "primary", disabled: () => !!s.wrong.value, run: async () => saved((await save()) || undefined) }),
        ) : null,
        admin ? replayPanel({ desk, lists, id: record.id, draft, stale: () => s.turn, wrong: () => !!s.wrong.value, save, enabled: !!record.enabled, saved }) : null,
        record.id ? runsPanel({ desk, lists, rule: record }) : null,
    );
    return el;
}

/** How long a case waits, and in which state. */
function timeFields(r, changed) {
    const has = new Set(r.states);
    return t.div(
        { className: "pd-rule-time" },
        delayControl({ label: tr("rules.delay"), value: r.delay, change: (v) => ((r.delay = v), changed()) }),
        t.span({ className: "pd-hint" }, tr("rules.states")),
        t.div({ className: "pd-rule-states", role: "group", ariaLabel: tr("rules.states") }, statuses.map((x) =>
            t.label({ className: "pd-check" }, t.input({
                type: "checkbox", checked: has.has(x),
                onchange: (e) => {
                    has[e.target.checked ? "add" : "delete"](x);
                    r.states = statuses.filter((one) => has.has(one));
                    changed();
                },
            }), t.span({}, statusName(x))))),
    );
}

/** From when the time counts. */
function sinceField(r, changed) {
    const s = store({ since: r.since || "" });
    return t.div(
        { className: "pd-rule-since", rid: "since" },
        t.p({ className: "pd-hint", ariaHidden: true }, tr("rules.since")),
        select({ label: tr("rules.since"), value: s.since, options: [["", tr("rules.since.status")], ["nudged", tr("rules.since.nudged")]], onchange: (v) => ((r.since = s.since = v), changed()) }),
        () => s.since ? t.p({ className: "pd-hint" }, tr("rules.since.why")) : null,
    );
}

/** The conditions as rows. */
function conditions({ s, fields, setRules, changed }) {
    if (s.hand) return null;
    const known = fields(), rules = s.rules.value;
    const set = (i, part) => setRules(s.rules.value.map((x, at) => (at == i ? { ...x, ...part } : x)));
    const first = Object.keys(known)[0];
    return t.div(
        { className: "pd-rules", rid: "rows" + s.event + s.match + rules.map(rowKey) },
        rules.length > 1 ? select({ label: tr("view.match"), value: s.match, options: [["all", tr("view.match.all")], ["any", tr("view.match.any")]], onchange: (v) => ((s.match = v), changed()) }) : null,
        rules.length ? null : t.p({ className: "pd-hint" }, tr("rules.always")),
        rules.map((rule, i) => ruleRow({ fields: known, rule, change: (part) => set(i, part), remove: () => setRules(s.rules.value.filter((_, at) => at != i)) })),
        t.div({}, button({ label: tr("view.add"), icon: "add-line", kind: "small", run: () => setRules([...s.rules.value, { field: first, op: known[first].kind == "choice" ? "is" : "has", value: known[first].options?.[0]?.[0] ?? "" }]) })),
    );
}

/** The same as a text, for what rows can't say. */
function byHand({ s, fields, text, changed }) {
    const toRows = () => {
        const got = readFilter(s.text, fields());
        if (!got) return;
        Object.assign(s, { match: got.match, hand: false, rules: box(got.rules) });
        changed();
    };
    return t.details(
        { className: "pd-view-text", open: s.hand },
        t.summary({}, tr("view.text")),
        t.textarea({ className: "pd-textarea", rows: 3, maxLength: 2000, spellcheck: false, ariaLabel: tr("view.text"), value: () => (s.hand ? s.text : text()), oninput: (e) => (Object.assign(s, { text: e.target.value, hand: true }), changed()) }),
        t.p({ className: "pd-hint" }, () => tr(s.hand ? "view.text.hand" : "view.text.why")),
        () => s.hand && readFilter(s.text, fields()) ? button({ label: tr("view.text.rows"), icon: "list-settings-line", kind: "small", run: toRows }) : null,
    );
}
