// A text to try the model on; nothing of it is kept.
import { tr, words } from "../lib/i18n.js";
import { action, box, field } from "../lib/dom.js";
import { fieldError, sentence } from "../lib/api.js";
import { share } from "../screening/tiles.js";

await words("topics");

const shown = 4;

/** @param {import("../start.js").Context} ctx */
export function tryBox(ctx, known) {
    const s = store({ answer: null, error: "" });
    const input = t.textarea({ className: "pd-textarea", rows: 4, maxLength: 10000, placeholder: tr("topics.try.example") });
    const run = async () => {
        try {
            s.answer = box(await ctx.host.send("/api/desk/topics/try", { method: "POST", body: { text: input.value } }));
            s.error = "";
        } catch (err) {
            s.answer = null;
            s.error = fieldError(err, "text") || sentence(err);
        }
    };
    return t.section(
        { className: "pd-panel" },
        t.h3({}, tr("topics.try")),
        field({ label: tr("topics.try.text"), control: input, error: () => s.error, wide: true }),
        action({ label: tr("topics.try.run"), icon: "search-eye-line", run }),
        t.div({ role: "status" }, () => s.answer ? verdict(s.answer.value, known) : null),
    );
}

function verdict(a, known) {
    if (!a.said) return t.p({ rid: "none" }, tr("topics.try.empty"));
    const likely = Object.entries(a.all).sort((x, y) => y[1] - x[1]).slice(0, shown).filter(([, p]) => p >= 0.01);
    return t.div(
        { rid: JSON.stringify(a), className: "pd-topic-tried" },
        t.p({}, t.strong({}, a.category ? tr("topics.try.yes", { name: known.category(a.category) }) : tr("topics.try.no"))),
        t.ul({ className: "pd-topic-odds" }, likely.map(([k, p]) => t.li({}, t.span({}, known.category(k)), t.meter({ min: 0, max: 1, value: p, ariaLabel: known.category(k) }), t.span({ className: "pd-hint" }, share(p, 1))))),
        a.base != a.said ? t.p({ className: "pd-hint" }, tr("topics.try.base", { name: known.category(a.base), p: share(a.base_p, 1) })) : null,
    );
}
