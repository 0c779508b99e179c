// Orders at the shop's own system, and what members are offered.
import { language, tr, words } from "../lib/i18n.js";
import { action, box, chip, failed, field, icon, select, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { only, recordForm } from "./form.js";
import { guide } from "./lookupguide.js";

await words("lookup", "lookupset", "settings");

const usual = { enabled: false, url: "", cache_minutes: 0, timeout_seconds: 0, send_contact: false, pattern: "" };

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ record: null, state: null, error: "" });
    const admin = !!ctx.me.can?.admin;
    const look = () => admin && ctx.api.lookup().then((x) => (s.state = box(x))).catch((err) => ctx.host.toast.error(sentence(err)));
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
    const form = (name, specs, defaults) => {
        const record = { ...s.record.value, [name]: { ...defaults, ...s.record.value[name] } };
        const save = async (values) => {
            await ctx.api.save("desk_settings", only({ ...values, id: record.id }, specs));
            look();
        };
        const el = recordForm({ ctx, specs, record, readonly: !admin, save });
        el.rid = "form " + name;
        return el;
    };
    return t.div(
        { className: "pd-records" },
        t.div({ className: "pd-settings-intro" }, t.p({}, tr("lookupset.intro")), () => s.state ? stateChip(s.state.value) : null),
        admin ? null : t.p({ className: "pd-notice" }, icon("lock-line"), tr("settings.readonly")),
        () => {
            if (s.error) return failed(s.error, load);
            return s.record ? form("lookup", lookupSpecs(), usual) : skeleton(6);
        },
        () => admin && s.state ? secretCard(ctx, s.state.value, look) : null,
        () => admin && s.record ? testCard(ctx) : null,
        guide(),
        () => s.record ? t.section({ rid: "members", className: "pd-setcard" }, t.h3({}, tr("lookupset.members")), t.p({ className: "pd-hint" }, tr("lookupset.members.help")), form("membership", memberSpecs(), { signup_url: "", coupon: "" }), report(ctx)) : null,
    );
}

const stateChip = (x) => chip(tr(x.on ? "lookupset.on" : "lookupset.why." + (x.why || "off")), x.on ? "ok" : x.why == "off" ? "plain" : "warn", "", "search-eye-line");

const spec = (base) => (name, type, more) => ({ name: base + "." + name, type, label: tr(`lookupset.${name}`), help: tr(`lookupset.${name}.help`), ...more });

function lookupSpecs() {
    const f = spec("lookup"), said = (...codes) => ({ faults: Object.fromEntries(codes.map((c) => [c, tr("lookupset.fault." + c)])) });
    return [
        f("enabled", "bool"),
        f("url", "text", { max: 1000, wide: true, mono: true, placeholder: "https://shop.example/pocketdesk/orders", ...said("url_invalid", "url_plain", "url_private", "url_missing") }),
        f("cache_minutes", "number", { placeholder: "5" }),
        f("timeout_seconds", "number", { placeholder: "3" }),
        f("pattern", "text", { max: 200, mono: true, placeholder: "TW\\d{8}", ...said("pattern_invalid") }),
        f("send_contact", "bool"),
    ];
}

function memberSpecs() {
    const f = spec("membership");
    return [
        f("signup_url", "text", { max: 1000, wide: true, mono: true, placeholder: "https://shop.example/signup", faults: { url_invalid: tr("lookupset.fault.signup_invalid") } }),
        f("coupon", "text", { max: 100 }),
    ];
}

function secretCard(ctx, state, look) {
    const input = t.input({ type: "password", className: "pd-input", autocomplete: "new-password", maxLength: 500, placeholder: state.secret == "kept" ? tr("lookupset.secret.kept") : "" });
    const save = async () => {
        try {
            await ctx.api.lookupSecret({ secret: input.value });
            input.value = "";
            ctx.host.toast.ok(tr("form.saved"));
            look();
        } catch (err) {
            ctx.host.toast.error(sentence(err));
        }
    };
    const make = () => {
        input.type = "text"; // it has to be copied to the shop's system
        input.value = Array.from(crypto.getRandomValues(new Uint8Array(32)), (b) => b.toString(16).padStart(2, "0")).join("");
        input.select();
    };
    return t.section(
        { rid: "secret" + JSON.stringify(state), className: "pd-setcard" },
        t.h3({}, tr("lookupset.secret")),
        state.secret == "env"
            ? t.p({ className: "pd-hint" }, icon("lock-line"), tr("lookupset.secret.env"))
            : t.div(
                { className: "pd-inline-form" },
                field({ label: tr("lookupset.secret.label"), help: tr(state.secret == "lost" ? "lookupset.secret.lost" : "lookupset.secret.help"), control: input }),
                action({ label: tr("lookupset.secret.make"), icon: "dice-line", kind: "quiet", run: make }),
                action({ label: tr("action.save"), icon: "check-line", run: save }),
            ),
    );
}

function testCard(ctx) {
    const s = store({ said: "", ok: false, kind: "order", answer: null, empty: true });
    const number = t.input({ oninput: (e) => (s.empty = !e.target.value.trim()), className: "pd-input", maxLength: 100, autocomplete: "off", spellcheck: false });
    const run = async () => {
        s.said = "";
        s.answer = null;
        try {
            const v = await ctx.api.lookupTest({ [s.kind]: number.value.trim() });
            s.ok = v.state == "ok";
            s.said = s.ok ? tr("lookupset.test.ok") : v.state == "off" ? tr("lookupset.why." + v.why) : tr("orders.failed." + (v.error == "status" && (v.status == 401 || v.status == 403) ? "denied" : v.error), { status: v.status });
            if (s.ok) s.answer = box(v.data);
        } catch (err) {
            s.ok = false;
            s.said = sentence(err);
        }
    };
    return t.section(
        { rid: "test", className: "pd-setcard" },
        t.h3({}, tr("lookupset.test")),
        t.div(
            { className: "pd-inline-form" },
            field({ label: tr("orders.kind"), control: select({ value: "order", options: [["order", tr("orders.kind.order")], ["member", tr("orders.kind.member")]], onchange: (v) => (s.kind = v) }) }),
            field({ label: tr("orders.number"), help: tr("lookupset.test.help"), control: number }),
            action({ label: tr("lookupset.test.run"), icon: "search-line", disabled: () => s.empty, run }),
        ),
        () => s.said ? t.p({ className: s.ok ? "pd-good" : "pd-bad", role: "status" }, icon(s.ok ? "check-line" : "error-warning-line"), s.said) : null,
        () => s.answer ? t.pre({ rid: "answer", className: "pd-lookup-code", tabIndex: 0 }, JSON.stringify(s.answer.value, null, 2)) : null,
    );
}

/** What the invitations of the last 90 days led to. */
function report(ctx) {
    const s = store({ report: null });
    ctx.api.invitations(90).then((x) => (s.report = box(x))).catch(() => {});
    const percent = (x) => new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 }).format(x);
    const line = (name, x) => t.tr({}, t.td({}, name), t.td({}, String(x.sent)), t.td({}, String(x.converted)), t.td({}, percent(x.rate)));
    return t.div({}, () => {
        const x = s.report?.value;
        if (!x?.sent) return null;
        return t.table(
            { rid: "report", className: "pd-lookup-report" },
            t.caption({ className: "pd-hint" }, tr("lookupset.report", { n: x.days })),
            t.thead({}, t.tr({}, ["who", "sent", "converted", "rate"].map((k) => t.th({ scope: "col" }, tr("lookupset.report." + k))))),
            t.tbody({}, line(tr("lookupset.report.all"), x), x.by_agent.map((a) => line(a.name || tr("lookupset.report.gone"), a))),
        );
    });
}
