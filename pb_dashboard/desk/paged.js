// A list that comes in pages and stays true while others work: the screens
// give the call, this keeps rows, cursor and state.
import { box } from "../lib/dom.js";
import { sentence } from "../lib/api.js";

/**
 * @param {(cursor: string) => Promise<{items: Object[], next: string}>} fetch
 * @returns {{s: {rows: import("../lib/dom.js").Box, phase: string, error: string, next: string}, restart: Function, more: Function, refresh: Function, drop: (id: string) => void}}
 * phase: loading, ready, more, error
 */
export function paged(fetch) {
    const s = store({ rows: box([]), phase: "loading", error: "", next: "" });
    let turn = 0; // answers of an earlier question are dropped

    async function load(cursor, keep) {
        const mine = ++turn;
        try {
            const page = await fetch(cursor);
            if (mine != turn) return;
            s.rows = box(keep ? merge(s.rows.value, page.items || []) : page.items || []);
            s.next = page.next || "";
            s.error = "";
            s.phase = "ready";
        } catch (err) {
            if (mine != turn) return;
            s.error = sentence(err);
            s.phase = "error";
        }
    }

    return {
        s,
        restart() {
            s.phase = "loading";
            return load("", false);
        },
        more() {
            if (s.phase != "ready" || !s.next) return;
            s.phase = "more";
            return load(s.next, true);
        },
        /** Fetches again what is on the screen, without a sign of it unless something changed. */
        async refresh() {
            if (s.phase != "ready") return s.phase == "error" ? load("", false) : undefined;
            const mine = ++turn, want = s.rows.value.length;
            try {
                let rows = [], cursor = "", pages = 0;
                do {
                    const page = await fetch(cursor);
                    if (mine != turn) return;
                    rows = merge(rows, page.items || []);
                    cursor = page.next || "";
                } while (cursor && rows.length < want && ++pages < 3);
                s.rows = box(rows);
                s.next = cursor;
            } catch (err) {
                console.warn("list could not be refreshed:", err); // the old rows stay; the next change tries again
            }
        },
        drop(id) {
            s.rows = box(s.rows.value.filter((r) => r.id != id));
        },
    };
}

function merge(old, fresh) {
    const seen = new Set(old.map((r) => r.id));
    return [...old, ...fresh.filter((r) => !seen.has(r.id))];
}

/** A mark at the end of a list that asks for more when it comes into sight. */
export function moreMark(list, label) {
    let eye;
    return t.div(
        {
            className: "pd-more",
            onmount: (el) => {
                eye = new IntersectionObserver((seen) => seen.some((e) => e.isIntersecting) && list.more(), { rootMargin: "300px" });
                eye.observe(el);
            },
            onunmount: () => eye?.disconnect(),
        },
        () =>
            list.s.next
                ? t.button({ type: "button", className: "pd-btn pd-btn-quiet", disabled: () => list.s.phase == "more", onclick: () => list.more() }, label)
                : null,
    );
}
