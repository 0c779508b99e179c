// A text that belongs elsewhere, such as in the DNS, with a button to take it along.
import { tr, words } from "../lib/i18n.js";
import { button } from "../lib/dom.js";

await words("side");

/** @param {import("../start.js").Context} ctx @param {string} label @param {string} text */
export function copyRow(ctx, label, text) {
    return t.div(
        { className: "pd-copyrow" },
        t.span({ className: "pd-copyrow-name" }, label),
        t.code({ tabIndex: 0 }, text),
        button({
            icon: "file-copy-line",
            title: tr("action.copy", { value: label }),
            kind: "quiet square",
            run: async () => {
                try {
                    await navigator.clipboard.writeText(text);
                    ctx.host.toast.ok(tr("action.copied"));
                } catch {
                    ctx.host.toast.info(text);
                }
            },
        }),
    );
}
