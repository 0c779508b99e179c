// How strict screening is, and what it looks at.
import { tr, trOr, words } from "../lib/i18n.js";
import { box, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { usual } from "../desk/limits.js";
import { only, recordForm } from "./form.js";

await words("mailset", "screening", "settings", "signalnames");

const providers = ["pow", "turnstile", "hcaptcha", "recaptcha_v3", "recaptcha_v2"];
const provider = (v) => v.captcha?.provider || "pow";

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ record: null, error: "", health: null, refused: 0 });
    const load = async () => {
        s.error = "";
        try {
            s.record = box(await ctx.api.read("desk_settings", ctx.me.settings_id));
        } catch (err) {
            s.error = sentence(err);
        }
    };
    load();
    ctx.api.health().then((h) => (s.health = box(h))).catch(() => {}); // the form stands without both
    ctx.api.screening(7).then((r) => (s.refused = r.signals?.find((x) => x.name == "captcha_invalid")?.count || 0)).catch(() => {});
    const list = specs();
    return t.div(
        { className: "pd-records" },
        t.div(
            { className: "pd-settings-intro" },
            t.p({}, tr("screenset.intro")),
            t.a({ className: "pd-btn", href: "#/desk?queue=screening" }, icon("bar-chart-box-line"), t.span({}, tr("screenset.replay"))),
        ),
        ctx.me.can?.admin ? null : t.p({ className: "pd-notice" }, icon("lock-line"), tr("settings.readonly")),
        () => captchaFault(s.health?.value?.captcha, s.refused),
        () => {
            if (s.error) return failed(s.error, load);
            if (!s.record) return skeleton(6);
            return recordForm({
                ctx,
                specs: list,
                record: filled(s.record.value),
                readonly: !ctx.me.can?.admin,
                save: (values) => ctx.api.save("desk_settings", only(values, list)),
            });
        },
    );
}

/** Why the chosen captcha does not do its work; a wrong pair of keys shows only in what its provider refuses. */
function captchaFault(captcha, refused) {
    if (!captcha || captcha.provider == "pow") return null;
    const text = trOr("screenset.captcha.state." + captcha.state, "") || (refused ? tr("screenset.captcha.refused", { n: refused }) : "");
    return text ? t.p({ className: "pd-notice", role: "status" }, icon("error-warning-line"), text) : null;
}

/** The record with the usual choices where nothing was chosen yet. */
function filled(r) {
    const screening = { pitch: "low", mx: true, confirm_email: false, members_only: false, signals_off: [], home_countries: [], ...r.screening };
    const captcha = { provider: "pow", site_key: "", min_score: 0.5, hosts: [], ...r.captcha };
    screening.mx ??= true;
    return { ...r, screening, captcha };
}

function specs() {
    const f = (name, type, more) => ({ name, type, label: tr("screenset." + name), help: tr(`screenset.${name}.help`), ...more });
    const n = (name, placeholder) => ({ name, type: "number", label: tr("general." + name), help: tr(`general.${name}.help`), placeholder });
    const head = (name) => ({ name: "h_" + name, type: "heading", label: tr("screenset.h." + name), help: tr(`screenset.h.${name}.help`) });
    const asked = (v) => provider(v) != "pow";
    return [
        head("limits"),
        n("thresholds.quarantine", String(usual.quarantine)),
        n("thresholds.block", String(usual.block)),
        head("who"),
        f("screening.pitch", "select", { faults: { pitch_unknown: tr("fault.pitch_unknown") }, options: ["low", "quarantine", "normal"].map((p) => [p, tr("screenset.pitch." + p)]) }),
        f("screening.home_countries", "codes", { faults: { country_unknown: tr("fault.country_unknown") } }),
        f("screening.confirm_email", "bool"),
        f("screening.members_only", "bool", { faults: { secret_missing: tr("fault.members_secret_missing") } }),
        f("screening.mx", "bool"),
        head("captcha"),
        f("captcha.provider", "select", { faults: { secret_missing: tr("fault.captcha_secret_missing") }, options: providers.map((p) => [p, tr("screenset.captcha." + p)]) }),
        f("captcha.site_key", "text", { max: 200, when: asked, faults: { site_key_missing: tr("fault.site_key_missing") } }),
        f("captcha.min_score", "number", { placeholder: "0.5", faults: { out_of_range: tr("fault.captcha_out_of_range") }, when: (v) => provider(v) == "recaptcha_v3" }),
        f("captcha.hosts", "words", { rows: 2, when: asked, faults: { hosts_invalid: tr("fault.hosts_invalid") } }),
        head("rates"),
        n("limits.ip_hour", "60"),
        n("limits.email_hour", "20"),
        n("limits.overall_hour", "100000"),
        n("limits.ack_day", "3"),
        n("limits.quarantine_mb", "500"),
        head("signals"),
        { name: "screening.signals_off", type: "signals", label: tr("screenset.h.signals"), wide: true, bare: true },
    ];
}
