// The bar over the selection: how many, what can be done with them, how far it
// has come, and what could not be done.
import { tr, words } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { menuButton } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { filters } from "./route.js";
import { most } from "./selection.js";

await words("bulk");

const page = 100;

/** @param {import("./page.js").Desk} desk */
export function manyBar(desk) {
    const sel = desk.selection;
    const s = store({ failed: box(null), taking: false });
    sel.failed = (list, stopped, undo) => (s.failed = box(list.length || stopped ? { list, stopped, undo } : null));

    const act = (name) => (e) => desk.act(name, { anchor: e?.currentTarget?.closest?.(".pd-many") || document.querySelector(".pd-many") });
    const bar = () => {
        const n = sel.size(), work = sel.s.work.value;
        if (work) return progress(work);
        if (!n) return null;
        return t.div(
            { rid: "bar" + n + s.taking, className: "pd-many", role: "toolbar", ariaLabel: tr("many.label") },
            t.div(
                { className: "pd-many-count" },
                t.strong({ role: "status" }, tr("many.selected", { n })),
                more(n),
                t.span({ className: "pd-row-fill" }),
                button({ icon: "close-line", title: tr("select.cancel"), hint: "Esc", kind: "quiet square small", run: () => sel.clear() }),
            ),
            t.div(
                { className: "pd-many-acts" },
                tool("assign", "user-received-line", "a"),
                tool("status", "record-circle-line", "s"),
                tool("tags", "price-tag-3-line", "t"),
                tool("later", "alarm-line", "h"),
                tool("answer", "reply-line", "r"),
                tool("macros", "flashlight-line", "m"),
                tool("resolve", "check-line", "e"),
                menuButton({
                    icon: "more-line",
                    title: tr("many.more"),
                    kind: "small square",
                    caret: false,
                    end: true,
                    items: () => [["category", "folder-line", "l"], ["priority", "arrow-up-double-line", "p"], ["team", "team-line"], ["note", "sticky-note-line", "n"], ["spam", "spam-2-line", "#"]]
                        .map(([name, iconName, hint]) => ({ label: tr("many.do." + name), icon: iconName, hint, danger: name == "spam", run: act(name) })),
                }),
            ),
        );
    };
    const tool = (name, iconName, hint) => button({ label: tr("many.do." + name), icon: iconName, hint, kind: "small", title: tr("many.do." + name), run: act(name) });

    /** All that are loaded, then all that there are. */
    const more = (n) => {
        const loaded = sel.rows().length;
        if (s.taking) return t.span({ className: "pd-hint" }, tr("state.loading"));
        if (n < loaded) return button({ label: tr("many.all.loaded", { n: loaded }), kind: "quiet small", run: () => sel.all() });
        const plain = !filters.some((f) => desk.place[f]), count = desk.counts.queues.value[desk.place.queue];
        if (n > loaded || (plain && count && !count.more && count.count <= n)) return null;
        const label = plain && count && !count.more ? tr("many.all.queue", { n: Math.min(count.count, most) }) : tr("many.all.found", { n: most });
        return button({ label, kind: "quiet small", run: takeAll });
    };
    const takeAll = async () => {
        s.taking = true;
        try {
            sel.take(await everything(desk));
        } catch (err) {
            desk.host.toast.error(sentence(err));
        } finally {
            s.taking = false;
        }
    };

    const failures = () => {
        const f = s.failed.value;
        if (!f) return null;
        return t.div(
            { rid: "failed" + f.list.map((x) => x.id) + f.stopped, className: "pd-many-failed", role: "alert" },
            f.list.length ? t.p({}, icon("error-warning-line"), tr(f.undo ? "many.failed.undo" : "many.failed", { n: f.list.length })) : null,
            f.stopped ? t.p({}, tr("many.stopped", { n: f.stopped })) : null,
            t.ul({}, f.list.slice(0, 100).map((x) => t.li({}, t.a({ href: desk.link({ kind: "c", id: x.id }), onclick: (e) => open(e, desk, x.id) }, x.number ? "#" + x.number : tr("many.gone"), x.who ? " " + x.who : ""), " ", x.message))),
            t.div(
                { className: "pd-pop-foot" },
                f.list.some((x) => x.number) && !f.undo ? button({ label: tr("many.select.these"), kind: "small", run: () => again(f.list) }) : null,
                button({ label: tr("action.close"), kind: "quiet small", run: () => (s.failed = box(null)) }),
            ),
        );
    };
    /** Ticks what failed, under the versions of now. */
    const again = async (list) => {
        s.failed = box(null);
        await desk.list?.reload?.();
        sel.take(list.filter((x) => x.number).map((x) => ({ ...sel.row(x.id), id: x.id, number: x.number, version: sel.rows().find((r) => r.id == x.id)?.version || 0 })));
    };

    return t.div({ className: "pd-many-frame", rid: "many" }, failures, bar);
}

function progress(work) {
    return t.div(
        { rid: "progress", className: "pd-many", role: "status" },
        t.div(
            { className: "pd-many-count" },
            t.span({}, () => tr(work.stop ? "many.stopping" : "many.progress", { done: work.done, of: work.of })),
            t.span({ className: "pd-row-fill" }),
            work.of > 25 ? button({ label: tr("many.stop"), kind: "small", disabled: () => work.stop, run: () => (work.stop = true) }) : null,
        ),
        t.progress({ max: work.of, value: () => work.done, ariaLabel: tr("many.label") }),
    );
}

function open(e, desk, id) {
    if (e.metaKey || e.ctrlKey || e.shiftKey) return;
    e.preventDefault();
    desk.go({ kind: "c", id });
}

/** The rows of the whole queue, or of all that a search finds, up to a thousand. */
async function everything(desk) {
    const query = desk.list?.query?.() || Object.fromEntries(["queue", "sort", "unread", ...filters].filter((f) => desk.place[f]).map((f) => [f, desk.place[f]]));
    let rows = [], cursor = "";
    do {
        const answer = await desk.api.cases({ ...query, cursor: cursor || undefined, limit: page });
        rows = rows.concat(answer.items || []);
        cursor = answer.next;
    } while (cursor && rows.length < most);
    return rows;
}
