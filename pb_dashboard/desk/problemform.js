// The form of a problem, new or known.
import { tr, words } from "../lib/i18n.js";
import { action, button, field, icon } from "../lib/dom.js";
import { dialog } from "../lib/dialog.js";
import { fieldError, sentence } from "../lib/api.js";

await words("problems");

/** @param {import("./page.js").Desk} desk @param {{id?: string, title?: string, note?: string, url?: string, cases?: string[]}} p cases are linked to a new one @param {Function} done */
export function problemForm(desk, p, done) {
    const s = store({ error: "", title: "" });
    const title = t.input({ className: "pd-input", maxLength: 200, value: p.title || "", required: true, autocomplete: "off" });
    const note = t.textarea({ className: "pd-textarea", rows: 4, maxLength: 5000, value: p.note || "" });
    const url = t.input({ type: "url", className: "pd-input is-mono", maxLength: 1000, value: p.url || "", placeholder: "https://", autocomplete: "off" });
    const heading = tr(p.id ? "problems.edit" : "problems.new");
    const d = dialog({ label: heading, className: "pd-problem-form" }, (close) => [
        t.div({ className: "pd-dialog-head" }, t.h2({}, heading), button({ icon: "close-line", title: tr("action.close"), kind: "quiet square", run: close })),
        t.div(
            { className: "pd-problem-fields" },
            p.cases?.length ? t.p({ className: "pd-hint" }, tr("problems.willlink", { n: p.cases.length })) : null,
            field({ label: tr("problems.title"), help: tr("problems.title.help"), control: title, error: () => s.title }),
            field({ label: tr("problems.note"), control: note }),
            field({ label: tr("problems.url"), help: tr("problems.url.help"), control: url }),
            () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null,
        ),
        t.div(
            { className: "pd-dialog-foot" },
            t.span({ className: "pd-row-fill" }),
            button({ label: tr("action.cancel"), kind: "quiet", run: close }),
            action({
                label: tr("action.save"),
                kind: "primary",
                run: async () => {
                    s.title = title.value.trim() ? "" : tr("problems.title.missing");
                    if (s.title) return title.focus();
                    try {
                        await save(desk, p, { title: title.value.trim(), note: note.value.trim(), url: url.value.trim() });
                        close();
                        done?.();
                    } catch (err) {
                        s.error = fieldError(err, "url") || sentence(err);
                    }
                },
            }),
        ),
    ]);
    title.focus();
    return d;
}

async function save(desk, p, fields) {
    const made = await desk.api.save("problems", p.id ? { id: p.id, ...fields } : { ...fields, state: "open" });
    p.id ??= made.id; // a second try must not make it twice
    if (p.cases?.length) await desk.api.linkProblem(made.id, { cases: p.cases });
}
