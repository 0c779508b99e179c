// Begins a case: for somebody who called or came in, or to whom the shop writes first.
import { byLocale, tr, trOr, words } from "../lib/i18n.js";
import { action, box, button, field, icon, select } from "../lib/dom.js";
import { dialog } from "../lib/dialog.js";
import { sentence } from "../lib/api.js";
import { localeName, priorities, priorityName } from "./labels.js";

await words("begin", "rare");

const channels = ["phone", "counter", "line", "chat", "email"];
const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** An id of its own for each dialog: pressed twice, it is one case. */
const newID = () => Array.from(crypto.getRandomValues(new Uint8Array(15)), (b) => letters[b % 36]).join("");

/** @param {import("./page.js").Desk} desk */
export function beginCase(desk) {
    const s = store({ how: "phone", error: "", known: box(null) });
    const f = form(desk, s);
    const id = newID();
    const save = async (close) => {
        s.error = "";
        const first = s.how == "first";
        try {
            const made = await desk.host.send("/api/desk/cases", {
                method: "POST",
                body: { id, first, channel: first ? "" : s.how, ...f.values(), words: first ? "" : f.words.value },
            });
            close();
            desk.recount();
            desk.list?.reload?.();
            if (!made.visible) return desk.host.toast.ok(tr("begin.elsewhere", { number: made.number }));
            desk.go({ kind: "c", id: made.id });
            desk.host.toast.ok(tr(first ? "begin.done.first" : "begin.done", { number: made.number }));
        } catch (err) {
            const [name, fault] = Object.entries(err?.response?.data || {})[0] || [];
            s.error = fault ? trOr(`begin.fault.${name}.${fault.code}`, trOr("begin.fault." + name, fault.message)) : sentence(err);
            f.focus(name);
        }
    };
    dialog({ label: tr("begin.title"), className: "pd-begin" }, (close) => [
        t.header({ className: "pd-dialog-head" }, t.h2({}, tr("begin.title")), button({ icon: "close-line", title: tr("action.close"), kind: "quiet square", run: close })),
        t.form(
            { className: "pd-begin-form", noValidate: true, onsubmit: (e) => (e.preventDefault(), save(close)), onkeydown: (e) => (e.ctrlKey || e.metaKey) && e.key == "Enter" && !e.isComposing && save(close) },
            f.parts,
        ),
        t.div({ className: () => (s.error ? "pd-begin-fault" : "") }, () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null),
        t.div(
            { className: "pd-dialog-foot" },
            button({ label: tr("action.cancel"), kind: "quiet", run: close }),
            action({ label: () => tr(s.how == "first" ? "begin.go.first" : "begin.go"), icon: "add-line", kind: "primary", hint: "Ctrl ↵", run: () => save(close) }),
        ),
    ]);
    f.name.focus();
}

function form(desk, s) {
    const input = (o = {}) => t.input({ className: "pd-input", autocomplete: "off", maxLength: 200, ...o });
    const shop = desk.me.shop || {};
    const choose = (o) => select({ ...o, onchange: (v) => (o.of[o.name] = v) });
    const chosen = { locale: shop.locale || "en", category: "", priority: "" };
    const name = input({ dir: "auto" });
    const email = input({ type: "email", maxLength: 254, onchange: () => look() });
    const phone = input({ type: "tel", maxLength: 40, onchange: () => look() });
    const subject = input({ dir: "auto", maxLength: 300 });
    const said = t.textarea({ className: "pd-textarea", rows: 5, maxLength: 10000, dir: "auto" });
    const mine = t.input({ type: "checkbox", checked: true });
    const language = choose({ of: chosen, name: "locale", value: chosen.locale, options: ["zh-TW", "zh-CN", "ja", "en"].map((l) => [l, localeName(l)]) });
    const category = choose({ of: chosen, name: "category", value: "", options: [["", tr("begin.auto")], ...desk.names.categories().filter((c) => c.enabled !== false).map((c) => [c.id, byLocale(c.labels) || c.id])] });
    const priority = choose({ of: chosen, name: "priority", value: "", options: [["", tr("begin.auto")], ...priorities.map((p) => [p, priorityName(p)])] });
    let turn = 0;
    const look = async () => {
        const at = ++turn;
        if (!email.value.trim() && !phone.value.trim()) return (s.known = box(null));
        try {
            const { contact } = await desk.host.send("/api/desk/contacts/known", { method: "POST", body: { email: email.value, phone: phone.value, locale: chosen.locale } });
            if (at != turn) return;
            s.known = box(contact);
            if (contact && !name.value) name.value = contact.name;
            if (contact?.locale) language.value = chosen.locale = contact.locale;
        } catch {
            s.known = box(null); // a hint alone; what is wrong is said when it is saved
        }
    };
    const how = t.fieldset(
        { className: "pd-begin-how" },
        t.legend({}, tr("begin.how")),
        [...channels, "first"].map((v) =>
            t.label({ className: "pd-begin-way" }, t.input({ type: "radio", name: "pd-begin-how", value: v, checked: v == s.how, onchange: () => (s.how = v) }), t.span({}, tr("begin.how." + v)))
        ),
    );
    const controls = { name, email, phone, subject, words: said };
    return {
        ...controls,
        focus: (at) => controls[at]?.focus(),
        values: () => ({ name: name.value, email: email.value, phone: phone.value, subject: subject.value, mine: mine.checked, ...chosen }),
        parts: [
            how,
            t.div(
                { className: "pd-begin-two" },
                field({ label: tr("begin.name"), control: name }),
                field({ label: tr("begin.locale"), control: language }),
                field({ label: tr("begin.email"), control: email }),
                field({ label: tr("begin.phone"), control: phone }),
            ),
            () => s.known.value ? t.p({ rid: "known" + s.known.value.id, className: "pd-begin-known", role: "status" }, icon("user-follow-line"), t.span({}, tr("begin.known", { name: s.known.value.name || email.value || phone.value, n: s.known.value.cases }))) : null,
            field({ label: tr("begin.subject"), control: subject }),
            t.div({ className: () => "pd-begin-words" + (s.how == "first" ? " is-off" : "") }, field({ label: tr("begin.words"), help: tr("begin.words.help"), control: said })),
            () => s.how == "first" ? t.p({ className: "pd-hint" }, tr("begin.first.help")) : null,
            t.div({ className: "pd-begin-two" }, field({ label: tr("begin.category"), control: category }), field({ label: tr("begin.priority"), control: priority })),
            t.label({ className: "pd-check" }, mine, t.span({}, tr("begin.mine"))),
        ],
    };
}
