// Word that a visitor has answered while the Desk is open: a quiet line says who
// wrote. Nothing moves, and nothing takes the focus away. Which cases stand out
// in the list is kept in reads.js.
import { tr } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { parse } from "../lib/time.js";
import { personName } from "./labels.js";

const stays = 12_000;

/** @param {import("./page.js").Desk} desk */
export function news(desk) {
    const s = store({ said: box(null) });
    let off, timer;
    const onScreen = (id) => desk.place.kind == "c" && desk.place.id == id;

    const heard = async (changes) => {
        const words = changes.filter((c) => c.collection == "messages" && c.action == "create" && c.record.direction == "in" && !c.record.auto && c.record.channel != "phone");
        for (const { record: m } of words) {
            if (onScreen(m.case)) continue;
            const c = changes.findLast((x) => x.collection == "cases" && x.record.id == m.case)?.record;
            // the first words of a case are no answer
            if (c && c.assignee && c.assignee == desk.me.agent?.id && parse(m.created) - parse(c.created) > 3000) await say(c);
        }
    };
    const say = async (c) => {
        const contact = c.contact && (await desk.api.read("contacts", c.contact).catch(() => null));
        s.said = box({ ...c, who: personName(contact) });
        wait();
    };
    const hide = () => (s.said = box(null));
    const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => (el.matches(":hover,:focus-within") ? wait() : hide()), stays);
    };
    const open = (e, to) => {
        if (e.metaKey || e.ctrlKey || e.shiftKey) return;
        e.preventDefault();
        hide();
        desk.go(to);
    };

    const el = t.div({ className: "pd-said-box", role: "status" }, () => {
        const c = s.said.value;
        if (!c) return null;
        const to = { kind: "c", id: c.id, queue: "mine" };
        return t.div(
            { rid: "said " + c.id + c.updated, className: "pd-undo-box" },
            icon("chat-new-line"),
            t.a({ className: "pd-undo-text", href: desk.link(to), onclick: (e) => open(e, to) }, tr("news.answered", { who: c.who, number: c.number }), t.span({ className: "pd-hint" }, " ", c.subject || "")),
            button({ icon: "close-line", title: tr("action.close"), kind: "quiet square small", run: hide }),
        );
    });
    return {
        el,
        start: () => (off = desk.live.on((changes) => heard(changes))),
        stop: () => {
            off?.();
            clearTimeout(timer);
        },
        /** Its case is on the screen: the line has said what it had to say. */
        seen: (id) => s.said.value?.id == id && hide(),
    };
}
