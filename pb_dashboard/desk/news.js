// Word that a visitor has answered while the Desk is open: a quiet line says who
// wrote. Nothing moves, and nothing takes the focus away. Which cases stand out
// in the list is kept in reads.js.
import { box } from "../lib/dom.js";
import { parse } from "../lib/time.js";

/** @param {import("./page.js").Desk} desk */
export function news(desk) {
    const s = store({ line: box(null) });
    const line = () => s.line.value;
    let off, loading;
    const onScreen = (id) => desk.place.kind == "c" && desk.place.id == id;
    const load = () => loading ??= import("./newsline.js").then((m) => {
        const made = m.newsLine(desk);
        made.el.rid = "news";
        s.line = box(made);
        return made;
    }).catch((err) => {
        loading = null;
        throw err;
    });

    const heard = async (changes) => {
        const words = changes.filter((c) => c.collection == "messages" && c.action == "create" && c.record.direction == "in" && !c.record.auto && c.record.channel != "phone");
        for (const { record: m } of words) {
            if (onScreen(m.case)) continue;
            // the case may have come with another burst
            const c = changes.findLast((x) => x.collection == "cases" && x.record.id == m.case)?.record || await desk.api.read("cases", m.case).catch(() => null);
            // the first words of a case are no answer: they are stored with it
            if (c && c.assignee && c.assignee == desk.me.agent?.id && parse(m.created) - parse(c.created) > 1000) await load().then((l) => l.say(c)).catch((err) => console.warn("news:", err));
        }
    };
    return {
        el: () => line()?.el ?? null,
        start: () => (off = desk.live.on((changes) => heard(changes))),
        stop: () => {
            off?.();
            line()?.stop();
        },
        seen: (id) => line()?.seen(id),
    };
}
