// Two people changed one case: what the other did, and one press to do one's
// own again on top of it. Nothing is overwritten unseen.
import { colon, comma, tr, trOr, words } from "../lib/i18n.js";
import { action, box, button, icon } from "../lib/dom.js";
import { ago, moment, when } from "../lib/time.js";
import { priorityName, statusName } from "./labels.js";

await words("compose", "side");

/** @typedef {{field: string, before: any, after: any, actor_name: string, at: string}} Change */

/** Whether others touched what one wanted to change oneself. @param {Change[]} changed @param {Object} fields */
export const collides = (changed, fields) =>
    changed.some((c) => c.field in fields && JSON.stringify(c.after ?? "") != JSON.stringify(fields[c.field] ?? ""));

/**
 * @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view
 * @param {{changed: Change[], fields: Object, again: () => Promise<any>, close: () => void}} o fields: what one wanted to save
 */
export function conflictBar(desk, view, { changed, fields, again, close }) {
    const mine = Object.entries(fields).filter(([name]) => changed.some((c) => c.field == name));
    return t.div(
        { className: "pd-conflict", role: "alertdialog", ariaLabel: tr("conflict.title"), onkeydown: (e) => e.key == "Escape" && close() },
        icon("git-merge-line"),
        t.div(
            { className: "pd-conflict-what" },
            t.strong({}, tr("conflict.title")),
            t.ul({}, changed.slice(0, 8).map((c) =>
                t.li(
                    {},
                    t.bdi({}, c.actor_name || tr("who.system")),
                    colon(),
                    tr("conflict.change", { field: fieldName(c.field), before: value(desk, c.field, c.before), after: value(desk, c.field, c.after) }),
                    " ",
                    t.span({ className: "pd-hint" }, when(c.at, ago)),
                )
            )),
            t.p({}, tr("conflict.mine"), " ", mine.map(([name, v]) => `${fieldName(name)}${colon()}${value(desk, name, v)}`).join(" · ")),
        ),
        t.div(
            { className: "pd-conflict-do", onmount: (el) => el.querySelector("button")?.focus() },
            button({ label: tr("conflict.keep"), kind: "small", run: close }),
            action({ label: tr("conflict.again"), kind: "small primary", run: again }),
        ),
    );
}

const fieldName = (name) => trOr("fact." + name, trOr("conflict.field." + name, name));

function value(desk, field, v) {
    if (v === undefined || v === null || v === "" || (Array.isArray(v) && !v.length)) return tr("none");
    switch (field) {
        case "status": return statusName(v);
        case "priority": return priorityName(v);
        case "category": return desk.names.category(v);
        case "assignee":
        case "follow_up_for": return desk.names.agent(v) || String(v);
        case "team": return desk.names.team(v) || String(v);
        case "follow_up_at":
        case "promised_at": return moment(v) || String(v);
    }
    return Array.isArray(v) ? v.join(comma()) : String(v).slice(0, 80);
}

/** Others were faster: what they did elsewhere stands beside ours, what they did to the same fact is shown first. */
export async function collided(desk, view, { fields, version, changed, change }) {
    await view.reload();
    if (view.get().case.version > version && !collides(changed, fields)) return change(fields);
    view.s.conflict = box({ n: performance.now(), changed, fields, again: () => change(fields), close: () => (view.s.conflict = box(null)) });
    view.s.data = box(view.get());
    return false;
}
