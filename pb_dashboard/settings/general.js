// The shop's own choices: names, hours, acknowledgements, retention.
import { tr, words } from "../lib/i18n.js";
import { box, chip, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { localeName } from "../desk/labels.js";
import { only, recordForm } from "./form.js";

await words("mailset", "settings");

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ record: null, error: "", health: null });
    const load = async () => {
        s.error = "";
        try {
            const id = ctx.me.settings_id;
            s.record = box(id ? await ctx.api.read("desk_settings", id) : (await ctx.api.list("desk_settings"))[0]);
        } catch (err) {
            s.error = sentence(err);
        }
    };
    load();
    ctx.api.health().then((h) => (s.health = box(h))).catch(() => {});
    const list = specs(ctx);
    return t.div(
        { className: "pd-records" },
        t.div({ className: "pd-settings-intro" }, t.p({}, tr("general.intro")), () => health(s.health?.value)),
        ctx.me.can?.admin ? null : t.p({ className: "pd-notice" }, icon("lock-line"), tr("settings.readonly")),
        () => {
            if (s.error) return failed(s.error, load);
            if (!s.record) return skeleton(6);
            return recordForm({
                ctx,
                specs: list,
                record: s.record.value,
                readonly: !ctx.me.can?.admin,
                save: (values) => ctx.api.save("desk_settings", only(values, list)),
            });
        },
    );
}

function health(h) {
    if (!h) return null;
    const bad = (h.outbox?.failed || 0) + (h.outbox?.held || 0);
    return t.div(
        { className: "pd-health" },
        chip(tr(h.smtp ? "general.smtp.on" : "general.smtp.off"), h.smtp ? "ok" : "warn", "", "mail-line"),
        bad ? chip(tr("general.unsent", { n: bad }), "bad", "", "mail-forbid-line") : null,
        chip(tr("general.llm." + (h.llm || "off")), h.llm == "on" ? "ok" : h.llm == "open" ? "warn" : "plain", "", "magic-line"),
    );
}

function specs(ctx) {
    const n = (name, placeholder) => ({ name, type: "number", label: tr("general." + name), help: tr(`general.${name}.help`), placeholder });
    const text = (name, type = "text") => ({ name, type, label: tr("general." + name), help: tr(`general.${name}.help`) });
    const head = (name) => ({ name: "h_" + name, type: "heading", label: tr("general.h." + name), help: tr(`general.h.${name}.help`) });
    return [
        head("shop"),
        { ...text("shop_name", "locales"), max: 100 },
        { ...text("locale", "select"), options: ctx.me.locales.map((l) => [l, localeName(l)]) },
        { ...text("timezone", "select"), options: zones() },
        text("service_email", "email"),
        text("service_phone"),
        { ...text("service_hours", "locales"), max: 200 },
        head("mail"),
        n("answer_hours", "48"),
        { ...text("ack_enabled", "bool") },
        head("retention"),
        n("retention.network_days", "30"),
        n("retention.quarantine_days", "30"),
        n("retention.tracking_days", "365"),
        head("llm"),
        { ...text("llm.enabled", "bool") },
        text("llm.model"),
        n("llm.daily_budget"),
        n("llm.concurrent"),
    ];
}

const zones = () => Intl.supportedValuesOf("timeZone").concat("UTC").map((z) => [z, z.replaceAll("_", " ")]);
