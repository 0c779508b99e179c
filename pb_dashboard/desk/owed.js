// What a case is owed by its service level: each thing with its date, what became
// of it, and whether the time rests.
import { tr, words } from "../lib/i18n.js";
import { chip, icon } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { parse } from "../lib/time.js";
import { dated } from "../lib/zone.js";

await words("service");

const names = new Map(); // of service levels, by id
const kinds = ["first_response", "next_response", "resolution"];

/** @param {HTMLElement} at what was pressed, in its button @param {import("./page.js").Desk} desk @param {Object} c the case */
export async function showOwed(at, desk, c) {
    const anchor = at.closest("button");
    if (!names.has(c.policy)) {
        const policy = await desk.api.read("sla_policies", c.policy).catch(() => null);
        if (policy) names.set(c.policy, policy.name);
    }
    popover(anchor, () => content(desk, c), { label: tr("owed.title"), className: "pd-owed" });
}

function content(desk, c) {
    const at = (v) => dated(v);
    const told = c.told || {}, rests = parse(c.paused_at), now = Date.now();
    return [
        t.h3({ className: "pd-owed-title" }, icon("timer-line"), names.has(c.policy) ? tr("owed.level", { name: names.get(c.policy) }) : tr("owed.title")),
        rests ? t.p({ className: "pd-owed-rests" }, icon("pause-circle-line"), tr("owed.rests", { at: at(c.paused_at) })) : null,
        t.ul({ className: "pd-owed-list" }, kinds.map((kind) => row(kind, told[kind], { at, rests, now }))),
    ];
}

function row(kind, mark, { at, rests, now }) {
    if (!mark?.due) return null;
    const due = parse(mark.due), warn = parse(mark.warn);
    if (!due) return null;
    const over = !rests && due < now;
    const state = mark.ended ? chip(tr("owed." + mark.ended), mark.ended == "met" ? "ok" : "bad") : over ? chip(tr("owed.late", { at: at(mark.due) }), "bad") : t.span({}, tr("owed.by", { at: at(mark.due) }));
    const note = !mark.ended && !over && !rests && warn ? tr(warn < now ? "owed.warned" : "owed.warn", { at: at(mark.warn) }) : "";
    return t.li({}, t.strong({}, tr("owed." + kind)), state, note ? t.span({ className: "pd-hint" }, note) : null);
}
