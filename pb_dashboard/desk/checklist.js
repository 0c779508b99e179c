// What to ask for in this category: ticked, and turned into a message in the
// visitor's language with one press.
import { byLocale, tr, words } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { askIn, askingMessage } from "./asking.js";

await words("side");

/** The questions in the Desk's language beside those in the visitor's. */
function questions(desk, c) {
    const lists = (desk.me.categories || []).find((x) => x.id == c.category)?.checklist;
    const ours = byLocale(lists), theirs = lists?.[askIn(c.locale)];
    if (!Array.isArray(ours)) return [];
    return ours.map((q, i) => ({ q, asked: (Array.isArray(theirs) && theirs.length == ours.length ? theirs : ours)[i] }));
}

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function checklist(desk, view) {
    const c = view.get().case, list = questions(desk, c);
    if (!list.length) return null;
    const s = store({ ticked: box(new Set(list.keys())) });
    const tick = (i) => {
        const set = new Set(s.ticked.value);
        if (!set.delete(i)) set.add(i);
        s.ticked = box(set);
    };
    const ask = () => desk.view.ask(askingMessage(list.filter((_, i) => s.ticked.value.has(i)).map((x) => x.asked), c.locale));
    return t.details(
        { rid: "checklist" + c.category + c.locale, className: "pd-checklist" },
        t.summary({}, tr("fact.checklist", { n: list.length }), icon("arrow-down-s-line")),
        t.ul({}, list.map((x, i) =>
            t.li({}, t.label(
                { title: x.asked != x.q ? x.asked : undefined },
                t.input({ type: "checkbox", checked: () => s.ticked.value.has(i), onchange: () => tick(i) }),
                t.span({}, x.q),
            ))
        )),
        button({ label: tr("checklist.ask"), icon: "question-answer-line", kind: "small", title: tr("checklist.ask.why"), disabled: () => !s.ticked.value.size, run: ask }),
    );
}
