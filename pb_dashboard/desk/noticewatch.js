// What happened on this person's cases that he should know of, counted and heard
// of as it comes. It is loaded a moment after the Desk: the case comes first.

const pause = 60_000; // ms between two tones for one case
const beat = 60_000; // ms; the server forgets after two of them and a half

/** @param {import("./page.js").Desk} desk @param {{unseen: number, changed: number}} s a store */
export function watchNotices(desk, s) {
    const me = desk.me.agent?.id;
    const offs = [];
    let stopped = false, looked = "", timer, badge, told = new Map();

    const count = async () => {
        if (!me) return;
        try {
            const page = await desk.api.notices();
            if (stopped) return;
            s.unseen = page.unseen;
            s.changed++;
            const here = page.items.find((n) => !n.seen_at && n.case && onScreen(n.case) && looked != n.id);
            if (here) {
                looked = here.id; // of a line whose others are new it stays the first
                seen({ case: here.case });
            }
            show();
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
    // a notice is heard of once; a visitor who writes again after a while, again
    const news = ({ action, record: n }) =>
        action == "create" ? !told.has(n.id) : action == "update" && n.kind == "answered" && !n.seen_at && n.count > 1 && Date.now() - (told.get(n.id) || 0) > pause;
    const heard = async (e) => {
        if (e.record.agent != me) return;
        soon();
        if (!news(e) || onScreen(e.record.case)) return;
        told = new Map([...told, [e.record.id, Date.now()]].slice(-100));
        const { sound = desk.me.telling?.hears?.sound, desktop } = desk.me.agent.notify || {};
        if (sound || desktop) (await import("./ring.js")).ring(desk, e.record);
    };
    const back = () => document.hidden || soon(); // what is on the screen is seen now

    const listen = async () => {
        const keep = (off) => (stopped ? off() : offs.push(off));
        try {
            keep(await desk.host.subscribe(desk.api.name("notices"), heard));
            keep(await desk.host.onReconnect(soon));
        } catch (err) {
            console.warn("notices are not live:", err);
        }
    };
    // while somebody uses the Desk, nothing of this need reach him elsewhere
    let used = 0;
    const uses = () => {
        if (!me || document.hidden || Date.now() - used < beat) return;
        used = Date.now();
        desk.host.send("/api/desk/here", { method: "POST" }).catch(() => {});
    };
    const signs = ["pointerdown", "pointermove", "keydown", "wheel"];
    for (const sign of signs) document.addEventListener(sign, uses, { passive: true, capture: true });
    uses();
    document.addEventListener("visibilitychange", back);
    count();
    if (me) listen();

    return {
        /** @param {{ids?: string[], case?: string}} which none is all */
        seen,
        stop() {
            stopped = true;
            clearTimeout(timer);
            document.removeEventListener("visibilitychange", back);
            for (const sign of signs) document.removeEventListener(sign, uses, { capture: true });
            offs.splice(0).forEach((off) => off());
            badge?.set(0);
        },
    };
}
