// Texts that staff and the system send: one row a key, one text a language.
import { language, tr, words } from "../lib/i18n.js";
import { box, button, chip, empty, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { fit, withoutLiquid } from "../lib/fit.js";
import { localeName, names } from "../desk/labels.js";
import { templateEditor } from "./editor.js";

await words("desk", "settings");

const order = ["ack", "system", "survey", "reply", "snippet", "sms"];

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ phase: "loading", error: "", rows: box([]), vars: box([]), key: "", locale: "", typed: "", dirty: false });
    const admin = !!ctx.me.can?.admin;
    const load = async () => {
        try {
            const [rows, vars] = await Promise.all([ctx.api.list("templates", { sort: "key" }), ctx.api.variables().catch(() => [])]);
            s.rows = box(rows);
            s.vars = box(vars);
            s.phase = "ready";
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    const open = async (key, locale) => {
        if (s.dirty && !(await ctx.host.confirm(tr("templates.leave"), { yes: tr("templates.leave.yes"), no: tr("action.cancel") }))) return;
        s.dirty = false;
        s.key = key;
        s.locale = locale;
    };
    load();

    return t.div(
        { className: () => "pd-templates" + (s.key ? " has-open" : "") },
        t.div(
            { className: "pd-templates-list" },
            t.div(
                { className: "pd-settings-intro" },
                t.p({}, tr("templates.intro")),
                admin ? button({ label: tr("templates.add"), icon: "add-line", kind: "primary", run: () => open("new", ctx.me.shop?.locale || "en") }) : null,
            ),
            t.input({ type: "search", className: "pd-input", placeholder: tr("templates.search"), ariaLabel: tr("templates.search"), oninput: (e) => (s.typed = e.target.value) }),
            () => {
                if (s.phase == "loading") return skeleton(5);
                if (s.phase == "error") return failed(s.error, load);
                const groups = found(s.rows.value, s.typed);
                if (!groups.length) return empty("file-text-line", tr(s.typed ? "picker.nohits" : "picker.none"), s.typed ? "" : tr("templates.none.hint"));
                return groups.map((g) => group(ctx, s, g, open, admin));
            },
        ),
        t.div(
            { className: "pd-templates-editor" },
            () => {
                if (!s.key) return empty("edit-2-line", tr("templates.choose"), tr("templates.choose.hint"));
                const { rows, record } = pickRecord(s);
                return templateEditor({
                    ctx,
                    record,
                    siblings: rows,
                    variables: s.vars.value,
                    admin,
                    touched: (yes) => (s.dirty = yes),
                    close: () => open("", ""),
                    done: async (key, locale) => {
                        s.dirty = false;
                        await load();
                        s.key = key;
                        s.locale = locale;
                    },
                });
            },
        ),
    );
}

/** The row of a key and language, or a new one that starts from its siblings. */
function pickRecord(s) {
    const rows = s.rows.value.filter((r) => r.key == s.key);
    const record = rows.find((r) => r.locale == s.locale);
    if (record) return { rows, record };
    const like = rows[0] || {};
    return {
        rows,
        record: { key: s.key == "new" ? "" : s.key, locale: s.locale, kind: like.kind || "reply", category: like.category || "", shortcut: like.shortcut || "", subject: "", body: "", enabled: true },
    };
}

function found(rows, typed) {
    const groups = [...Map.groupBy(rows, (r) => r.key)].map(([key, all]) => ({ key, rows: all, kind: all[0].kind }));
    const hit = (g) => !typed || g.rows.some((r) => [r.key, r.shortcut, r.subject, r.body].some((x) => fit(typed, x)));
    return groups.filter(hit).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.key.localeCompare(b.key));
}

function group(ctx, s, g, open, admin) {
    const best = g.rows.find((r) => r.locale == language()) || g.rows[0];
    const has = (l) => g.rows.some((r) => r.locale == l);
    const locales = [...new Set([...ctx.me.locales, ...g.rows.map((r) => r.locale)])];
    return t.div(
        { rid: JSON.stringify(g), className: () => "pd-template" + (s.key == g.key ? " is-active" : "") },
        t.button(
            { type: "button", className: "pd-template-main", onclick: () => open(g.key, best.locale) },
            t.span({ className: "pd-template-name", lang: best.locale }, withoutLiquid(best.subject) || withoutLiquid(best.body).slice(0, 50)),
            t.span(
                { className: "pd-picker-meta" },
                chip(tr("templates.kind." + (g.kind || "reply")), g.kind == "ack" || g.kind == "system" ? "info" : "plain"),
                best.shortcut ? t.kbd({}, best.shortcut) : null,
                best.category ? t.span({}, names(ctx).category(best.category)) : null,
                g.rows.every((r) => r.enabled === false) ? chip(tr("form.off")) : null,
            ),
        ),
        t.div(
            { className: "pd-template-locales" },
            locales.filter((l) => has(l) || admin).map((l) =>
                t.button(
                    {
                        type: "button",
                        className: () => "pd-template-locale" + (has(l) ? "" : " is-missing") + (s.key == g.key && s.locale == l ? " is-active" : ""),
                        title: tr(has(l) ? "templates.edit" : "templates.write", { locale: localeName(l) }),
                        onclick: () => open(g.key, l),
                    },
                    has(l) ? null : icon("add-line"),
                    tr("locale.short." + l),
                )
            ),
        ),
    );
}
