// Who else is at a case: said in a line above it, and by small pictures in the
// list. This screen says of itself that it looks, writes, and goes.
import { tr } from "../lib/i18n.js";
import { avatar, box, icon } from "../lib/dom.js";

const beat = 20_000, forget = 5 * 60_000, restAfter = 10_000;

/** @param {import("./page.js").Desk} desk */
export function presence(desk) {
    const s = store({ at: box(new Map()) }); // case -> {others, since}
    const me = () => desk.me.agent?.id;
    let here = "", state = "looking", timer, rest, stops = [], stopped;

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
        desk.api.presence(id, what).then((a) => what != "gone" && id == here && put(id, a.others)).catch(() => {}); // a notice, no more
    const be = (what) => {
        if (state == what) return;
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
        if (!others.length) return null;
        const typing = others.filter((o) => o.state == "typing"), some = typing.length ? typing : others;
        return t.div(
            { rid: "present" + JSON.stringify(others), className: "pd-present-line" + (typing.length ? " is-typing" : "") },
            some.slice(0, 3).map((o) => avatar(o.name, "is-tiny")),
            t.span({}, words(typing.length ? "typing" : "looking", some)),
            typing.length ? icon("quill-pen-line") : icon("eye-line"),
        );
    });
    return {
        line,
        /** Colleagues at a case: [{id, name, state}]. */
        of,
        /** The small pictures in a row of the list. */
        faces: (row) => {
            const others = of(row.id);
            if (!others.length) return null;
            const title = words(others.some((o) => o.state == "typing") ? "typing" : "looking", others.filter((o) => o.state == "typing").length ? others.filter((o) => o.state == "typing") : others);
            return t.span(
                { className: "pd-faces" + (others.some((o) => o.state == "typing") ? " is-typing" : ""), title, role: "img", ariaLabel: title, rid: "faces" + JSON.stringify(others) },
                others.slice(0, 2).map((o) => avatar(o.name, "is-tiny")),
                others.length > 2 ? t.span({ className: "pd-hint" }, "+" + (others.length - 2)) : null,
            );
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

function words(state, people) {
    const [a, b] = people.map((p) => p.name);
    if (people.length == 1) return tr(`present.${state}.one`, { name: a });
    if (people.length == 2) return tr(`present.${state}.two`, { a, b });
    return tr(`present.${state}.many`, { name: a, n: people.length - 1 });
}
