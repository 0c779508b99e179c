// Messages that screening held back, or turned away: a list to go through.
import { tr, words } from "../lib/i18n.js";
import { box, empty, failed, skeleton } from "../lib/dom.js";
import { blockPanel } from "./block.js";
import { bulk } from "./bulk.js";
import { heldRow } from "./heldrow.js";
import { marks } from "./marks.js";
import { paged, moreMark } from "./paged.js";

await words("desk", "held", "rare");

/** @param {import("./page.js").Desk} desk @param {""|"blocked"} outcome "" lists what waits for a decision */
export function heldList(desk, outcome) {
    const list = paged((cursor) => desk.api.quarantine(cursor, outcome));
    const { s } = list;
    const marked = marks(() => s.rows.value);
    const many = bulk(desk, { marks: marked, outcome });
    let body, off, w;

    const rowOf = (id) => [...(body?.querySelectorAll(".pd-row") || [])].find((r) => r.dataset.id == id);
    const show = (id) => {
        rowOf(id)?.focus({ preventScroll: true });
        rowOf(id)?.scrollIntoView({ block: "nearest" });
    };
    /** The open message, since one decides about what one sees; else the row with the focus. */
    const current = () => {
        const at = desk.place.id || document.activeElement?.closest?.(".pd-held-row")?.querySelector(".pd-row")?.dataset.id;
        return s.rows.value.find((v) => v.id == at);
    };
    // here a step opens the message: one decides about what one sees
    const move = (step) => {
        const rows = s.rows.value, at = rows.findIndex((v) => v.id == current()?.id);
        const to = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step))];
        if (!to) return;
        desk.go({ kind: "v", id: to.id }, desk.place.kind == "v");
        show(to.id);
    };
    const after = (id, leaving = [id]) => {
        const rows = s.rows.value, i = rows.findIndex((r) => r.id == id);
        const stays = (r) => !leaving.includes(r.id);
        return (rows.slice(i + 1).find(stays) || rows.slice(0, Math.max(0, i)).findLast(stays))?.id || "";
    };
    const on = (one, several) => () => marked.s.ids.value.size ? several() : current() && one(current());
    const open = (v) => blockPanel(desk, document.querySelector(".pd-btn-held-block") || rowOf(v.id), { messages: [v], phrase: desk.view?.selected?.() || "", check: (c) => desk.decide.wouldBlock(v, c), block: (c) => desk.decide.block(v, c) });
    const keys = {
        e: on((v) => desk.decide.release(v), many.release),
        x: (e) => current() && marked.toggle(current().id, e.shiftKey),
        ...(outcome ? {} : { "#": on((v) => desk.decide.spam(v), many.spam), b: on(open, () => many.block()) }),
    };

    return t.div(
        {
            className: "pd-list",
            onmount: () => {
                list.restart();
                off = desk.live.on((changes, all) => (all || changes.some((c) => c.collection == "verdicts")) && list.refresh());
                w = watch(() => s.rows, () => marked.keep());
                desk.list = { move, after, show, keys, reload: list.refresh, drop: list.drop, s };
                desk.heldReady.list = box(desk.list); // a store inside a store would lose its watchers
            },
            onunmount: () => {
                off?.();
                w?.unwatch();
                if (desk.heldReady.list.value?.s == s) desk.heldReady.list = box(null);
            },
        },
        head(desk, outcome, s, marked),
        many.el,
        (body = t.div(
            { className: "pd-rows", ariaBusy: () => s.phase == "loading" },
            () => {
                if (s.phase == "loading") return skeleton(6);
                if (s.phase == "error") return failed(s.error, list.restart);
                if (!s.rows.value.length) return outcome ? empty("forbid-line", tr("held.noblocked"), tr("held.noblocked.hint")) : empty("shield-check-line", tr("queue.empty.quarantine"), tr("queue.empty.hint.quarantine"));
                return s.rows.value.map((v) => heldRow(desk, v, marked));
            },
            () => s.phase == "ready" || s.phase == "more" ? moreMark(list, tr("list.more")) : null,
        )),
    );
}

function head(desk, outcome, s, marked) {
    const tab = (name) =>
        t.button(
            {
                type: "button",
                role: "tab",
                className: "pd-segment" + (outcome == name ? " is-on" : ""),
                ariaSelected: outcome == name,
                onclick: () => outcome != name && desk.go({ outcome: name, kind: "", id: "" }),
            },
            tr(name ? "held.tab.blocked" : "held.tab.waiting"),
        );
    const all = t.input({
        type: "checkbox",
        title: tr("bulk.all"),
        ariaLabel: tr("bulk.all"),
        checked: () => marked.any() && marked.full(),
        indeterminate: () => !!marked.s.ids.value.size && !marked.full(),
        onchange: (e) => marked.all(e.target.checked),
    });
    return t.header(
        { className: "pd-list-head" },
        t.div(
            { className: "pd-list-title" },
            t.h2({}, tr("queue.quarantine")),
            () => t.span({ className: "pd-count" }, s.rows.value.length + (s.next ? "+" : "")),
        ),
        t.div(
            { className: "pd-held-tabs" },
            t.label({ className: "pd-held-all", hidden: () => !marked.any() }, all),
            t.div({ className: "pd-segments", role: "tablist", ariaLabel: tr("queue.quarantine") }, tab(""), tab("blocked")),
        ),
        t.p({ className: "pd-hint" }, tr(outcome ? "held.explained.blocked" : "held.explained")),
    );
}
