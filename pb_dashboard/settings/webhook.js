// The way in for a mail provider that hands mails over by HTTP. Its secret is
// shown once, when it is made.
import { tr, words } from "../lib/i18n.js";
import { action, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { copyRow } from "./copyrow.js";

await words("mailset");

/** @param {import("../start.js").Context} ctx */
export function webhookCard(ctx) {
    const s = store({ secret: "" });
    const url = ctx.host.origin + "/api/desk/inbound/email";
    const make = async () => {
        if (!(await ctx.host.confirm(tr("webhook.sure"), { yes: tr("webhook.make"), no: tr("action.cancel") }))) return;
        try {
            s.secret = (await ctx.api.inboundSecret()).secret;
        } catch (err) {
            ctx.host.toast.error(sentence(err));
        }
    };
    const example = (secret) => `curl -X POST ${url} \\\n  -H "Authorization: Bearer ${secret}" \\\n  -H "Content-Type: message/rfc822" --data-binary @mail.eml`;
    return t.section(
        { className: "pd-setcard" },
        t.h3({}, tr("webhook.title")),
        t.p({ className: "pd-hint" }, tr("webhook.intro")),
        copyRow(ctx, tr("webhook.url"), url),
        () => s.secret
            ? t.div(
                { rid: "secret", className: "pd-once" },
                t.p({ className: "pd-notice", role: "status" }, icon("eye-line"), tr("webhook.once")),
                copyRow(ctx, tr("webhook.secret"), s.secret),
                copyRow(ctx, tr("webhook.example"), example(s.secret)),
            )
            : null,
        t.div({ className: "pd-form-foot" }, t.span({ className: "pd-row-fill" }), action({ label: tr("webhook.make"), icon: "key-2-line", run: make })),
    );
}
