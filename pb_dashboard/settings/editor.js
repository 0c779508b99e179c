// One template's text, checked and shown with example values as it is typed.
import { language, tr, words } from "../lib/i18n.js";
import { action, box, button, icon, select } from "../lib/dom.js";
import { fieldError, sentence } from "../lib/api.js";
import { localeName, names } from "../desk/labels.js";

await words("settings", "side");

const kinds = ["reply", "snippet", "ack", "survey", "sms", "system"];

/**
 * @param {{ctx: import("../start.js").Context, record: Object, siblings: Object[], variables: {name: string, example: string, labels: Object}[], admin: boolean, touched: (yes: boolean) => void, done: (key: string, locale: string) => Promise<void>, close: Function}} o
 */
export function templateEditor(o) {
    const { ctx, record, admin } = o;
    const v = { ...record };
    const s = store({ made: null, problem: null, checking: false, err: null });
    let timer, turn = 0, last;

    const check = async () => {
        const mine = ++turn;
        if (!v.body.trim() && !v.subject.trim()) {
            s.made = s.problem = null;
            return;
        }
        s.checking = true;
        try {
            const made = await ctx.api.check({ subject: v.subject, body: v.body, locale: v.locale });
            if (mine == turn) {
                s.made = box(made);
                s.problem = null;
            }
        } catch (err) {
            if (mine == turn) s.problem = err;
        }
        if (mine == turn) s.checking = false;
    };
    const changed = (name) => (value) => {
        v[name] = value?.target ? value.target.value : value;
        o.touched(true);
        s.err = null;
        clearTimeout(timer);
        if (["subject", "body", "locale"].includes(name)) timer = setTimeout(check, 450);
    };
    const subject = t.input({ className: "pd-input", value: v.subject, maxLength: 300, lang: v.locale, oninput: changed("subject"), onfocus: () => (last = subject), disabled: !admin });
    const body = t.textarea({ className: "pd-textarea pd-template-body", rows: 14, maxLength: 50000, value: v.body, lang: v.locale, oninput: changed("body"), onfocus: () => (last = body), disabled: !admin, spellcheck: true });
    const insert = (name) => {
        const at = last || body;
        at.setRangeText(`{{ ${name} }}`, at.selectionStart, at.selectionEnd, "end");
        at.dispatchEvent(new Event("input"));
        at.focus();
    };
    const problemOf = (name) => () => fieldError(s.err, name) || fieldError(s.problem, name);
    const save = async () => {
        try {
            await ctx.api.save("templates", v);
            ctx.host.toast.ok(tr("form.saved"));
            await o.done(v.key, v.locale);
        } catch (err) {
            s.err = err;
            if (!Object.keys(err?.response?.data || {}).length) ctx.host.toast.error(sentence(err));
        }
    };
    const remove = async () => {
        if (!(await ctx.host.confirm(tr("templates.delete"), { yes: tr("action.delete"), no: tr("action.cancel") }))) return;
        try {
            await ctx.api.remove("templates", record.id);
            await o.done("", "");
        } catch (err) {
            ctx.host.toast.error(sentence(err));
        }
    };
    check();

    return t.div(
        { className: "pd-editor" },
        t.header(
            { className: "pd-editor-head" },
            button({ icon: "arrow-left-line", title: tr("action.back"), kind: "quiet square back", run: o.close }),
            t.h2({}, record.id ? localeName(v.locale) : tr(v.key ? "templates.new.locale" : "templates.new", { locale: localeName(v.locale) })),
            record.used ? t.span({ className: "pd-hint" }, tr("templates.used", { n: record.used })) : null,
        ),
        t.div(
            { className: "pd-form-grid is-compact" },
            record.key ? null : labelled(tr("templates.key"), t.input({ className: "pd-input", value: v.key, maxLength: 60, oninput: changed("key"), placeholder: "refund_policy" }), problemOf("key"), tr("templates.key.help")),
            record.key ? null : labelled(tr("filter.locale"), select({ label: tr("filter.locale"), value: v.locale, options: ctx.me.locales.map((l) => [l, localeName(l)]), onchange: changed("locale") }), problemOf("locale")),
            labelled(tr("templates.kind"), select({ label: tr("templates.kind"), value: v.kind, disabled: !admin, options: kinds.map((k) => [k, tr("templates.kind." + k)]), onchange: changed("kind") }), problemOf("kind")),
            labelled(tr("fact.category"), select({ label: tr("fact.category"), value: v.category, disabled: !admin, options: [["", tr("none")], ...names(ctx).categories().map((c) => [c.id, names(ctx).category(c.id)])], onchange: changed("category") }), problemOf("category")),
            labelled(tr("templates.shortcut"), t.input({ className: "pd-input", value: v.shortcut, maxLength: 40, oninput: changed("shortcut"), disabled: !admin }), problemOf("shortcut")),
        ),
        labelled(tr("compose.subject"), subject, problemOf("subject")),
        t.div(
            { className: "pd-editor-panes" },
            t.div(
                {},
                labelled(tr("templates.body"), body, problemOf("body")),
                admin ? variables(o.variables, insert) : null,
            ),
            t.div({ className: "pd-editor-preview", ariaLive: "polite" }, t.h4({}, tr("templates.preview")), () => preview(s, v.locale)),
        ),
        admin ? foot({ v, record, changed, save, remove, s }) : null,
    );
}

function labelled(label, control, error, help) {
    control.id ||= "pd" + Math.random().toString(36).slice(2, 9);
    return t.div(
        { className: () => "pd-field" + (error() ? " has-error" : "") },
        t.label({ htmlFor: control.id }, label),
        control,
        () => error() ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), error()) : null,
        help ? t.p({ className: "pd-hint" }, help) : null,
    );
}

/** What may be inserted, with an example of what it gives. */
function variables(list, insert) {
    return t.details(
        { className: "pd-variables", open: true },
        t.summary({}, tr("templates.variables"), icon("arrow-down-s-line")),
        t.div(
            { className: "pd-variable-list" },
            list.map((x) =>
                t.button(
                    { type: "button", className: "pd-variable", title: `{{ ${x.name} }} → ${x.example}`, onclick: () => insert(x.name) },
                    t.span({}, x.labels?.[language()] || x.labels?.en || x.name),
                    t.code({}, x.name),
                )
            ),
        ),
    );
}

function preview(s, locale) {
    if (s.problem) {
        // what is wrong stands beside the text; here only what has no field
        const fields = Object.keys(s.problem.response?.data || {});
        return t.p({ className: "pd-hint" }, fields.length ? tr("templates.preview.wrong") : sentence(s.problem));
    }
    if (!s.made) return t.p({ className: "pd-hint" }, tr(s.checking ? "state.loading" : "templates.preview.none"));
    const m = s.made.value;
    return t.div({ lang: locale }, m.subject ? t.div({ className: "pd-msg-subject" }, m.subject) : null, t.div({ className: "pd-text" }, m.body || ""));
}

function foot({ v, record, changed, save, remove, s }) {
    return t.div(
        { className: "pd-form-foot" },
        record.id ? action({ label: tr("action.delete"), icon: "delete-bin-line", kind: "quiet danger", run: remove }) : null,
        t.label(
            { className: "pd-check" },
            t.input({ type: "checkbox", checked: v.enabled !== false, onchange: (e) => changed("enabled")(e.target.checked) }),
            t.span({}, tr("form.enabled")),
        ),
        t.span({ className: "pd-row-fill" }),
        action({ label: tr("action.save"), icon: "check-line", kind: "primary", disabled: () => !!s.problem, run: save }),
    );
}
