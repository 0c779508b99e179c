// Where a case went that another one took over, and what this one took over:
// each with a way back.
import { tr, words as loadWords } from "../lib/i18n.js";
import { action, button, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { when } from "../lib/time.js";
import { unmerge } from "./merge.js";
import { personName } from "./labels.js";

await loadWords("merge");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function mergedBar(desk, view) {
    return t.div({ rid: "merged" }, () => {
        const { merged, merges } = view.get();
        if (!merged && !merges?.length) return null;
        return t.div(
            { rid: JSON.stringify([merged, merges]), className: "pd-merged-bar", role: "status" },
            merged ? gone(desk, view, merged) : null,
            merges?.length
                ? t.details(
                    {},
                    t.summary({}, icon("git-merge-line"), t.span({}, tr("merged.list", { n: merges.length })), icon("arrow-down-s-line")),
                    t.ul({}, merges.map((m) => t.li({}, t.span({}, line(desk, m)), " ", t.span({ className: "pd-hint" }, m.agent_name ? m.agent_name + " · " : "", when(m.created)), back(desk, view, m)))),
                )
                : null,
        );
    });
}

function gone(desk, view, m) {
    return t.div(
        { className: "pd-merged-gone" },
        icon("git-merge-line"),
        t.span({}, m.case ? tr("merged.into", { number: m.number }) : tr("merged.elsewhere")),
        m.case ? button({ label: tr("merged.open", { number: m.number }), kind: "small primary", run: () => desk.go({ kind: "c", id: m.case }) }) : null,
        m.id ? back(desk, view, m) : null,
    );
}

function line(desk, m) {
    if (m.kind == "contact") return tr("merged.person", { name: personName({ name: m.name }) });
    if (!m.case) return tr("merged.other");
    const words = m.kind == "split" ? (m.role == "source" ? "merged.split.off" : "merged.split.from") : "merged.took";
    return t.a({ href: desk.link({ kind: "c", id: m.case }), onclick: (e) => (e.preventDefault(), desk.go({ kind: "c", id: m.case })) }, tr(words, { number: m.number }));
}

function back(desk, view, m) {
    return action({
        label: tr("merged.undo"),
        icon: "arrow-go-back-line",
        kind: "quiet small",
        run: async () => {
            try {
                desk.undo.offer(await unmerge(desk, view, m.id));
            } catch (err) {
                desk.host.toast.error(sentence(err));
            }
        },
    });
}
