// Macros: several actions under one name, one's own and those that all share.
import { tr, words } from "../lib/i18n.js";
import { box, button, chip, empty, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { names } from "../desk/labels.js";
import { inWords } from "../desk/actionwords.js";
import { macroForm } from "../desk/macroform.js";

await words("bulk");

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const desk = { ...ctx, me: ctx.me, names: names(ctx) };
    const s = store({ phase: "loading", error: "", rows: box([]), open: "" });
    const load = async () => {
        try {
            s.rows = box(await ctx.api.list("macros", { sort: "-shared,position,name" }));
            s.phase = "ready";
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    const form = (record) =>
        macroForm(desk, record, {
            saved: () => {
                s.open = "";
                load();
            },
            cancel: () => (s.open = ""),
        });
    const mine = (m) => m.owner == ctx.me.agent?.id || ctx.me.can?.admin;
    const record = (m) =>
        t.div(
            { rid: m.id + m.updated, className: () => "pd-record" + (s.open == m.id ? " is-open" : "") },
            t.div(
                { className: "pd-record-top" },
                t.button(
                    { type: "button", className: "pd-record-line", disabled: !mine(m), ariaExpanded: () => String(s.open == m.id), onclick: () => (s.open = s.open == m.id ? "" : m.id) },
                    t.span({ className: "pd-record-main pd-macro-line" }, t.strong({}, m.name), t.span({ className: "pd-hint" }, inWords(desk, m.actions).join(" · "))),
                    m.shared ? chip(tr("macros.shared"), "info") : chip(desk.names.agent(m.owner) || tr("macros.own"), "plain"),
                    t.span({ className: "pd-hint pd-hits" }, tr("macros.used", { n: m.used || 0 })),
                    icon("arrow-down-s-line"),
                ),
            ),
            () => s.open == m.id ? form(m) : null,
        );
    load();
    return t.div(
        { className: "pd-records" },
        t.div(
            { className: "pd-settings-intro" },
            t.p({}, tr("macros.intro")),
            ctx.me.agent?.id ? button({ label: tr("macros.new"), icon: "add-line", kind: "primary", run: () => (s.open = "new") }) : null,
        ),
        () => s.open == "new" ? t.div({ className: "pd-record is-open" }, form({})) : null,
        () => {
            if (s.phase == "loading") return skeleton(4);
            if (s.phase == "error") return failed(s.error, load);
            if (!s.rows.value.length) return s.open ? null : empty("flashlight-line", tr("macros.none"), tr("macros.none.hint"));
            return s.rows.value.map(record);
        },
    );
}
