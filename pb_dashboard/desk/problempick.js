// Which known problem cases belong to.
import { tr, words } from "../lib/i18n.js";
import { popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";

await words("problems");

/** @param {import("./page.js").Desk} desk @param {HTMLElement} anchor @param {string[]} cases @param {Function} done */
export async function pickProblem(desk, anchor, cases, done) {
    try {
        await desk.api.admin();
        const { items } = await desk.api.problems({ state: "open" });
        popover(anchor, (close) => {
            const link = async (p) => {
                close();
                try {
                    await desk.api.linkProblem(p.id, { cases });
                    desk.host.toast.ok(tr("problems.linked", { title: p.title }));
                    done?.();
                } catch (err) {
                    desk.host.toast.error(sentence(err));
                }
            };
            const make = async () => {
                close();
                (await import("./problemform.js")).problemForm(desk, { cases }, done);
            };
            return [
                t.ul(
                    { className: "pd-problem-pick" },
                    items.map((p) => t.li({}, t.button({ type: "button", className: "pd-btn pd-btn-quiet", onclick: () => link(p) }, t.span({ dir: "auto" }, p.title), t.span({ className: "pd-hint" }, tr("problems.cases", { n: p.cases }))))),
                    t.li({}, t.button({ type: "button", className: "pd-btn pd-btn-quiet", onclick: make }, tr("problems.new"))),
                ),
            ];
        }, { label: tr("problems.add") });
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}
