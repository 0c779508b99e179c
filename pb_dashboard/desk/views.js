// Saved views in the left pane. What can be done with one is fetched when it is
// asked for first.
import { tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { menu } from "../lib/popover.js";
import { sentence } from "../lib/api.js";

/** @param {import("./page.js").Desk} desk */
export function viewItems(desk, { link, number }) {
    const views = desk.counts.queues.value.views;
    if (!views || !desk.me.agent?.id) return null;
    return t.div(
        { rid: "views" + JSON.stringify(views), className: "pd-queue-group" },
        t.div(
            { className: "pd-queue-head" },
            t.span({}, tr("view.label")),
            t.button({ type: "button", className: "pd-btn pd-btn-quiet pd-btn-square pd-btn-tiny", title: tr("view.new"), ariaLabel: tr("view.new"), onclick: () => open(desk, (m) => m.editView(desk)) }, icon("add-line")),
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
                            onclick: (e) => {
                                const anchor = e.currentTarget;
                                open(desk, (m) => menu(anchor, m.viewChoices(desk, v, views), { label: v.name, end: true }));
                            },
                        },
                        icon("more-2-line"),
                    )
                    : null,
            )
        ),
    );
}

const open = (desk, run) => import("./viewmenu.js").then(run).catch((err) => desk.host.toast.error(sentence(err)));
