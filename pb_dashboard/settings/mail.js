// Mail both ways: the sender, whose findings are believed, how long mails are
// kept, the key that signs, and the way in for a provider.
import { tr, words } from "../lib/i18n.js";
import { box, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { dkimCard } from "./dkim.js";
import { only, recordForm } from "./form.js";
import { webhookCard } from "./webhook.js";

await words("mailset", "nav", "settings");

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ record: null, error: "" });
    const admin = !!ctx.me.can?.admin;
    const load = async () => {
        s.error = "";
        try {
            s.record = box(await ctx.api.read("desk_settings", ctx.me.settings_id));
        } catch (err) {
            s.error = sentence(err);
        }
    };
    load();
    const list = specs();
    const save = async (values) => {
        const now = await ctx.api.read("desk_settings", ctx.me.settings_id);
        const fields = only(values, list);
        // the card below may have made a key since
        return ctx.api.save("desk_settings", { ...fields, mail: { ...fields.mail, dkim: now.mail?.dkim } });
    };
    return t.div(
        { className: "pd-records" },
        t.div(
            { className: "pd-settings-intro" },
            t.p({}, tr("mailset.intro")),
            t.a({ className: "pd-btn", href: "#/settings/desk/checkup" }, icon("stethoscope-line"), t.span({}, tr("settings.checkup"))),
        ),
        admin ? null : t.p({ className: "pd-notice" }, icon("lock-line"), tr("settings.readonly")),
        () => ctx.me.smtp === false ? t.p({ className: "pd-notice" }, icon("mail-close-line"), tr("mailset.nosmtp")) : null,
        () => {
            if (s.error) return failed(s.error, load);
            if (!s.record) return skeleton(6);
            const r = s.record.value;
            return recordForm({ ctx, specs: list, record: { ...r, mail: { keep_raw_days: 0, own_domains: [], authserv_id: "", ...r.mail, plus: r.mail?.plus ?? true } }, readonly: !admin, save });
        },
        admin ? dkimCard(ctx) : null,
        admin ? webhookCard(ctx) : null,
    );
}

function specs() {
    const f = (name, type, more) => ({ name, type, label: tr("mailset." + name), help: tr(`mailset.${name}.help`), ...more });
    const head = (name) => ({ name: "h_" + name, type: "heading", label: tr("mailset.h." + name), help: tr(`mailset.h.${name}.help`) });
    return [
        head("out"),
        { name: "reply_from", type: "email", label: tr("general.reply_from"), help: tr("general.reply_from.help") },
        f("mail.plus", "bool"),
        head("in"),
        f("mail.authserv_id", "text", { max: 253, placeholder: "mx.shop.example" }),
        f("mail.keep_raw_days", "number", { placeholder: "90" }),
        f("mail.own_domains", "words", { rows: 2 }),
    ];
}
