// What a menu offers for each thing that can be done, and the actions that a
// choice stands for.
import { tr, words } from "../lib/i18n.js";
import { button, select } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { at as momentOf, fromLocal, toLocal, wall, workingDay, ownZone } from "../lib/wallclock.js";
import { dated, shopZone } from "../lib/zone.js";
import { absentHint } from "./absent.js";
import { priorities, priorityName, statusName } from "./labels.js";

await words("bulk");

/** The statuses that staff give. */
export const settable = ["open", "pending", "on_hold", "resolved", "closed"];

/** The value that all of the cases have, else undefined. */
const shared = (cases, field) => (cases.every((c) => c[field] === cases[0][field]) ? cases[0][field] : undefined);

/**
 * @param {import("./page.js").Desk} desk
 * @param {string} name assign, team, status, priority, category, tags, later
 * @param {import("./selection.js").Ticked[]} cases
 * @returns {{items: import("./pick.js").Choice[], several?: boolean, fresh?: Function, actions: (chosen: any, anchor: HTMLElement) => Object[]|Promise<Object[]>}}
 */
export function choicesOf(desk, name, cases) {
    const simple = (items, field = name) => ({
        items: items.map((i) => ({ ...i, checked: i.value === shared(cases, field) })),
        actions: (chosen) => [{ do: name, value: chosen.value }],
    });
    switch (name) {
        case "assign":
            return simple(people(desk, cases), "assignee");
        case "team":
            return simple([...(desk.me.teams || []).map((x) => ({ value: x.id, label: x.name, icon: "team-line" })), { value: "", label: tr("many.noteam"), icon: "close-line" }]);
        case "status":
            return simple(settable.map((v) => ({ value: v, label: statusName(v) })));
        case "priority":
            return simple(priorities.map((v) => ({ value: v, label: priorityName(v) })));
        case "category":
            return simple([...desk.names.categories().filter((c) => c.enabled !== false).map((c) => ({ value: c.id, label: desk.names.category(c.id), also: c.id })), { value: "", label: tr("many.nocategory"), icon: "close-line" }]);
        case "tags":
            return tags(desk, cases);
        case "later":
            return later(desk);
    }
}

/** Oneself first, then the colleagues who see all of the cases, by name, then nobody. */
export function people(desk, cases = []) {
    const me = desk.me.agent?.id;
    const sees = (a) => a.role != "agent" || cases.every((c) => !c.team || c.team == a.team);
    const others = (desk.me.agents || []).filter((a) => a.id != me && sees(a)).sort((a, b) => a.name.localeCompare(b.name));
    return [
        me ? { value: me, label: tr("many.me"), also: desk.me.agent.name, icon: "user-received-line" } : null,
        ...others.map((a) => {
            const hint = absentHint(desk, a.id);
            return { value: a.id, label: a.name, icon: hint ? "plane-line" : "user-line", hint };
        }),
        { value: "", label: tr("many.nobody"), icon: "user-unfollow-line" },
    ].filter(Boolean);
}

/** Tags that all of the cases have are ticked; unticked ones are taken off. */
function tags(desk, cases) {
    const all = (tag) => cases.every((c) => (c.tags || []).includes(tag));
    const used = new Set([...cases, ...desk.selection.rows()].flatMap((c) => c.tags || []));
    const items = [...used].filter((x) => x != "spam").sort((a, b) => all(b) - all(a) || a.localeCompare(b)).map((value) => ({ value, label: value, icon: "price-tag-3-line", checked: all(value), was: all(value) }));
    return {
        items,
        several: true,
        fresh: (typed) => items.some((i) => i.value == typed) ? null : { value: typed.slice(0, 60), label: tr("many.newtag", { tag: typed.slice(0, 60) }), icon: "add-line", was: false },
        actions: (chosen) => {
            const on = chosen.filter((i) => !i.was).map((i) => i.value);
            const off = items.filter((i) => i.was && !i.checked).map((i) => i.value);
            return [on.length && { do: "add_tags", value: on }, off.length && { do: "remove_tags", value: off }].filter(Boolean);
        },
    };
}

/** Moments that people mean when they say "later", on the shop's clock; the server knows the words as well. */
export function moments(desk, now = new Date()) {
    const zone = ownZone();
    const today = wall(now, zone);
    const at = (days, h) => momentOf({ ...today, d: today.d + days, h, min: 0 }, zone);
    return [
        today.h < 17 ? ["tonight", at(0, 18)] : null,
        ["tomorrow", at(1, 9)],
        ["3_working_days", workingDay(3, "opens", { ...desk.me.shop, timezone: shopZone(desk) }, now)],
        ["monday", at((8 - today.day) % 7 || 7, 9)],
        ["week", at(7, 9)],
    ].filter((m, i, all) => m && !all.slice(0, i).some((x) => x && +x[1] == +m[1])); // Monday may be tomorrow
}

/** The words that a macro may keep. */
export const laterWords = ["tonight", "tomorrow", "1_working_days", "3_working_days", "monday", "week"];

function later(desk) {
    const list = moments(desk);
    const item = (kind) => ([word, date]) => ({ value: { do: kind, until: date.toISOString() }, label: tr(`many.${kind}`, { when: tr("when." + word) }), hint: dated(date.toISOString()), icon: kind == "snooze" ? "zzz-line" : "alarm-line" });
    return {
        items: [
            ...list.map(item("snooze")),
            { value: { date: true }, label: tr("many.later.date"), icon: "calendar-line" },
            ...list.map(item("remind")),
            { value: { do: "remind", until: "" }, label: tr("many.later.clear"), icon: "close-line" },
        ],
        actions: ({ value }, anchor) => value.date ? askDate(desk, anchor) : [{ do: value.do, value: { until: value.until } }],
    };
}

/** A date of one's own, with the reason and the person to whom the case comes back. */
function askDate(desk, anchor) {
    if (desk.place.kind == "c" && !desk.selection.size() && desk.view?.snooze) return desk.view.snooze(); // one case has a panel of its own
    return new Promise((resolve) => {
        let kind = "snooze", whom = "";
        const zone = ownZone(), tomorrow = moments(desk).find(([word]) => word == "tomorrow")[1];
        const at = t.input({ type: "datetime-local", className: "pd-input", ariaLabel: tr("many.later.at"), value: toLocal(tomorrow.toISOString(), zone) });
        const note = t.input({ className: "pd-input", maxLength: 1000, placeholder: tr("many.later.note"), ariaLabel: tr("many.later.note") });
        const save = (close) => {
            const date = fromLocal(at.value, zone);
            if (!date || Date.parse(date) < Date.now()) return at.focus();
            resolve([{ do: kind, value: { until: date.replace(" ", "T"), note: note.value.trim(), for: whom } }]);
            close();
        };
        popover(
            anchor,
            (close) => [
                select({ label: tr("many.later.kind"), value: kind, options: [["snooze", tr("many.later.snooze")], ["remind", tr("many.later.remind")]], onchange: (v) => (kind = v) }),
                at,
                note,
                select({ label: tr("many.later.for"), value: "", options: [["", tr("many.later.whoever")], ...people(desk).filter((p) => p.value).map((p) => [p.value, p.label])], onchange: (v) => (whom = v) }),
                t.div({ className: "pd-pop-foot" }, button({ label: tr("action.cancel"), kind: "quiet", run: close }), button({ label: tr("action.save"), kind: "primary", run: () => save(close) })),
            ],
            { label: tr("many.later.date"), className: "pd-later-date", onclose: () => resolve(null) },
        );
        at.focus();
    });
}
