// What was sent to one webhook: how each went, what it held, and sending it again,
// one by one or all of a span of time.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, button, chip, empty, failed, field, icon, select, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { dialog } from "../lib/dialog.js";
import { exact, fromInput, moment, toInput, when } from "../lib/time.js";
import { moreMark, paged } from "../desk/paged.js";
import { dialogHead } from "./hookhead.js";

await words("webhooks");

const views = ["", "queued", "failed", "sent"];
const tone = { sent: "ok", queued: "warn", failed: "bad" };

/** @param {import("../start.js").Context} ctx @param {Object} hook @param {Function} back */
export function deliveries(ctx, hook, back) {
    const s = store({ view: "" });
    const list = paged((cursor) => ctx.api.deliveries(hook.id, { status: s.view, cursor }));
    const show = (name) => {
        s.view = name;
        list.restart();
    };
    list.restart();
    let timer;
    return t.div(
        {
            className: "pd-records",
            onmount: (el) => {
                el.querySelector("button")?.focus();
                timer = setInterval(() => document.hidden || list.refresh(), 8000);
            },
            onunmount: () => clearInterval(timer),
        },
        t.header(
            { className: "pd-hookhead" },
            button({ icon: "arrow-left-line", title: tr("webhooks.back"), kind: "quiet square", run: back }),
            t.h3({}, tr("webhooks.deliveries"), " ", t.span({ className: "pd-hint" }, hook.name)),
            t.span({ className: "pd-row-fill" }),
            button({ label: tr("webhooks.span"), icon: "restart-line", kind: "small", run: () => spanDialog(ctx, hook, list) }),
        ),
        t.div(
            { className: "pd-segments", role: "tablist", ariaLabel: tr("webhooks.deliveries") },
            views.map((name) =>
                t.button({ type: "button", role: "tab", className: () => "pd-segment" + (s.view == name ? " is-on" : ""), ariaSelected: () => s.view == name, onclick: () => show(name) }, tr("webhooks.view." + (name || "all")))
            ),
        ),
        () => {
            if (list.s.phase == "loading") return skeleton(5);
            if (list.s.phase == "error") return failed(list.s.error, list.restart);
            const rows = list.s.rows.value;
            if (!rows.length) return empty("inbox-2-line", tr("webhooks.nothing"), tr("webhooks.nothing.hint"));
            return t.div({ className: "pd-hookrows" }, rows.map((d) => row(ctx, hook, list, d)));
        },
        () => list.s.phase == "ready" || list.s.phase == "more" ? moreMark(list, tr("list.more")) : null,
    );
}

function row(ctx, hook, list, d) {
    const again = async () => {
        try {
            await ctx.api.replayDeliveries(hook.id, { delivery: d.id });
            ctx.host.toast.ok(tr("webhooks.again.done"));
        } catch (err) {
            ctx.host.toast.error(sentence(err));
        }
        list.refresh();
    };
    const answer = [d.code ? "HTTP " + d.code : "", d.said].filter(Boolean).join(" · ");
    const facts = [
        d.attempts > 1 ? tr("webhooks.tries", { n: d.attempts }) : "",
        d.status == "queued" && d.attempts ? tr("webhooks.next", { when: moment(d.next_attempt) }) : "",
        answer,
    ].filter(Boolean).join(" · ");
    return t.article(
        { rid: d.id + d.status + d.attempts + d.code, className: "pd-record pd-hookrow" },
        t.div(
            { className: "pd-hookrow-main" },
            t.div(
                { className: "pd-row-top" },
                chip(tr("webhooks.status." + d.status), tone[d.status]),
                t.strong({}, trOr("webhooks.type." + d.type, d.type)),
                d.number ? t.a({ href: "#/desk/c/" + d.case }, "#" + d.number) : null,
                t.span({ className: "pd-row-time" }, when(d.created)),
            ),
            facts ? t.p({ className: d.status == "sent" ? "pd-hint" : "pd-out-error" }, facts) : null,
        ),
        button({ icon: "code-line", title: tr("webhooks.look", { type: d.type }), kind: "quiet square", run: () => look(ctx, d) }),
        d.type == "webhook.ping" ? null : action({ icon: "restart-line", title: tr("webhooks.again", { type: d.type }), kind: "quiet square", run: again }),
    );
}

/** What is sent, as it is. */
async function look(ctx, d) {
    let record;
    try {
        record = await ctx.api.read("webhook_deliveries", d.id);
    } catch (err) {
        return ctx.host.toast.error(sentence(err));
    }
    dialog({ label: d.type, className: "pd-hookdialog" }, (close) => [
        dialogHead(trOr("webhooks.type." + d.type, d.type), close),
        t.div(
            { className: "pd-hookbody" },
            t.p({ className: "pd-hint" }, exact(d.created)),
            t.dl({ className: "pd-hookfacts" }, t.dt({}, "webhook-id"), t.dd({}, t.code({}, d.msg))),
            t.pre({ tabIndex: 0, ariaLabel: d.type }, JSON.stringify(record.payload, null, 2)),
        ),
    ]);
}

/** Sends all of a span of time again, part by part. */
function spanDialog(ctx, hook, list) {
    const now = Date.now();
    const v = { from: new Date(now - 86_400_000).toISOString(), to: new Date(now).toISOString(), what: "failed" };
    const s = store({ busy: false, count: 0, error: "", done: false });
    let stopped = false;
    const run = async () => {
        s.busy = true;
        s.error = "";
        s.count = 0;
        s.done = false;
        try {
            let after = "";
            do {
                const part = await ctx.api.replayDeliveries(hook.id, { ...v, after });
                s.count += part.count;
                after = part.next;
            } while (after && !stopped);
            s.done = true;
        } catch (err) {
            s.error = sentence(err);
        }
        s.busy = false;
        list.refresh();
    };
    const at = (key) => t.input({ type: "datetime-local", className: "pd-input", value: toInput(v[key]), onchange: (e) => (v[key] = fromInput(e.target.value).replace(" ", "T") || null) });
    dialog({ label: tr("webhooks.span"), className: "pd-hookdialog", onclose: () => (stopped = true) }, (close) => [
        dialogHead(tr("webhooks.span"), close),
        t.div(
            { className: "pd-hookbody pd-form-grid" },
            field({ label: tr("webhooks.span.from"), control: at("from") }),
            field({ label: tr("webhooks.span.to"), control: at("to") }),
            field({
                label: tr("webhooks.span.what"), wide: true, help: tr("webhooks.span.help"),
                control: select({ label: tr("webhooks.span.what"), value: v.what, options: ["failed", "missed", "all"].map((k) => [k, tr("webhooks.span." + k)]), onchange: (x) => (v.what = x) }),
            }),
        ),
        t.footer(
            { className: "pd-dialog-foot" },
            t.span(
                { role: "status", className: () => "pd-row-fill " + (s.error ? "pd-field-error" : "pd-hint") },
                () => s.error || (s.busy ? tr("webhooks.span.busy", { n: s.count }) : s.done ? tr("webhooks.span.done", { n: s.count }) : ""),
            ),
            button({ label: tr("action.close"), kind: "quiet", run: close }),
            action({ label: tr("webhooks.span.run"), icon: "restart-line", kind: "primary", run }),
        ),
    ]);
}
