// The filter's form and the words by which an active filter is named.
import { byLocale, tr, words } from "../lib/i18n.js";
import { button, select } from "../lib/dom.js";
import { filters } from "./route.js";
import { localeName, priorities, priorityName, statuses, statusName } from "./labels.js";

await words("rare");

/** @param {import("./page.js").Desk} desk */
export function filterOptions(desk) {
    const { me, names } = desk;
    return {
        category: names.categories().map((c) => [c.id, byLocale(c.labels) || c.id]),
        priority: priorities.map((p) => [p, priorityName(p)]),
        assignee: (me.agents || []).map((a) => [a.id, a.name]),
        locale: (me.locales || []).map((l) => [l, localeName(l)]),
        status: statuses.map((s) => [s, statusName(s)]),
    };
}

/** The word for a filter's value. */
function filterWord(desk, name, value) {
    return filterOptions(desk)[name]?.find(([v]) => v == value)?.[1] || value;
}

export function filterForm(desk) {
    const { place } = desk;
    const row = ([name, options]) =>
        t.label(
            { className: "pd-filter" },
            t.span({}, tr("filter." + name)),
            select({
                label: tr("filter." + name),
                value: place[name],
                options: [["", tr("filter.any")], ...options],
                onchange: (v) => desk.go({ [name]: v }, true),
            }),
        );
    return t.div(
        { className: "pd-filter-form" },
        Object.entries(filterOptions(desk)).map(row),
        button({
            label: tr("filter.clear"),
            icon: "close-line",
            kind: "quiet",
            run: (e) => {
                desk.go(Object.fromEntries(filters.map((f) => [f, ""])), true);
                e.currentTarget.closest("[popover]")?.hidePopover();
            },
        }),
    );
}

/** What is searched and filtered by, as a sentence. */
export function summary(desk) {
    const { place } = desk;
    const parts = filters.filter((f) => f != "q" && place[f]).map((f) => filterWord(desk, f, place[f]));
    return tr("filter.active", { what: parts.join(" · ") });
}
