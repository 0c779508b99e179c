// What may be one fault, what is asked often without a template, and templates
// that people always change in the same way.
import { tr, words } from "../lib/i18n.js";
import { button, empty } from "../lib/dom.js";
import { caseLink } from "./problems.js";
import { localeName } from "./labels.js";

await words("problems");

/** Groups of cases that say much the same. */
export async function suggestions(desk, reload) {
    const { groups } = await desk.api.problemSuggestions();
    if (!groups.length) return empty("links-line", tr("problems.none.suggestions"), tr("problems.none.suggestions.hint"));
    return t.div({}, groups.map((g) => group(desk, g, reload)));
}

function group(desk, g, reload) {
    const make = async () => (await import("./problemform.js")).problemForm(desk, { cases: g.ids, title: "" }, reload);
    const add = async (e) => {
        const anchor = e.currentTarget;
        (await import("./problempick.js")).pickProblem(desk, anchor, g.ids, reload);
    };
    return t.article(
        { className: "pd-out pd-problem" },
        t.div(
            { className: "pd-out-main" },
            t.div({ className: "pd-row-top" }, t.strong({}, tr("problems.together", { n: g.count }))),
            g.cases[0].text ? t.p({ className: "pd-problem-words", dir: "auto" }, `“${g.cases[0].text}”`) : null,
            t.ul({ className: "pd-problem-list" }, g.cases.slice(0, 5).map((c) => t.li({}, caseLink(desk, c)))),
            t.div({ className: "pd-problem-acts" }, button({ label: tr("problems.make"), icon: "add-line", kind: "small primary", run: make }), button({ label: tr("problems.add"), kind: "small quiet", run: add })),
        ),
    );
}

/** What is asked often and answered by hand. */
export async function questions(desk) {
    const { questions: list } = await desk.api.openQuestions(30);
    if (!list.length) return empty("question-answer-line", tr("problems.none.questions"), tr("problems.none.questions.hint"));
    return t.div(
        {},
        list.map((q) =>
            t.article(
                { className: "pd-out pd-problem" },
                t.div(
                    { className: "pd-out-main" },
                    t.div({ className: "pd-row-top" }, t.strong({}, tr("problems.asked", { n: q.count }))),
                    t.p({ className: "pd-problem-words", dir: "auto" }, `“${q.cases[0].text || q.cases[0].subject}”`),
                    t.ul({ className: "pd-problem-list" }, q.cases.slice(0, 3).map((c) => t.li({}, caseLink(desk, c)))),
                    q.answers.length ? t.details({}, t.summary({}, tr("problems.answers")), q.answers.map((a) => t.blockquote({ className: "pd-problem-answer", dir: "auto" }, a.body))) : null,
                ),
            )),
    );
}

/** Templates that are always changed in the same way. */
export async function templates(desk) {
    const { templates: list } = await desk.api.editedTemplates(30);
    if (!list.length) return empty("file-edit-line", tr("problems.none.templates"), tr("problems.none.templates.hint"));
    const lines = (kind, changes) => changes.map((c) => t.li({ className: "is-" + kind }, t.span({ className: "pd-hint" }, tr("problems.line." + kind, { n: c.count })), " ", t.span({ dir: "auto" }, c.line)));
    return t.div(
        {},
        list.map((e) =>
            t.article(
                { className: "pd-out pd-problem" },
                t.div(
                    { className: "pd-out-main" },
                    t.div({ className: "pd-row-top" }, t.strong({}, e.template), t.span({ className: "pd-hint" }, localeName(e.locale)), t.span({ className: "pd-hint" }, tr("problems.used", { n: e.used }))),
                    t.ul({ className: "pd-problem-list pd-problem-lines" }, lines("added", e.added), lines("dropped", e.dropped)),
                ),
            )),
    );
}
