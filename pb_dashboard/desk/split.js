// A message that is a matter of its own becomes a case of its own.
import { tr, words } from "../lib/i18n.js";
import { action, button, icon } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { calmLine } from "../lib/calm.js";
import { refusal, unmerge } from "./merge.js";

await words("merge");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {Object} m the message @param {HTMLElement} anchor */
export function splitPanel(desk, view, m, anchor) {
    const s = store({ error: "", later: false });
    popover(
        anchor,
        (close) => {
            const input = t.input({ className: "pd-input", maxLength: 300, value: calmLine(m.subject) || calmLine(m.body).slice(0, 80), ariaLabel: tr("split.subject") });
            const go = action({
                label: tr("split.do"),
                icon: "git-branch-line",
                kind: "primary",
                run: async () => {
                    try {
                        const out = await desk.api.split(m.id, { subject: input.value.trim(), later: s.later });
                        close();
                        desk.undo.offer(tr("split.done", { number: out.number }), { run: () => unmerge(desk, view, out.merge) });
                        desk.recount?.();
                        desk.list?.reload?.();
                        desk.go({ kind: "c", id: out.case });
                    } catch (err) {
                        s.error = refusal(err);
                    }
                },
            });
            requestAnimationFrame(() => input.focus());
            return t.form(
                { onsubmit: (e) => (e.preventDefault(), go.click()) },
                t.h3({ className: "pd-edit-label" }, tr("split.title")),
                t.label({ className: "pd-field" }, t.span({}, tr("split.subject")), input),
                t.label({ className: "pd-split-later" }, t.input({ type: "checkbox", onchange: (e) => (s.later = e.target.checked) }), t.span({}, tr("split.later"))),
                t.p({ className: "pd-hint" }, tr("split.why")),
                () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null,
                t.div({ className: "pd-pop-foot" }, button({ label: tr("action.cancel"), kind: "quiet", run: () => (close(), anchor.focus()) }), go),
            );
        },
        { label: tr("split.title"), className: "pd-edit" },
    );
}
