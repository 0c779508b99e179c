// Words that set a priority, category, tag or team when a message holds them.
import { tr, words } from "../lib/i18n.js";
import { chip } from "../lib/dom.js";
import { localeName, names, priorities, priorityName } from "../desk/labels.js";
import { recordsScreen } from "./records.js";

await words("settings");

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const n = names(ctx);
    const value = (r) => ({ priority: () => priorityName(r.value), category: () => n.category(r.value), team: () => n.team(r.value), tag: () => "#" + r.value })[r.effect]?.() || r.value;
    const choices = {
        priority: priorities.map((p) => [p, priorityName(p)]),
        category: n.categories().map((c) => [c.id, n.category(c.id)]),
        team: (ctx.me.teams || []).map((x) => [x.id, x.name]),
    };
    // each effect has its own way to choose a value; all write the same field
    const choose = (effect) => ({ name: "value_" + effect, type: "select", label: tr("keywords.value"), options: [["", tr("form.choose")], ...choices[effect]], when: (v) => v.effect == effect });

    return recordsScreen(ctx, {
        key: "keywords",
        name: "keywords",
        blank: { words: [], effect: "priority", value: "", value_priority: "high", locale: "", note: "", enabled: true },
        order: (rows) => rows.map((r) => ({ ...r, ["value_" + r.effect]: r.value })),
        prepare: ({ value_priority, value_category, value_team, value_tag, ...r }) => ({ ...r, value: { priority: value_priority, category: value_category, team: value_team, tag: value_tag }[r.effect] || "" }),
        specs: () => [
            { name: "words", type: "words", label: tr("keywords.words"), help: tr("keywords.words.help") },
            { name: "effect", type: "select", label: tr("keywords.effect"), options: ["priority", "category", "tag", "team"].map((e) => [e, tr("keywords.effect." + e)]) },
            choose("priority"),
            choose("category"),
            choose("team"),
            { name: "value_tag", type: "text", label: tr("keywords.value"), max: 60, when: (v) => v.effect == "tag" },
            { name: "note", type: "text", label: tr("form.note"), help: tr("keywords.note.help"), wide: true },
            { name: "locale", type: "select", label: tr("filter.locale"), help: tr("keywords.locale.help"), options: [["", tr("filter.any")], ...ctx.me.locales.map((l) => [l, localeName(l)])] },
            { name: "enabled", type: "bool", label: tr("form.enabled") },
        ],
        line: (r) => [
            t.span({ className: "pd-record-main" }, (r.words || []).map((w) => t.span({ className: "pd-word" }, w))),
            t.span({ className: "pd-record-side" }, tr("keywords.sets." + (r.effect || "priority")), " ", t.strong({}, value(r))),
            r.enabled === false ? chip(tr("form.off"), "plain") : null,
            t.span({ className: "pd-hint pd-hits" }, tr("form.hits", { n: r.hits || 0 })),
        ],
    });
}
