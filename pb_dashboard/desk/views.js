// Saved views in the left pane. The form that makes one is fetched when it is
// opened first.
import { tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { menu } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { openQueue } from "./queues.js";

const leads = (desk) => desk.me.can?.admin || desk.me.agent?.role == "supervisor" || desk.me.agent?.role == "admin";

/** @param {import("./page.js").Desk} desk */
export function viewItems(desk, { link, number }) {
    const views = desk.counts.queues.value.views;
    if (!views || !desk.me.agent?.id) return null;
    return t.div(
        { rid: "views" + JSON.stringify(views), className: "pd-queue-group" },
        t.div(
            { className: "pd-queue-head" },
            t.span({}, tr("view.label")),
            t.button({ type: "button", className: "pd-btn pd-btn-quiet pd-btn-square pd-btn-tiny", title: tr("view.new"), ariaLabel: tr("view.new"), onclick: () => editView(desk) }, icon("add-line")),
        ),
        views.map((v) =>
            t.div(
                { className: "pd-view-item" },
                link({
                    queue: "view:" + v.id, name: v.name, front: icon(v.shared ? "team-line" : "bookmark-line"),
                    why: tr(v.shared ? "view.why.shared" : "view.why.own", { name: v.name }),
                    end: v.count == null ? t.span({ className: "pd-count", title: tr("view.uncounted") }, "…") : number(v),
                }),
                v.own || desk.me.can?.admin
                    ? t.button(
                        {
                            type: "button",
                            className: "pd-btn pd-btn-quiet pd-btn-square pd-btn-tiny pd-view-more",
                            title: tr("view.more", { name: v.name }),
                            ariaLabel: tr("view.more", { name: v.name }),
                            ariaHasPopup: "menu",
                            onclick: (e) => menu(e.currentTarget, items(desk, v, views), { label: v.name, end: true }),
                        },
                        icon("more-2-line"),
                    )
                    : null,
            )
        ),
    );
}

/** Opens the form of a view; without one, a new view's. */
export async function editView(desk, id) {
    try {
        const form = await import("./viewform.js");
        await form.viewForm(desk, { view: id ? await desk.api.read("desk_views", id) : null, share: leads(desk) });
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}

function items(desk, v, views) {
    const peers = views.filter((x) => x.shared == v.shared && (x.own || desk.me.can?.admin));
    const at = peers.findIndex((x) => x.id == v.id);
    return [
        { label: tr("view.edit"), icon: "pencil-line", run: () => editView(desk, v.id) },
        { label: tr("view.up"), icon: "arrow-up-line", disabled: at <= 0, run: () => move(desk, peers, at, -1) },
        { label: tr("view.down"), icon: "arrow-down-line", disabled: at == peers.length - 1, run: () => move(desk, peers, at, 1) },
        null,
        { label: tr("view.delete"), icon: "delete-bin-line", danger: true, run: () => remove(desk, v) },
    ];
}

/** Numbers the views anew where that is needed: those before had perhaps no order. */
async function move(desk, peers, at, step) {
    const order = [...peers];
    [order[at], order[at + step]] = [order[at + step], order[at]];
    try {
        await Promise.all(order.map((v, i) => desk.api.save("desk_views", { id: v.id, position: i + 1 })));
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
    desk.recount();
}

async function remove(desk, v) {
    try {
        const old = await desk.api.read("desk_views", v.id);
        await desk.api.remove("desk_views", v.id);
        if (desk.place.queue == "view:" + v.id) openQueue(desk, "open");
        desk.recount();
        desk.undo.offer(tr("view.deleted", { name: v.name }), {
            run: async () => {
                await desk.api.save("desk_views", { ...old, isNew: true });
                desk.recount();
                return tr("view.back", { name: v.name });
            },
        });
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}
