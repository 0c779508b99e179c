// The facts of a case, changed in place. Controls are made once and follow the
// case, so that a change by somebody else never takes the focus away.
import { byLocale, language, tr, trOr, words as loadWords } from "../lib/i18n.js";
import { icon, keyed, select } from "../lib/dom.js";
import { lazy } from "../lib/lazy.js";
import { checklist } from "./checklist.js";
import { priorities, priorityName, statuses, statusName } from "./labels.js";
import { followUp } from "./followup.js";
import { promiseFact } from "./promise.js";

await loadWords("side");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function facts(desk, view) {
    const { me, names } = desk;
    const one = () => view.get().case;
    const pick = (field, options) =>
        row(
            tr("fact." + field),
            select({
                label: tr("fact." + field),
                value: () => one()[field] || "",
                options,
                onchange: (v) => view.change({ [field]: v }),
            }),
            () => because(one().reasons?.[field], names),
            field,
        );
    // an id that is no longer offered keeps its name instead of showing as nothing
    const withCurrent = (options, id, name) => (!id || options.some(([v]) => v == id) ? options : [...options, [id, name || id]]);
    const agents = (me.agents || []).filter((a) => a.role != "agent" || !one().team || a.team == one().team).sort((a, b) => (b.id == me.agent?.id) - (a.id == me.agent?.id));

    return t.section(
        { className: "pd-card pd-facts" },
        t.h3({}, tr("facts.title")),
        pick("status", statuses.map((s) => [s, statusName(s)])),
        pick("assignee", withCurrent([["", tr("fact.nobody")], ...agents.map((a) => [a.id, a.id == me.agent?.id ? tr("fact.me", { name: a.name }) : a.name])], one().assignee, names.agent(one().assignee))),
        lazy(() => import("./absent.js"), (m) => m.absentLine(desk, view)),
        (me.teams || []).length ? pick("team", [["", tr("none")], ...me.teams.map((x) => [x.id, x.name])]) : null,
        pick("category", withCurrent([["", tr("none")], ...names.categories().filter((c) => c.enabled !== false).map((c) => [c.id, byLocale(c.labels) || c.id])], one().category, names.category(one().category))),
        pick("priority", priorities.map((p) => [p, priorityName(p)])),
        row(tr("fact.tags"), tags(view)),
        followUp(desk, view),
        promiseFact(desk, view),
        () => summaryOf(one()),
        keyed(() => [one().category, one().locale].join(" "), () => checklist(desk, view)),
    );
}

const row = (label, control, more, name) => t.div({ className: "pd-fact", "html-data-fact": name }, t.span({ className: "pd-fact-name" }, label), control, more);

/** The server's quotes, as the Desk's language writes them. */
const quoted = (why) => (language() == "en" ? why : why.replace(/^“([^”]*)”/, "「$1」"));

/** Who set a fact, when it was not a member of staff. */
function because(reason, names) {
    if (!reason?.by || reason.by == "staff") return null;
    const [, category] = (reason.by == "rule" && reason.why?.match(/^category (.+)$/)) || [];
    const words = category ? tr("by.rule.category", { name: names.category(category) }) : trOr(`by.${reason.by}.${reason.why}`, trOr("by." + reason.by, reason.by, { why: quoted(reason.why || "") }));
    return t.span({ className: "pd-hint pd-fact-why", title: words }, words);
}

function summaryOf(c) {
    return c.summary ? t.p({ className: "pd-summary", title: tr("fact.summary") }, icon("magic-line"), c.summary) : null;
}

function tags(view) {
    const list = () => (Array.isArray(view.get().case.tags) ? view.get().case.tags : []);
    const add = (input) => {
        const word = input.value.trim().replace(/^#/, "");
        input.value = "";
        if (word && !list().includes(word)) view.change({ tags: [...list(), word] });
    };
    return t.div(
        { className: "pd-tags" },
        () =>
            list().map((word) =>
                t.span(
                    { rid: word, className: "pd-tag" },
                    t.span({}, word),
                    t.button(
                        { type: "button", title: tr("fact.untag", { tag: word }), ariaLabel: tr("fact.untag", { tag: word }), onclick: () => view.change({ tags: list().filter((x) => x != word) }) },
                        icon("close-line"),
                    ),
                )
            ),
        t.input({
            className: "pd-tag-input",
            placeholder: tr("fact.addtag"),
            ariaLabel: tr("fact.addtag"),
            maxLength: 40,
            onkeydown: (e) => {
                if (e.isComposing) return;
                if (e.key == "Enter" || e.key == ",") {
                    e.preventDefault();
                    add(e.target);
                }
            },
            onblur: (e) => e.target.value.trim() && add(e.target),
        }),
    );
}
