// The middle pane: cases of a queue, searched and filtered.
import { tr } from "../lib/i18n.js";
import { button, empty, failed, icon, skeleton } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { filtered, filters, named, wide } from "./route.js";
import { paged, moreMark } from "./paged.js";
import { filterForm } from "./filters.js";
import { caseRow } from "./row.js";
import { mover } from "./keys.js";
import { nextButton } from "./next.js";
import { queueName, queueCount } from "./queues.js";
import { clearUnread, sortButton, unreadButton } from "./sort.js";

/** @param {import("./page.js").Desk} desk */
export function caseList(desk) {
    const { place, api } = desk;
    const query = () => Object.fromEntries(["queue", "sort", "unread", ...filters].map((f) => [f, place[f]]));
    const list = paged(async (cursor) => {
        const left = Date.now();
        const page = await api.cases({ ...pruned(query()), cursor, limit: 40 });
        desk.reads.fetched(left);
        desk.presence.fetched(page.items);
        return page;
    });
    const { s } = list;
    // the list stays in the page while another pane covers it
    const covered = () => wide.includes(place.queue) || place.queue == "quarantine";

    const search = searchBox(desk);
    let off, w, body;
    const move = mover(() => body, ".pd-row");
    const after = (id) => {
        const rows = s.rows.value, i = rows.findIndex((r) => r.id == id);
        return (rows[i + 1] || rows[i - 1])?.id;
    };

    return t.div(
        {
            className: "pd-list",
            onmount: () => {
                // another queue or filter is another question
                w = watch(() => JSON.stringify(query()), (now, before) => {
                    if (now != before && !covered()) {
                        list.restart();
                        body?.scrollTo(0, 0);
                    }
                });
                off = desk.live.on((changes) => {
                    for (const c of changes) if (c.action == "left") list.drop(c.record.id);
                    if (!covered()) list.refresh();
                });
                desk.list = { move, after, search: () => search.focus(), reload: list.refresh };
            },
            onunmount: () => {
                off?.();
                w?.unwatch();
            },
        },
        head(desk, search),
        (body = t.div(
            { className: "pd-rows", ariaBusy: () => s.phase == "loading" },
            () => {
                if (s.phase == "loading") return skeleton(7);
                if (s.phase == "error") return failed(s.error, list.restart);
                const rows = s.rows.value;
                if (!rows.length) return nothing(desk);
                return rows.map((row) => caseRow(desk, row));
            },
            () => s.phase == "ready" || s.phase == "more" ? moreMark(list, tr("list.more")) : null,
        )),
    );
}

const pruned = (o) => Object.fromEntries(Object.entries(o).filter(([, v]) => v));

/** Asks while one types, but not while an input method composes. */
function searchBox({ place, go }) {
    let timer;
    const ask = (text, now) => {
        clearTimeout(timer);
        timer = setTimeout(() => text.trim() != place.q && go({ q: text.trim() }, true), now ? 0 : 300);
    };
    return t.input({
        type: "search",
        className: "pd-input pd-search-input",
        placeholder: tr("list.search"),
        ariaLabel: tr("list.search"),
        title: tr("list.search.why"),
        value: () => place.q,
        oninput: (e) => !e.isComposing && ask(e.target.value),
        oncompositionend: (e) => ask(e.target.value),
        onkeydown: (e) => {
            if (e.isComposing) return;
            if (e.key == "Enter") ask(e.target.value, true);
            if (e.key == "Escape") {
                e.target.value = "";
                ask("", true);
                e.target.blur();
            }
        },
    });
}

function head(desk, search) {
    const { place } = desk;
    return t.header(
        { className: "pd-list-head" },
        t.div(
            { className: "pd-list-title" },
            t.h2({}, () => queueName(desk, place.queue)),
            () => {
                const c = queueCount(desk, place.queue);
                return c ? t.span({ className: "pd-count" }, c.count + (c.more ? "+" : "")) : null;
            },
            t.span({ className: "pd-row-fill" }),
            sortButton(desk),
            nextButton(desk),
        ),
        t.div(
            { className: "pd-search" },
            icon("search-line"),
            search,
            unreadButton(desk),
            t.button(
                {
                    type: "button",
                    className: () => "pd-btn pd-btn-quiet pd-btn-square" + (filtered(place) ? " is-on" : ""),
                    title: tr("filter.title"),
                    ariaLabel: tr("filter.title"),
                    ariaExpanded: "false",
                    onclick: (e) => popover(e.currentTarget, () => filterForm(desk), { end: true, label: tr("filter.title"), className: "pd-filters" }),
                },
                icon("filter-3-line"),
                () => filtered(place) ? t.span({ className: "pd-dot" }, String(filtered(place))) : null,
            ),
        ),
        () => place.unread ? t.div({ rid: "unread", className: "pd-filter-line" }, t.span({}, tr("unread.showing")), clearUnread(desk)) : null,
        () => place.q || filtered(place) ? t.div({ className: "pd-filter-line" }, t.span({}, summary(desk)), clear(desk)) : null,
    );
}

function summary(desk) {
    const { place } = desk;
    const parts = filters.filter((f) => place[f]).map((f) => f == "q" ? `“${place.q}”` : desk.filterWord(f, place[f]));
    return tr("filter.active", { what: parts.join(" · ") });
}

const none = Object.fromEntries(filters.map((f) => [f, ""]));
const clear = (desk) => button({ label: tr("filter.clear"), icon: "close-line", kind: "quiet small", run: () => desk.go(none, true) });

function nothing(desk) {
    const { place } = desk;
    if (place.q || filtered(place)) {
        return empty("search-line", tr("list.nohits"), tr("list.nohits.hint"), clear(desk));
    }
    if (place.unread) return empty("mail-check-line", tr("unread.none"), tr("unread.none.hint"), clearUnread(desk));
    if (named(place.queue)) return empty("inbox-2-line", tr(place.queue.startsWith("view:") ? "view.empty" : "queue.empty.person"), "");
    const done = place.queue == "done" || place.queue == "waiting" || place.queue == "follow_up";
    return empty(done ? "inbox-2-line" : "sparkling-2-line", tr("queue.empty." + place.queue), tr("queue.empty.hint." + place.queue));
}
