// The quiet line that says who has answered.
import { tr, words } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { personName } from "./labels.js";

await words("rare");

const stays = 12_000;

/** @param {import("./page.js").Desk} desk */
export function newsLine(desk) {
    const s = store({ said: box(null) });
    let timer;
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
        say,
        stop: () => clearTimeout(timer),
        /** Its case is on the screen: the line has said what it had to say. */
        seen: (id) => s.said.value?.id == id && hide(),
    };
}
