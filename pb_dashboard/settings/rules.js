// The shop's rules, in the order in which they are looked at.
import { tr, words } from "../lib/i18n.js";
import { box, button, chip, empty, failed, icon, keyed, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { ago } from "../lib/time.js";
import { names } from "../desk/labels.js";
import { ruleForm } from "./ruleform.js";
import { failedWords, ruleName, sentenceOf } from "./rulewords.js";

await words("rules", "settings", "bulk");

const step = 10; // room to put something between by the API
const most = 200;
const blank = /[[［]\s*(?:請填寫|请填写|要記入|fill in)\s*[:：]/i;

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const admin = !!ctx.me.can?.admin;
    const desk = { ...ctx, me: ctx.me, names: names(ctx), lastPosition: 0 };
    const lists = { templates: [], webhooks: {}, escalations: {} };
    const s = store({ phase: "loading", error: "", rows: box([]), open: "", moved: "", say: "" });
    let dragged = "";

    const load = async () => {
        try {
            const rows = await ctx.api.list("rules", { sort: "position,created" });
            desk.lastPosition = Math.max(0, ...rows.map((r) => r.position || 0));
            s.rows = box(rows);
            s.phase = "ready";
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    const named = async (key) => Object.fromEntries((await ctx.api.list(key, { sort: "name" })).map((x) => [x.id, x.name]));
    const loadLists = async () => {
        const [templates, webhooks, escalations] = await Promise.all([
            ctx.api.list("templates", { filter: "enabled = true && (kind = 'reply' || kind = 'snippet' || kind = '')", sort: "key" }).catch(() => []),
            named("webhooks").catch(() => ({})),
            named("escalations").catch(() => ({})),
        ]);
        const open = new Set(templates.filter((x) => blank.test(x.subject + "\n" + x.body)).map((x) => x.key)); // nobody fills them in
        Object.assign(lists, { templates: [...new Set(templates.map((x) => x.key))].filter((key) => !open.has(key)), webhooks, escalations });
    };
    /** Puts one rule before another; the numbers follow. */
    const move = async (id, to) => {
        const order = [...s.rows.value], from = order.findIndex((r) => r.id == id);
        if (from < 0 || to < 0 || to >= order.length || from == to) return;
        order.splice(to, 0, ...order.splice(from, 1));
        s.rows = box(order);
        s.moved = id;
        s.say = tr("rules.moved", { n: to + 1, of: order.length });
        try {
            for (const [at, r] of order.entries()) {
                const position = (at + 1) * step;
                if (r.position == position) continue;
                await ctx.api.save("rules", { id: r.id, position });
                r.position = position;
            }
            desk.lastPosition = order.length * step;
        } catch (err) {
            ctx.host.toast.error(sentence(err));
            await load();
        }
    };
    const toggle = async (r, input) => {
        try {
            Object.assign(r, await ctx.api.save("rules", { id: r.id, enabled: input.checked }));
            s.rows = box([...s.rows.value]);
        } catch (err) {
            input.checked = r.enabled;
            ctx.host.toast.error(sentence(err));
        }
    };
    const form = (record) => ruleForm({
        desk, record, lists,
        cancel: () => (s.open = ""),
        saved: (kept) => {
            if (kept === undefined) return;
            s.open = "";
            load();
        },
    });
    Promise.all([load(), loadLists()]).then(() => (s.rows = box([...s.rows.value])));

    const tools = (r, i, rows) => t.span(
        { className: "pd-rule-tools" },
        button({ icon: "arrow-up-line", title: tr("categories.up"), kind: "quiet square small", disabled: i == 0, run: () => move(r.id, i - 1) }),
        button({ icon: "arrow-down-line", title: tr("categories.down"), kind: "quiet square small", disabled: i == rows.length - 1, run: () => move(r.id, i + 1) }),
    );
    const record = (r, i, rows) => {
        const open = () => s.open == r.id;
        const line = t.div(
            { className: "pd-record-top" },
            admin ? t.span({ className: "pd-rule-grip", title: tr("rules.drag"), draggable: true, ariaHidden: true, ondragstart: (e) => ((dragged = r.id), e.dataTransfer.setData("text/plain", ruleName(r)), (e.dataTransfer.effectAllowed = "move")), ondragend: () => (dragged = "") }, icon("draggable")) : null,
            t.input({ type: "checkbox", className: "pd-rule-switch", role: "switch", checked: r.enabled, disabled: !admin, ariaLabel: tr("rules.on", { name: ruleName(r) }), onchange: (e) => toggle(r, e.target) }),
            t.button(
                {
                    type: "button", className: "pd-record-line", ariaExpanded: () => String(open()), "html-data-rule": r.id,
                    onclick: () => (s.open = open() ? "" : r.id),
                    onkeydown: (e) => {
                        const by = { ArrowUp: -1, ArrowDown: 1 }[e.key];
                        if (!e.altKey || !by || !admin) return;
                        e.preventDefault();
                        move(r.id, i + by).then(() => document.querySelector(`[data-rule="${r.id}"]`)?.focus());
                    },
                },
                t.span({ className: "pd-record-main pd-rule-line" }, t.strong({}, ruleName(r)), t.span({ className: "pd-hint" }, sentenceOf(desk, r, { ...lists, brief: true }))),
                r.failed ? chip(tr("rules.failed"), "bad", failedWords(desk, r.failed), "error-warning-line") : null,
                t.span({ className: "pd-hint pd-hits", title: r.fired_at ? ago(r.fired_at) : undefined }, r.fired ? tr("rules.fired", { n: r.fired }) : tr(r.enabled ? "rules.fired.never" : "form.off")),
                icon("arrow-down-s-line"),
            ),
            admin ? tools(r, i, rows) : null,
        );
        return t.div(
            {
                rid: [r.id, r.updated, r.enabled, i, rows.length, lists.templates.length].join(" "),
                className: () => "pd-record pd-rule-record" + (open() ? " is-open" : "") + (r.enabled ? "" : " is-off") + (s.moved == r.id ? " is-moved" : ""),
                ondragover: (e) => {
                    if (!dragged || dragged == r.id) return;
                    e.preventDefault();
                    e.currentTarget.classList.add("is-over");
                },
                ondragleave: (e) => e.currentTarget.classList.remove("is-over"),
                ondrop: (e) => {
                    e.preventDefault();
                    e.currentTarget.classList.remove("is-over");
                    if (dragged) move(dragged, i);
                },
            },
            line,
            keyed(open, (yes) => yes ? t.div({ className: "pd-rule-open" }, r.failed ? t.p({ className: "pd-notice is-bad" }, icon("error-warning-line"), failedWords(desk, r.failed)) : null, form(r)) : null),
        );
    };
    return t.div(
        { className: "pd-records pd-rules-screen" },
        t.div(
            { className: "pd-settings-intro" },
            t.p({}, tr("rules.intro")),
            admin ? button({ label: tr("rules.add"), icon: "add-line", kind: "primary", disabled: () => s.rows.value.length >= most, run: () => (s.open = "new") }) : null,
        ),
        admin ? null : t.p({ className: "pd-notice" }, icon("lock-line"), tr("settings.readonly")),
        t.p({ className: "pd-unseen", role: "status" }, () => s.say),
        keyed(() => s.open == "new", (yes) => yes ? t.div({ className: "pd-record is-open", onmount: (el) => el.querySelector("input")?.focus() }, form({})) : null),
        () => {
            if (s.phase == "loading") return skeleton(6);
            if (s.phase == "error") return failed(s.error, load);
            const rows = s.rows.value;
            if (!rows.length) return s.open ? null : empty("git-branch-line", tr("rules.none"), tr("rules.none.hint"));
            return rows.map((r, i) => record(r, i, rows));
        },
    );
}
