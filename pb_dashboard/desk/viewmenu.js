// What can be done with a saved view: changed, moved, deleted, or made.
import { tr, words } from "../lib/i18n.js";
import { sentence } from "../lib/api.js";
import { openQueue } from "./queues.js";

await words("rare");

const leads = (desk) => desk.me.can?.admin || desk.me.agent?.role == "supervisor" || desk.me.agent?.role == "admin";

/** Opens the form of a view; without one, a new view's. */
export async function editView(desk, id) {
    try {
        const form = await import("./viewform.js");
        await form.viewForm(desk, { view: id ? await desk.api.read("desk_views", id) : null, share: leads(desk) });
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}

/** The entries of a view's menu. */
export function viewChoices(desk, v, views) {
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
