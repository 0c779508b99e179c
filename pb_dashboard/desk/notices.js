// The bell: what happened on this person's cases that he should know of. The
// count is in the bell, the window's title and its icon; the rest is fetched
// when it is needed.
import { tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";

const settle = 700; // ms in which the case that is opened first has the line to itself

/** @param {import("./page.js").Desk} desk */
export function notices(desk) {
    const s = store({ unseen: 0, changed: 0 });
    let watching, timer;
    const watcher = () => {
        clearTimeout(timer);
        watching ??= import("./noticewatch.js").then((m) => m.watchNotices(desk, s)).catch((err) => {
            watching = null;
            throw err;
        });
        return watching;
    };
    const seen = async (which) => (await watcher()).seen(which);

    const el = t.button(
        {
            type: "button",
            className: () => "pd-btn pd-btn-quiet pd-btn-small pd-btn-square pd-bell" + (s.unseen ? " has-news" : ""),
            title: () => tr("notice.bell"),
            ariaLabel: () => (s.unseen ? tr("notice.unseen", { n: s.unseen }) : tr("notice.bell")),
            ariaHasPopup: "dialog",
            onclick: async (e) => {
                const anchor = e.currentTarget;
                (await import("./bell.js")).bell(desk, anchor, { s, seen });
            },
        },
        () => icon(s.unseen ? "notification-3-fill" : "notification-3-line"),
        () => s.unseen ? t.span({ className: "pd-bell-count", ariaHidden: true }, s.unseen > 98 ? "99+" : String(s.unseen)) : null,
    );
    return {
        el: desk.me.agent?.id ? el : null,
        start: () => desk.me.agent?.id && (timer = setTimeout(() => watcher().catch((err) => console.warn("notices:", err)), settle)),
        stop: () => {
            clearTimeout(timer);
            watching?.then((w) => w.stop()).catch(() => {});
            watching = null;
        },
        /** A case was opened: what was said of it is read. */
        opened: (id) => s.unseen && seen({ case: id }),
    };
}
