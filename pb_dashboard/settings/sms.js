// Text messages: how to ask the shop's gateway, and a message to try it.
import { tr, words } from "../lib/i18n.js";
import { action, box, button, chip, failed, field, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { copyRow } from "./copyrow.js";
import { only, recordForm } from "./form.js";
import { gateways } from "./gateways.js";

await words("mail", "mailset", "settings");

const usual = { enabled: false, method: "POST", url: "", headers: {}, body: "", success: "", id: "", report: {}, max_parts: 3, number_format: "e164", ack: false };

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ record: null, error: "", state: null, gone: false, turn: 0 });
    const admin = !!ctx.me.can?.admin;
    const look = () => ctx.api.sms().then((x) => (s.state = box(x))).catch((err) => (s.gone = err?.status == 404));
    const load = async () => {
        s.error = "";
        try {
            s.record = box(await ctx.api.read("desk_settings", ctx.me.settings_id));
        } catch (err) {
            s.error = sentence(err);
        }
    };
    load();
    look();
    const list = specs();
    let typed; // what the form holds, saved or not
    /** A gateway's lines come in the place of those that are there; what else was typed stays. */
    const start = async (name, g) => {
        const r = typed || s.record.value, sms = r.sms || {};
        if ((sms.url || sms.body) && !(await ctx.host.confirm(tr("smsset.start.sure", { name }), { yes: tr("smsset.start.yes"), no: tr("action.cancel") }))) return;
        s.turn++;
        s.record = box({ ...r, sms: { ...usual, ...sms, ...structuredClone(g) } });
        typed = null;
    };
    const save = async (values) => {
        await ctx.api.save("desk_settings", only(values, list));
        look();
    };
    return t.div(
        { className: "pd-records" },
        t.div({ className: "pd-settings-intro" }, t.p({}, tr("smsset.intro")), () => s.state ? stateChip(s.state.value) : null),
        admin ? null : t.p({ className: "pd-notice" }, icon("lock-line"), tr("settings.readonly")),
        () => s.gone ? t.p({ className: "pd-notice" }, icon("information-line"), tr("smsset.missing")) : null,
        () => admin && s.record && !s.gone
            ? t.div(
                { rid: "gateways", className: "pd-starts" },
                t.p({ className: "pd-hint" }, tr("smsset.start")),
                t.div({ className: "pd-choices" }, Object.entries(gateways).map(([name, g]) => button({ label: name, kind: "small", run: () => start(name, g) }))),
            )
            : null,
        () => {
            if (s.gone) return null;
            if (s.error) return failed(s.error, load);
            if (!s.record) return skeleton(6);
            const form = recordForm({ ctx, specs: list, record: { ...s.record.value, sms: { ...usual, ...s.record.value.sms } }, readonly: !admin, save, typed: (values) => (typed = values) });
            form.rid = "form" + s.turn;
            return form;
        },
        () => admin && s.state && !s.gone ? secretCard(ctx, s.state.value, look) : null,
        () => admin && s.state && !s.gone ? testCard(ctx) : null,
    );
}

const stateChip = (x) => chip(tr(x.on ? "smsset.on" : "smsset.why." + (x.why || "off")), x.on ? "ok" : x.why == "off" ? "plain" : "warn", "", "message-2-line");

function secretCard(ctx, state, look) {
    const input = t.input({ type: "password", className: "pd-input", autocomplete: "new-password", maxLength: 2000, placeholder: state.secret == "kept" ? tr("smsset.secret.kept") : "" });
    const save = async () => {
        try {
            await ctx.api.smsSecret({ secret: input.value });
            input.value = "";
            ctx.host.toast.ok(tr("form.saved"));
            look();
        } catch (err) {
            ctx.host.toast.error(sentence(err));
        }
    };
    return t.section(
        { rid: "secret" + JSON.stringify(state), className: "pd-setcard" },
        t.h3({}, tr("smsset.secret")),
        state.secret == "env"
            ? t.p({ className: "pd-hint" }, icon("lock-line"), tr("smsset.secret.env"))
            : t.div(
                { className: "pd-inline-form" },
                field({ label: tr("smsset.secret.label"), help: tr("smsset.secret.help"), control: input }),
                action({ label: tr("action.save"), icon: "check-line", run: save }),
            ),
        state.report_url ? copyRow(ctx, tr("smsset.report_url"), state.report_url) : null,
    );
}

function testCard(ctx) {
    const s = store({ said: "", ok: false });
    const to = t.input({ type: "tel", className: "pd-input", placeholder: "0912 345 678", maxLength: 30, autocomplete: "off" });
    const send = async () => {
        s.said = "";
        try {
            const answer = await ctx.api.smsTest({ to: to.value.trim() });
            s.ok = !!answer.ok;
            s.said = answer.ok ? tr("smsset.test.ok", { id: answer.id || "—" }) : answer.error;
        } catch (err) {
            s.ok = false;
            s.said = sentence(err);
        }
    };
    return t.section(
        { rid: "test", className: "pd-setcard" },
        t.h3({}, tr("smsset.test")),
        t.div({ className: "pd-inline-form" }, field({ label: tr("smsset.test.to"), help: tr("smsset.test.help"), control: to }), action({ label: tr("smsset.test.send"), icon: "send-plane-2-line", run: send })),
        () => s.said ? t.p({ className: s.ok ? "pd-good" : "pd-bad", role: "status" }, icon(s.ok ? "check-line" : "error-warning-line"), s.said) : null,
    );
}

function specs() {
    const f = (name, type, more) => ({ name: "sms." + name, type, label: tr("smsset." + name), help: tr(`smsset.${name}.help`), ...more });
    const head = (name) => ({ name: "h_" + name, type: "heading", label: tr("smsset.h." + name), help: tr(`smsset.h.${name}.help`) });
    const code = { mono: true };
    return [
        f("enabled", "bool"),
        f("ack", "bool"),
        f("max_parts", "number", { placeholder: "3" }),
        f("number_format", "select", { options: ["e164", "national"].map((x) => [x, tr("smsset.number_format." + x)]) }),
        head("ask"),
        f("method", "select", { options: [["POST", "POST"], ["GET", "GET"]] }),
        f("url", "text", { max: 2000, wide: true, placeholder: "https://", ...code }),
        f("headers", "pairs", { wide: true, rows: 3, ...code }),
        f("body", "textarea", { rows: 4, when: (v) => v.sms?.method != "GET", ...code }),
        head("answer"),
        f("success", "text", code),
        f("id", "text", code),
        head("report"),
        f("report.id", "text", code),
        f("report.status", "text", code),
        f("report.delivered", "text", code),
        f("report.failed", "text", code),
        f("report.answer", "textarea", { rows: 2, max: 1000, ...code }),
    ];
}
