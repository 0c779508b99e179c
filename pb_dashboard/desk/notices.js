// The bell: what happened on this person's cases that he should know of. The
// count is in the bell, the window's title and its icon; the rest is fetched
// when it is needed.
import { tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";

/** @param {import("./page.js").Desk} desk */
export function notices(desk) {
    const me = desk.me.agent?.id;
    const s = store({ unseen: 0, changed: 0 });
    const offs = [];
    let stopped = true, timer, badge, told = new Set();

    const count = async () => {
        if (!me) return;
        try {
            const page = await desk.api.notices();
            if (stopped) return;
            s.unseen = page.unseen;
            s.changed++;
            const here = page.items.filter((n) => !n.seen_at && n.case && onScreen(n.case));
            if (here.length) seen({ ids: here.map((n) => n.id) });
            show();
            return page;
        } catch (err) {
            console.warn("notices could not be counted:", err);
        }
    };
    const soon = () => (timer ||= setTimeout(() => {
        timer = 0;
        count();
    }, 400));
    const show = async () => {
        if (!badge && !s.unseen) return;
        badge ??= (await import("./badge.js")).windowBadge();
        badge.set(stopped ? 0 : s.unseen);
    };
    const onScreen = (id) => !document.hidden && document.hasFocus() && desk.place.kind == "c" && desk.place.id == id;
    const seen = async (which) => {
        await desk.api.noticesSeen(which).catch((err) => console.warn("notices:", err));
        await count();
    };
    const heard = async (e) => {
        if (e.record.agent != me) return;
        soon();
        if (e.action != "create" || told.has(e.record.id) || onScreen(e.record.case)) return;
        told = new Set([...told, e.record.id].slice(-100));
        const { sound, desktop } = desk.me.agent.notify || {};
        if (sound || desktop) (await import("./ring.js")).ring(desk, e.record);
    };
    const looked = () => document.hidden || soon(); // what is on the screen is seen now

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
        el: me ? el : null,
        start: async () => {
            stopped = false;
            document.addEventListener("visibilitychange", looked);
            count();
            if (!me) return;
            const keep = (off) => (stopped ? off() : offs.push(off));
            try {
                keep(await desk.host.subscribe(desk.api.name("notices"), heard));
                keep(await desk.host.onReconnect(soon));
            } catch (err) {
                console.warn("notices are not live:", err);
            }
        },
        stop: () => {
            stopped = true;
            clearTimeout(timer);
            timer = 0;
            document.removeEventListener("visibilitychange", looked);
            offs.splice(0).forEach((off) => off());
            badge?.set(0);
        },
        /** A case was opened: what was said of it is read. */
        opened: (id) => s.unseen && seen({ case: id }),
    };
}
