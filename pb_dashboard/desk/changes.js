// What staff and the system changed, small and between the messages where it
// happened. The whole trail stands at the side.
import { icon } from "../lib/dom.js";
import { brief, parse, when } from "../lib/time.js";
import { eventWords } from "./eventwords.js";

const told = new Set(["status", "assignee", "team", "category", "priority", "follow_up", "promise"]);
const together = 120_000; // changes of one person within this time are one line

/**
 * @param {Object} data the case's view
 * @returns {{at: string, rid: string, line: (desk: Object) => HTMLElement}[]} oldest first; none older than the messages that are shown
 */
export function changeLines(data) {
    const from = data.earlier ? data.messages[0].created : "";
    const out = [];
    for (const e of data.events || []) {
        if (!told.has(e.kind) || e.created < from) continue;
        const last = out.at(-1);
        const near = last && last.actor == e.actor_name && parse(e.created) - parse(last.at) < together && !between(data.messages, last.at, e.created);
        if (near) last.events = [...last.events.filter((x) => x.kind != e.kind), merged(last.events.find((x) => x.kind == e.kind), e)];
        else out.push({ at: e.created, actor: e.actor_name, events: [e] });
    }
    return out.map((c) => ({ at: c.at, rid: "change " + c.events.map((e) => e.id).join(" "), line: (desk) => line(desk, c) }));
}

const between = (messages, a, b) => messages.some((m) => m.created > a && m.created <= b);

/** Two changes of the same fact are one: from the first to the last. */
const merged = (first, e) => (first ? { ...e, before: first.before } : e);

const line = (desk, c) =>
    t.div(
        { className: "pd-change" },
        icon("settings-4-line"),
        t.span({}, c.events.map((e) => eventWords(desk, e)).join(" · ")),
        t.span({ className: "pd-hint" }, when(c.at, brief)),
    );
