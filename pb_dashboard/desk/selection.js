// Which cases of the list are ticked. The ticks stay while the list changes under
// them; what can be done with them is in the bar, which is fetched with the first tick.
import { tr } from "../lib/i18n.js";
import { box, button } from "../lib/dom.js";

/** How many cases one list of actions is run on. */
export const most = 1000;
const remembered = 3000;

/**
 * @typedef {{id: string, number: number, version: number, status: string, assignee: string, priority: string, category: string, tags: string[], who: string}} Ticked
 * @param {import("./page.js").Desk} desk
 */
export function selection(desk) {
    const s = store({ ids: box(new Map()), on: false, bar: box(null), work: box(null) });
    const known = new Map(); // rows that were on the screen, as they were last
    let last = "";

    const set = (ids) => {
        s.ids = box(ids);
        if (ids.size) load();
    };
    let loading;
    const load = () => {
        loading ??= import("./manybar.js").then((m) => (s.bar = box(m.manyBar(desk)))).catch((err) => {
            loading = null;
            console.warn("the bar could not be loaded:", err);
        });
    };
    const ticked = (row) => ({ ...row, who: row.who || row.contact?.name || "" });
    /** The rows in the order of the screen. */
    const rows = () => [...document.querySelectorAll(".pd-list-pane .pd-row[data-id]")].map((el) => known.get(el.dataset.id)).filter(Boolean);

    const api = {
        s,
        held: false, // a finger has just ticked by resting
        size: () => s.ids.value.size,
        has: (id) => s.ids.value.has(id),
        /** @returns {Ticked[]} */
        list: () => [...s.ids.value.values()],
        row: (id) => known.get(id),
        rows,
        toggle(id, range) {
            const all = rows().map((r) => r.id), ids = new Map(s.ids.value), on = !ids.has(id);
            const from = range && all.includes(last) ? all.indexOf(last) : all.indexOf(id), to = all.indexOf(id);
            const some = to < 0 ? [id] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
            for (const one of some) {
                if (!on && !range) ids.delete(one);
                else if (known.has(one) && ids.size < most) ids.set(one, ticked(known.get(one)));
            }
            last = id;
            set(ids);
        },
        all: () => set(new Map(rows().slice(0, most).map((r) => [r.id, ticked(r)]))),
        /** @param {Object[]} list rows, on the screen or not */
        take(list) {
            for (const r of list) known.set(r.id, { ...known.get(r.id), ...r });
            set(new Map(list.slice(0, most).map((r) => [r.id, ticked(known.get(r.id))])));
        },
        clear() {
            s.on = false;
            last = "";
            if (s.ids.value.size) set(new Map());
        },
        /** The tick at the left of a row. */
        cell(row) {
            remember(row);
            return t.label(
                { className: "pd-row-mark", title: tr("select.one") },
                t.input({
                    type: "checkbox",
                    tabIndex: -1, // x ticks the row that has the focus; Tab goes from row to row
                    ariaLabel: tr("select.case", { number: row.number, who: row.contact?.name || "" }),
                    checked: () => s.ids.value.has(row.id),
                    onclick: (e) => api.toggle(row.id, e.shiftKey),
                }),
            );
        },
        el: t.div(
            { className: () => "pd-many-host" + (s.ids.value.size ? " is-on" : "") + (s.on ? " is-selecting" : "") },
            () => s.bar.value,
            () => s.ids.value.size || s.work.value ? null : t.div(
                { className: "pd-many-start", rid: "start" + s.on },
                s.on
                    ? button({ label: tr("select.cancel"), kind: "small", run: () => api.clear() })
                    : button({ label: tr("select.start"), icon: "checkbox-multiple-line", kind: "small", run: () => (s.on = true) }),
            ),
        ),
        /** Listens for fingers; how they tick is fetched at the first touch. @returns {() => void} */
        start() {
            let off, over, asked;
            const touched = (e) => {
                if (e.pointerType != "touch" || asked) return;
                asked = true;
                const lifted = new AbortController();
                for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => lifted.abort(), { once: true, signal: lifted.signal });
                import("./longpress.js").then((m) => {
                    document.removeEventListener("pointerdown", touched);
                    if (!over) off = m.longPress(api, lifted.signal.aborted ? null : e);
                }).catch((err) => {
                    asked = false;
                    console.warn("fingers can't tick:", err);
                });
            };
            // while selecting, a tap ticks; the click after a long press opens nothing
            const click = (e) => {
                const row = e.target.closest?.(".pd-list-pane .pd-row[data-id]");
                if (!row || e.target.closest(".pd-row-mark") || !known.has(row.dataset.id)) return;
                if (s.on) {
                    e.preventDefault();
                    e.stopPropagation();
                    if (!api.held) api.toggle(row.dataset.id);
                }
                api.held = false;
            };
            document.addEventListener("pointerdown", touched, { passive: true });
            document.addEventListener("click", click, true);
            return () => {
                over = true;
                document.removeEventListener("pointerdown", touched);
                document.removeEventListener("click", click, true);
                off?.();
            };
        },
    };
    function remember(row) {
        if (known.size > remembered) for (const id of known.keys()) if (!s.ids.value.has(id)) known.delete(id);
        known.set(row.id, row);
        const mine = s.ids.value.get(row.id); // a fresher row brings its version, without a new look at all ticks
        if (mine) Object.assign(mine, ticked(row));
    }
    return api;
}
