// Webhooks: other systems that are told what happens, how each is doing, and the
// secret by which they know who tells them.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, button, chip, icon, keyed } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { dialog } from "../lib/dialog.js";
import { ago, exact, moment } from "../lib/time.js";
import { copyRow } from "./copyrow.js";
import { dialogHead } from "./hookhead.js";
import { typeChooser } from "./hooktypes.js";
import { recordsScreen } from "./records.js";

await words("webhooks", "settings");

const fields = ["id", "name", "url", "enabled", "events", "with_text"];

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    if (!ctx.me.can?.admin) return t.p({ className: "pd-notice" }, icon("lock-line"), tr("webhooks.admins"));
    const s = store({ hook: "" });
    let hook, types = [], inside = false;
    const ready = ctx.api.webhookTypes().then((answer) => (types = answer.types)).catch(() => {});
    const show = (r) => {
        hook = r;
        s.hook = r?.id || "";
    };
    const list = () =>
        recordsScreen(ctx, {
            key: "webhooks",
            name: "webhooks",
            list: async () => {
                await ready;
                const answer = await ctx.api.webhooks();
                inside = answer.private;
                return answer.items;
            },
            every: 10,
            blank: { name: "", url: "", enabled: true, events: [], with_text: false },
            specs: () => specs(types, inside),
            prepare: (values) => Object.fromEntries(fields.filter((k) => k in values).map((k) => [k, values[k]])),
            after: async (record, values) => values.id || secret(ctx, record, true),
            line,
            tools: (r) => [
                action({ icon: "pulse-line", title: tr("webhooks.ping.of", { name: r.name }), kind: "quiet square", run: () => ping(ctx, r) }),
                button({ icon: "key-2-line", title: tr("webhooks.secret.of", { name: r.name }), kind: "quiet square", run: () => rotate(ctx, r) }),
                button({ icon: "history-line", title: tr("webhooks.deliveries.of", { name: r.name }), kind: "quiet square", run: () => show(r) }),
            ],
        });
    return t.div(
        { className: "pd-hooks" },
        keyed(() => s.hook || "list", (id) => (id == "list" ? list() : deliveriesOf(ctx, hook, () => show(null)))),
    );
}

/** The list of what was sent comes when it is asked for. */
function deliveriesOf(ctx, hook, back) {
    const s = store({ made: false });
    let view;
    import("./hookcalls.js").then((m) => {
        view = m.deliveries(ctx, hook, back);
        s.made = true;
    }).catch((err) => ctx.host.toast.error(sentence(err)));
    return t.div({}, () => s.made ? view : null);
}

function line(r) {
    const state = !r.enabled ? (r.disabled_why ? "ended" : "off") : r.secret != "kept" ? "nosecret" : r.failing_since ? "failing" : "on";
    const tone = { on: "ok", failing: "bad", ended: "bad", nosecret: "bad", off: "plain" }[state];
    let host = r.url;
    try {
        host = new URL(r.url).host;
    } catch {}
    return [
        chip(tr("webhooks.state." + state), tone),
        t.span(
            { className: "pd-record-main" },
            t.strong({}, r.name),
            " ",
            t.span({ className: "pd-hint" }, host),
            r.disabled_why && !r.enabled ? t.span({ className: "pd-record-error" }, trOr("webhooks.ended." + r.disabled_why, r.disabled_why)) : null,
            r.failed && (r.failing_since || r.secret != "kept") ? t.span({ className: "pd-record-error" }, r.failed) : null,
            r.old_until ? t.span({ className: "pd-hooknote" }, tr("webhooks.rotating", { when: moment(r.old_until) })) : null,
        ),
        r.queued ? t.span({ className: "pd-hint" }, tr("webhooks.queued", { n: r.queued })) : null,
        r.given_up ? t.span({ className: "pd-hint" }, tr("webhooks.given_up", { n: r.given_up })) : null,
        r.delivered_at ? t.span({ className: "pd-hint", title: exact(r.delivered_at) }, tr("webhooks.delivered", { when: ago(r.delivered_at) })) : null,
    ];
}

/** The fields; inside: addresses of the own network, and http, are allowed. */
function specs(types, inside) {
    return [
        { name: "name", type: "text", label: tr("webhooks.name"), help: tr("webhooks.name.help"), max: 100 },
        {
            name: "url", type: "text", label: tr("webhooks.url"), help: tr(inside ? "webhooks.url.help.private" : "webhooks.url.help"), max: 1000, mono: true, placeholder: "https://erp.shop.example/pocketdesk",
            faults: Object.fromEntries(["url_invalid", "url_plain", "url_private", "url_own"].map((k) => [k, tr("webhooks." + k)])),
        },
        { name: "h_events", type: "heading", label: tr("webhooks.events"), help: tr("webhooks.events.help") },
        { name: "events", type: "own", bare: true, label: tr("webhooks.events"), make: (value, changed) => typeChooser(types.filter((x) => x.choosable), value, changed) },
        { name: "h_more", type: "heading", label: tr("webhooks.more") },
        { name: "with_text", type: "bool", label: tr("webhooks.with_text"), help: tr("webhooks.with_text.help") },
        { name: "enabled", type: "bool", label: tr("webhooks.enabled") },
    ];
}

async function ping(ctx, r) {
    try {
        const pong = await ctx.api.pingWebhook(r.id);
        const said = [pong.code ? "HTTP " + pong.code : "", pong.said].filter(Boolean).join(" · ");
        if (pong.ok) ctx.host.toast.ok(tr("webhooks.ping.ok", { ms: pong.took_ms }));
        else ctx.host.toast.error(tr("webhooks.ping.failed", { said: said || "—" }));
    } catch (err) {
        ctx.host.toast.error(sentence(err));
    }
}

/** Asks how the secret is to be changed. */
function rotate(ctx, r) {
    const make = (close, now) => async () => {
        close();
        await secret(ctx, r, now);
    };
    dialog({ label: tr("webhooks.rotate"), className: "pd-hookdialog" }, (close) => [
        dialogHead(tr("webhooks.rotate"), close),
        t.div({ className: "pd-hookbody" }, t.p({}, tr("webhooks.rotate.help"))),
        t.footer(
            { className: "pd-dialog-foot" },
            t.span({ className: "pd-row-fill" }),
            button({ label: tr("action.cancel"), kind: "quiet", run: close }),
            button({ label: tr("webhooks.rotate.now"), kind: "danger", run: make(close, true) }),
            button({ label: tr("webhooks.rotate.soft"), icon: "key-2-line", kind: "primary", run: make(close, false) }),
        ),
    ]);
}

/** Makes a secret and shows it, this once. */
async function secret(ctx, r, now) {
    let made;
    try {
        made = await ctx.api.webhookSecret(r.id, { now });
    } catch (err) {
        return ctx.host.toast.error(sentence(err));
    }
    dialog({ label: tr("webhooks.secret"), className: "pd-hookdialog" }, (close) => [
        dialogHead(`${tr("webhooks.secret")} · ${r.name}`, close),
        t.div(
            { className: "pd-hookbody" },
            t.p({ className: "pd-notice", role: "status" }, icon("eye-line"), tr("webhooks.secret.once")),
            copyRow(ctx, tr("webhooks.secret"), made.secret),
            t.p({ className: "pd-hint" }, tr("webhooks.secret.use")),
            made.old_until ? t.p({ className: "pd-hint" }, tr("webhooks.rotating", { when: moment(made.old_until) })) : null,
        ),
        t.footer({ className: "pd-dialog-foot" }, t.span({ className: "pd-row-fill" }), button({ label: tr("webhooks.secret.done"), kind: "primary", run: close })),
    ]);
}
