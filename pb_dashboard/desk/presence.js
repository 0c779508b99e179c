// Who else is at a case: said in a line above it, and by small pictures in the
// list. This screen says of itself that it looks, writes, and goes.
import { box } from "../lib/dom.js";

const beat = 20_000, forget = 5 * 60_000, restAfter = 10_000;

/** @param {import("./page.js").Desk} desk */
export function presence(desk) {
    const s = store({ at: box(new Map()), looks: box(null) }); // at: case -> {others, since}
    const me = () => desk.me.agent?.id;
    let here = "", state = "looking", timer, rest, stops = [], stopped;

    let asked;
    /** How somebody is shown, once there is somebody. */
    const looks = () => {
        asked ??= import("./present.js").then((m) => (s.looks = box(m))).catch((err) => {
            asked = null;
            console.warn("who else is here can't be shown:", err);
        });
        return s.looks.value;
    };

    /** The server tells when somebody goes; what was missed ends by itself. */
    const of = (id) => {
        const one = s.at.value.get(id);
        return one && Date.now() - one.since < forget ? one.others : [];
    };
    const put = (id, others) => {
        const at = new Map(s.at.value), list = (others || []).filter((o) => o.id != me());
        if (!list.length && !at.has(id)) return;
        at.delete(id);
        if (list.length) at.set(id, { others: list, since: Date.now() });
        s.at = box(at);
    };
    const say = (what, id = here) =>
        desk.api.presence(id, what).then((a) => what != "gone" && id == here && put(id, a.others)).catch((err) => err?.status == 404 && left(id)); // a notice, no more
    /** A case that is gone has nobody at it, and is told of nobody. */
    const left = (id) => {
        if (id == here) here = "";
        clearTimeout(rest);
        put(id, []);
    };
    const be = (what) => {
        if (!here || state == what) return;
        state = what;
        say(state);
    };
    const tick = () => {
        clearInterval(timer);
        timer = setInterval(() => here && !document.hidden && say(state), beat);
    };
    const enter = (id) => {
        if (id == here) return;
        leave();
        here = id;
        state = "looking";
        if (id && !document.hidden) say(state);
    };
    const leave = () => {
        clearTimeout(rest);
        if (here) say("gone");
        here = "";
    };
    const typed = (e) => {
        if (!here || !e.target.closest?.(".pd-compose")) return;
        clearTimeout(rest);
        rest = setTimeout(() => be("looking"), restAfter);
        be("typing");
    };
    const shown = () => here && say(document.hidden ? "gone" : state);
    const away = () => here && say("gone");
    let w;

    const line = t.div({ className: "pd-present", role: "status" }, () => {
        const others = of(desk.place.kind == "c" ? desk.place.id : "");
        return others.length ? looks()?.line(others) : null;
    });
    return {
        line,
        /** Colleagues at a case: [{id, name, state}]. */
        of,
        /** The case is gone, or no longer to be seen here. */
        left,
        /** The small pictures in a row of the list. */
        faces: (row) => {
            const others = of(row.id);
            return others.length ? looks()?.faces(others) : null;
        },
        /** Rows of a list bring who is at them. */
        fetched(rows) {
            const at = new Map(s.at.value);
            let changed = false;
            for (const r of rows) {
                if (r.id == here) continue; // its own answers are fresher
                const before = JSON.stringify(at.get(r.id)?.others || []), list = (r.present || []).filter((o) => o.id != me());
                if (before == JSON.stringify(list)) continue;
                changed = true;
                if (list.length) at.set(r.id, { others: list, since: Date.now() });
                else at.delete(r.id);
            }
            if (changed) s.at = box(at);
        },
        start() {
            stopped = false;
            w = watch(() => (desk.place.kind == "c" ? desk.place.id : ""), enter);
            tick();
            document.addEventListener("input", typed, true);
            document.addEventListener("visibilitychange", shown);
            addEventListener("pagehide", away);
            stops = [() => {
                document.removeEventListener("input", typed, true);
                document.removeEventListener("visibilitychange", shown);
                removeEventListener("pagehide", away);
            }];
            desk.host.listen("pocketdesk.presence", (m) => put(m.case, m.others)).then((off) => (stopped ? off() : stops.push(off))).catch(() => {});
        },
        stop() {
            stopped = true;
            leave();
            clearInterval(timer);
            w?.unwatch();
            stops.splice(0).forEach((off) => off());
        },
    };
}
