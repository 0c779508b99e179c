// What can be done to cases: to all that are selected, else to the one that is
// open or has the focus. All of it can be taken back.
import { tr, words } from "../lib/i18n.js";
import { box } from "../lib/dom.js";
import { editText } from "./edit.js";
import { absencesSoon } from "./absent.js";
import { pick } from "./pick.js";
import { choicesOf } from "./choices.js";
import { inWords } from "./actionwords.js";
import { runMany, takeBack } from "./runmany.js";

await words("bulk");

/**
 * The cases that a key means.
 * @param {import("./page.js").Desk} desk
 * @returns {import("./selection.js").Ticked[]}
 */
export function targets(desk) {
    const some = desk.selection.list();
    if (some.length) return some;
    if (desk.place.kind == "c") {
        const c = desk.view?.get?.()?.case || desk.selection.row(desk.place.id);
        return c ? [{ ...c, who: c.who || "" }] : [{ id: desk.place.id, number: 0, version: 0 }];
    }
    const row = desk.selection.row(document.activeElement?.closest?.("[data-id]")?.dataset.id);
    return row ? [row] : [];
}

/**
 * @param {import("./page.js").Desk} desk
 * @param {string} name assign, status, priority, category, team, tags, later, resolve, spam, note, answer, macros
 * @param {{anchor?: HTMLElement, cases?: import("./selection.js").Ticked[]}} [how]
 */
export async function act(desk, name, how = {}) {
    const cases = how.cases || targets(desk);
    if (!cases.length) return desk.host.toast.info(tr("many.nothing"));
    const anchor = how.anchor || place(desk);
    const go = (actions) => perform(desk, cases, { actions });
    switch (name) {
        case "resolve":
            return go([{ do: "status", value: "resolved" }]);
        case "spam":
            if (cases.length > 1 && !(await desk.host.confirm(tr("many.spam.sure", { n: cases.length }), { yes: tr("many.spam.yes"), no: tr("action.cancel") }))) return;
            return go([{ do: "spam", value: true }]);
        case "note":
            return editText(anchor, { label: tr("many.note.to", { n: cases.length }), value: "", max: 10000, rows: 4, save: (body) => go([{ do: "note", value: { body } }]) });
        case "answer":
            return (await import("./answermany.js")).answerMany(desk, cases);
        case "macros":
            return (await import("./macros.js")).macroPicker(desk, cases);
    }
    if (name == "assign") await absencesSoon(desk);
    const c = choicesOf(desk, name, cases);
    pick(anchor, {
        ...c,
        label: tr("many.pick." + name, { n: cases.length }),
        done: async (chosen) => {
            const actions = await c.actions(chosen, anchor);
            if (actions?.length) go(actions);
        },
    });
}

/** Beside what a menu opens that a key asked for. */
function place(desk) {
    const bar = desk.selection.size() && document.querySelector(".pd-many");
    const row = document.activeElement?.closest?.(".pd-row");
    return bar || (desk.place.kind && document.querySelector(".pd-case-line")) || row || document.querySelector(".pd-list-head") || document.body;
}

/**
 * Runs it and says what was done, with one way back.
 * @param {import("./page.js").Desk} desk
 * @param {{actions?: Object[], macro?: string, name?: string}} what name: of the macro
 */
export async function perform(desk, cases, what) {
    const { name, ...ask } = what;
    const said = name ? tr("macros.named", { name }) : inWords(desk, what.actions).join(" · ");
    const out = await runMany(desk, cases, ask);
    if (ask.actions && out.done.length) desk.lastActions = [ask.actions, ...(desk.lastActions || [])].slice(0, 5);
    const byID = new Map(cases.map((c) => [c.id, c]));
    out.failed = out.failed.map((f) => ({ ...f, number: f.number || byID.get(f.id)?.number, who: byID.get(f.id)?.who || "" }));
    const one = cases.length == 1;
    if (one && out.failed.length) desk.host.toast.error(tr("many.failed.one", { number: out.failed[0].number || "", why: out.failed[0].message }));
    else desk.selection.failed?.(out.failed, out.stopped);
    after(desk, out.done);
    if (!out.done.length) return out;
    if (!one) desk.selection.clear();
    const n = out.done.length;
    desk.undo.offer(tr(one ? "many.did.one" : "many.did", { what: said, n, number: out.done[0].number }), {
        until: out.until ? out.until - 500 : undefined,
        run: () => back(desk, out.done),
    });
    return out;
}

async function back(desk, done) {
    const out = await takeBack(desk, done);
    after(desk, out.done);
    if (out.failed.length && !out.done.length && done.length == 1) throw Object.assign(new Error(out.failed[0].message), { status: 0 });
    if (out.failed.length) desk.selection.failed?.(out.failed, 0, true);
    const kept = out.done.some((d) => d.kept);
    return tr("many.undone", { n: out.done.length }) + (kept ? " " + tr("many.undone.kept") : "");
}

function after(desk, done) {
    desk.recount();
    desk.list?.reload?.();
    if (done.some((d) => d.id == desk.place.id)) desk.view?.reload?.();
}

/** For the bar: what failed stays until somebody has read it. */
export const failures = (list, stopped = 0, undo = false) => box({ list, stopped, undo });
