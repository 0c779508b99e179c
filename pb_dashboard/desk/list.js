// The middle pane: cases of a queue, searched and filtered.
import { tr } from "../lib/i18n.js";
import { button, failed, icon, keyed, skeleton } from "../lib/dom.js";
import { later, lazy } from "../lib/lazy.js";
import { popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { filtered, filters, wide } from "./route.js";
import { paged, moreMark } from "./paged.js";
import { caseRow } from "./row.js";
import { mover } from "./keys.js";
import { nextButton } from "./next.js";
import { queueName, queueCount } from "./queues.js";
import { clearUnread, sortButton, unreadButton } from "./sort.js";
import { searchBox } from "./searchbox.js";

/** @param {import("./page.js").Desk} desk */
export function caseList(desk) {
    const { place, api } = desk;
    const query = () => Object.fromEntries(["queue", "sort", "unread", ...filters.slice(1)].map((f) => [f, place[f]]));
    const list = paged(async (cursor) => {
        const left = Date.now();
        const page = await api.cases({ ...pruned(query()), cursor, limit: 40 });
        desk.reads.fetched(left);
        desk.presence.fetched(page.items);
        return page;
    });
    const { s } = list;
    const none = lazy(() => import("./nothing.js"), (m) => t.div({ rid: "none", className: "pd-later" }, () => m.nothing(desk, clear)));
    // the list stays in the page while another pane covers it
    const covered = () => wide.includes(place.queue) || place.queue == "quarantine";
    // what was searched for takes the place of the rows
    const found = keyed(() => String(!!place.q), (on) => (on == "true" ? later(() => import("./found.js"), (m) => m.foundList(desk), 5) : null));

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
        found,
        (body = t.div(
            { className: "pd-rows", hidden: () => !!place.q, ariaBusy: () => s.phase == "loading" },
            () => {
                if (s.phase == "loading") return skeleton(7);
                if (s.phase == "error") return failed(s.error, list.restart);
                const rows = s.rows.value;
                if (!rows.length) return none();
                return rows.map((row) => caseRow(desk, row));
            },
            () => s.phase == "ready" || s.phase == "more" ? moreMark(list, tr("list.more")) : null,
        )),
    );
}

const pruned = (o) => Object.fromEntries(Object.entries(o).filter(([, v]) => v));

function head(desk, search) {
    const { place } = desk;
    const what = lazy(() => import("./filters.js"), (m) => t.span({ rid: "what" }, () => m.summary(desk)));
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
            button({ icon: "add-line", title: tr("begin.open"), kind: "quiet square", run: () => import("./begin.js").then((m) => m.beginCase(desk)) }),
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
                    onclick: (e) => {
                        const anchor = e.currentTarget;
                        import("./filters.js").then((m) => popover(anchor, () => m.filterForm(desk), { end: true, label: tr("filter.title"), className: "pd-filters" })).catch((err) => desk.host.toast.error(sentence(err)));
                    },
                },
                icon("filter-3-line"),
                () => filtered(place) ? t.span({ className: "pd-dot" }, String(filtered(place))) : null,
            ),
        ),
        () => place.unread ? t.div({ rid: "unread", className: "pd-filter-line" }, t.span({}, tr("unread.showing")), clearUnread(desk)) : null,
        () => filtered(place) && (!place.q || place.scope) ? t.div({ className: "pd-filter-line" }, what, clear(desk)) : null,
    );
}

const anything = Object.fromEntries(filters.slice(1).map((f) => [f, ""]));
const clear = (desk) => button({ label: tr("filter.clear"), icon: "close-line", kind: "quiet small", run: () => desk.go(anything, true) });
