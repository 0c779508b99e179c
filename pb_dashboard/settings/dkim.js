// The key that signs outgoing mail, and what the domain's DNS must say of it.
import { tr, words } from "../lib/i18n.js";
import { action, box, field, icon } from "../lib/dom.js";
import { fieldError, sentence } from "../lib/api.js";
import { copyRow } from "./copyrow.js";

await words("mailset");

/** @param {import("../start.js").Context} ctx */
export function dkimCard(ctx) {
    const s = store({ state: null, gone: false, err: null, fresh: false });
    const load = () => ctx.api.dkim().then((d) => (s.state = box(d))).catch(() => (s.gone = true));
    load();
    const input = (value, placeholder) => t.input({ className: "pd-input", value, placeholder, maxLength: 253, autocomplete: "off", spellcheck: false });
    const make = (domain, selector) => async () => {
        s.err = null;
        try {
            s.state = box(await ctx.api.makeDKIM({ domain: domain.value.trim(), selector: selector.value.trim() }));
            s.fresh = true;
        } catch (err) {
            s.err = err;
            if (!Object.keys(err?.response?.data || {}).length) ctx.host.toast.error(sentence(err));
        }
    };
    const form = (d) => {
        const domain = input(d.domain, "shop.example");
        const selector = input(nextSelector(d.selector), "pd1");
        return t.details(
            { className: "pd-make", open: !d.record && !d.env },
            t.summary({}, icon("key-2-line"), tr(d.record ? "dkim.remake" : "dkim.make"), icon("arrow-down-s-line")),
            d.record ? t.p({ className: "pd-hint" }, tr("dkim.remake.help")) : null,
            t.div(
                { className: "pd-form-grid" },
                field({ label: tr("dkim.domain"), help: tr("dkim.domain.help"), control: domain, error: () => s.err && fieldError(s.err, "domain") }),
                field({ label: tr("dkim.selector"), help: tr("dkim.selector.help"), control: selector, error: () => s.err && fieldError(s.err, "selector") }),
            ),
            t.div({ className: "pd-form-foot" }, t.span({ className: "pd-row-fill" }), action({ label: tr("dkim.make"), icon: "key-2-line", run: make(domain, selector) })),
        );
    };
    return t.section(
        { className: "pd-setcard", hidden: () => s.gone },
        t.h3({}, tr("dkim.title")),
        t.p({ className: "pd-hint" }, tr("dkim.intro")),
        () => {
            const d = s.state?.value;
            if (!d) return null;
            return t.div(
                { rid: "dkim" + JSON.stringify(d) },
                d.problem ? t.p({ className: "pd-notice", role: "alert" }, icon("error-warning-line"), tr("dkim.problem", { why: d.problem })) : null,
                d.record
                    ? t.div(
                        {},
                        t.p({}, tr(s.fresh ? "dkim.fresh" : "dkim.record")),
                        copyRow(ctx, tr("dkim.name"), d.name),
                        copyRow(ctx, tr("dkim.value"), d.record),
                    )
                    : null,
                d.env ? t.p({ className: "pd-hint" }, icon("lock-line"), tr("dkim.env")) : form(d),
            );
        },
    );
}

/** "pd2" after "pd1": the old record stays valid for the mail under way. */
const nextSelector = (now) => (now || "pd0").replace(/\d*$/, (n) => String(Number(n || 1) + 1));
