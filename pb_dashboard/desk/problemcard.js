// The fault that a case reports, or what it may report, beside its conversation.
import { comma, tr, words } from "../lib/i18n.js";
import { box, button, chip, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { openQueue } from "./queues.js";
import { pickProblem } from "./problempick.js";

await words("problems");
await words("side");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function problemCard(desk, view) {
    const s = store({ near: box(null), own: box(null) });
    let asked;
    const ask = async () => {
        const id = view.get()?.case.problem || "";
        if (id === asked || view.get()?.merged) return;
        asked = id;
        try {
            await desk.api.admin();
            if (id) s.own = box(await desk.api.problem(id));
            else {
                s.own = box(null);
                s.near = box(await desk.api.problemsNear(view.id));
            }
        } catch (err) {
            console.warn("what this case reports is unknown:", err);
        }
    };
    const link = async (id, remove = false) => {
        try {
            await desk.api.linkProblem(id, { cases: [view.id], remove });
            await view.reload();
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    let w;
    return t.div(
        {
            className: "pd-problem-card",
            onmount: () => (w = watch(() => view.s.data, ask)),
            onunmount: () => w?.unwatch(),
        },
        () => s.own.value ? known(desk, s.own.value, link) : offer(desk, view, s.near.value, link),
    );
}

const known = (desk, p, link) =>
    t.section(
        { rid: "own" + p.id + p.state, ariaLabel: tr("problems.one") },
        t.p({ className: "pd-problem-line" }, icon("bug-line"), t.strong({ dir: "auto" }, p.title), chip(tr("problems.state." + p.state), p.state == "fixed" ? "ok" : "warn")),
        t.p(
            { className: "pd-problem-acts" },
            button({ label: tr("problems.cases", { n: p.cases }), kind: "small quiet", run: () => openQueue(desk, "problems") }),
            button({ label: tr("problems.notthis"), kind: "small quiet", run: () => link(p.id, true) }),
        ),
    );

function offer(desk, view, near, link) {
    const report = (e) => pickProblem(desk, e.currentTarget, [view.id], view.reload);
    const likely = near?.problems[0];
    return t.section(
        { rid: "near" + (likely?.id || "") + (near?.cases.length || 0), ariaLabel: tr("problems.one") },
        likely
            ? t.div(
                { className: "pd-problem-offer" },
                t.p({}, icon("bug-line"), tr("problems.maybe"), " ", t.strong({ dir: "auto" }, likely.title), " ", t.span({ className: "pd-hint" }, tr("problems.cases", { n: likely.cases }))),
                button({ label: tr("problems.link"), kind: "small", run: () => link(likely.id) }),
            )
            : null,
        !likely && near?.cases.length > 1 ? t.p({ className: "pd-hint" }, tr("problems.similar", { n: near.cases.length }), " ", near.cases.map((c) => "#" + c.number).join(comma())) : null,
        button({ label: tr("problems.report"), icon: "bug-line", kind: "small quiet", run: report }),
    );
}
