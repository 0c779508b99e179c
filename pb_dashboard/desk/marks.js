// Which rows of a list are ticked, and the row from which a range reaches.
import { box } from "../lib/dom.js";

/**
 * @param {() => {id: string, case?: string}[]} loaded the rows that are loaded, in their order; one that is a case is decided on there
 * @returns {{s: {ids: import("../lib/dom.js").Box}, has: (id: string) => boolean, toggle: (id: string, range?: boolean) => void, all: (on: boolean) => void, any: () => boolean, full: () => boolean, list: () => Object[], keep: (ids?: string[]) => void}}
 */
export function marks(loaded) {
    const rows = () => loaded().filter((r) => !r.case);
    const s = store({ ids: box(new Set()) });
    let last = "";
    const set = (ids) => (s.ids = box(ids));
    return {
        s,
        has: (id) => s.ids.value.has(id),
        toggle(id, range) {
            if (!rows().some((r) => r.id == id)) return;
            const ids = new Set(s.ids.value), on = !ids.has(id);
            for (const one of range ? between(rows(), last, id) : [id]) {
                if (on || range) ids.add(one);
                else ids.delete(one);
            }
            last = id;
            set(ids);
        },
        all(on) {
            last = "";
            set(new Set(on ? rows().map((r) => r.id) : []));
        },
        /** Whether there is anything that can be ticked, and all of it is. */
        any: () => rows().length > 0,
        full: () => rows().every((r) => s.ids.value.has(r.id)),
        list: () => rows().filter((r) => s.ids.value.has(r.id)),
        /** Leaves only these ticked; without any, those that are still loaded. */
        keep(ids = rows().map((r) => r.id)) {
            const left = ids.filter((id) => s.ids.value.has(id));
            if (left.length != s.ids.value.size) set(new Set(left));
        },
    };
}

/** The ids from one row to another, both included, whichever comes first. */
function between(rows, from, to) {
    const ids = rows.map((r) => r.id), b = ids.indexOf(to);
    const a = ids.includes(from) ? ids.indexOf(from) : b;
    return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}
