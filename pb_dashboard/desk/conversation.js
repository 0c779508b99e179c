// What was said, oldest first, with what was changed between. The latest part
// of a long conversation is there at once; the rest comes when it is asked for.
import { tr } from "../lib/i18n.js";
import { action, empty, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { parse } from "../lib/time.js";
import { changeLines } from "./changes.js";
import { dayLine, dayOf, newLine } from "./days.js";
import { entry } from "./entry.js";

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function conversation(desk, view) {
    const news = store({ below: 0 });
    let box, latest = "", w, size, ended = false, keep = new Map();
    const atEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    const shown = () => {
        view.shown = latest;
        news.below = 0;
    };
    const toEnd = () => {
        box.scrollTop = box.scrollHeight;
        shown();
    };
    // the latest words, but never past the beginning of what the visitor said last,
    // nor past what is new
    const toLatest = () => {
        const said = [...box.querySelectorAll(".pd-msg.is-in")].at(-1), fresh = box.querySelector(".pd-line-new");
        toEnd();
        for (const el of [said, fresh]) if (el) box.scrollTop = Math.min(box.scrollTop, el.offsetTop - box.offsetTop - 12);
    };
    const heard = (id) => {
        const list = view.get().messages;
        const first = !latest, added = first ? 0 : list.length - 1 - list.findLastIndex((m) => m.id == latest);
        if (id == latest) return;
        const mine = list.at(-1).author && list.at(-1).author == desk.me.agent?.id;
        latest = id;
        if (first) view.shown = id;
        if (first || mine || atEnd()) requestAnimationFrame(first ? toLatest : toEnd);
        else news.below += Math.max(0, added);
    };
    const more = async () => {
        const height = box.scrollHeight, top = box.scrollTop;
        try {
            await view.earlier();
            // what was on the screen stays there
            requestAnimationFrame(() => (box.scrollTop = top + box.scrollHeight - height));
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    box = t.div(
        {
            className: "pd-messages",
            tabIndex: 0,
            role: "log",
            ariaLabel: tr("talk.label"),
            onscroll: () => {
                ended = atEnd();
                if (ended && view.shown != latest) shown();
            },
            onmount: (el) => {
                w = watch(() => view.get()?.messages?.at(-1)?.id || "", (id) => id && heard(id));
                // the composer grows: the last words stay in sight
                size = new ResizeObserver(() => ended && (el.scrollTop = el.scrollHeight));
                size.observe(el);
            },
            onunmount: () => {
                w?.unwatch();
                size?.disconnect();
                keep.clear();
            },
        },
        () => {
            const data = view.get();
            if (!data.messages?.length) return empty("chat-off-line", tr("talk.empty"));
            const made = new Map();
            const once = (rid, make) => {
                const el = keep.get(rid) || make();
                el.rid = rid;
                made.set(rid, el);
                return el;
            };
            const all = parts(desk, view, data, once);
            keep = made;
            return all;
        },
    );
    const earlier = () => {
        const n = view.get().earlier;
        return n ? t.div({ rid: "earlier" + n, className: "pd-earlier" }, action({ label: tr("talk.earlier", { n }), icon: "arrow-up-line", kind: "small", run: more })) : null;
    };
    box.prepend(t.div({}, earlier));
    return t.div(
        { className: "pd-messages-frame" },
        box,
        () => news.below
            ? t.button({ type: "button", className: "pd-btn pd-btn-primary pd-news", onclick: toEnd }, icon("arrow-down-line"), tr("talk.news", { n: news.below }))
            : null,
    );
}

/** Days, changes and messages in their order. once(rid, make) keeps what is on the screen already. */
function parts(desk, view, data, once) {
    const out = [], changes = changeLines(data);
    let day = "", fresh = false;
    const on = (at) => {
        const d = dayOf(at);
        if (d && d != day) out.push(once("day " + d, () => dayLine(at)));
        day = d || day;
    };
    const upTo = (at) => {
        while (changes.length && changes[0].at < at) {
            const c = changes.shift();
            on(c.at);
            out.push(once(c.rid, () => c.line(desk)));
        }
    };
    for (const [i, m] of data.messages.entries()) {
        upTo(m.created);
        on(m.created);
        if (!fresh && i && isNew(desk, view, m)) {
            fresh = true;
            out.push(once("new", newLine));
        }
        const rid = m.id + JSON.stringify([m.delivery, m.delivery_note, m.read_at, m.undo_until, m.updated, m.outbox, m.has_raw, m.files?.length, data.contact?.updated, data.reply_to]);
        out.push(once(rid, () => entry(desk, view, m, data)));
    }
    upTo("9");
    return out;
}

/** Said by another since the person last looked. */
function isNew(desk, view, m) {
    const seen = parse(view.seenAt);
    return seen && parse(m.created) > seen && (m.direction == "in" || (m.author && m.author != desk.me.agent?.id));
}
