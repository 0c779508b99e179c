// The Desk: queues at the left, the list in the middle, the case at the right.
// On a phone the panes lie on one another, the deepest on top.
import { tr } from "../lib/i18n.js";
import { box, empty, keyed } from "../lib/dom.js";
import { format, parse, queues, wide } from "./route.js";
import { names } from "./labels.js";
import { queueNav } from "./queues.js";
import { caseList } from "./list.js";
import { heldList } from "./heldlist.js";
import { heldView } from "./heldview.js";
import { decisions } from "./decide.js";
import { undoBar } from "./undo.js";
import { unsend } from "./unsend.js";
import { news } from "./news.js";
import { filterWord } from "./filters.js";
import { outboxPane } from "./outbox.js";
import { screeningPane } from "../screening/pane.js";
import { caseView } from "./case.js";
import { deskKeys } from "./keys.js";
import { pruneDrafts } from "./drafts.js";
import { limits } from "./limits.js";

/**
 * @typedef {import("../start.js").Context & {
 *   place: Object, names: ReturnType<typeof names>, go: (change: Object, replace?: boolean) => void,
 *   link: (change: Object) => string, next: {after?: (id: string) => string}
 * }} Desk
 */

/** @param {import("../start.js").Context} context */
export function deskPage(context) {
    const place = store({ ...parse(context.host.hash()) });
    /** @type {Desk} */
    const desk = {
        ...context,
        place,
        names: names(context),
        link: (change) => format({ ...place, ...change }),
        go(change, replace) {
            const to = { ...place, ...change };
            context.host.setHash(format(to), replace);
            Object.assign(place, to);
        },
        filterWord: (name, value) => filterWord(desk, name, value),
        list: null, // the list on the screen: {focus(step), search(), after(id), reload()}
        heldReady: store({ list: box(null) }), // the list of held messages, once it is on the screen
        view: null, // what is open: {reply(), note(), keys, selected()}
    };
    desk.limits = limits(context);
    desk.sms = store({ on: false, max_parts: 3, tracking_length: 71 });
    desk.undo = undoBar(desk);
    desk.unsend = unsend(desk);
    desk.news = news(desk);
    desk.decide = decisions(desk);
    pruneDrafts();

    const held = () => place.queue == "quarantine";
    // a pane is made anew only when what it shows is another thing
    const list = keyed(() => (held() ? "held " + place.outcome : "cases"), (k) => (k == "cases" ? caseList(desk) : heldList(desk, place.outcome == "blocked" ? "blocked" : "")));
    const view = keyed(
        () => place.kind ? place.kind + ":" + place.id : String(held()),
        () => {
            desk.view = null;
            if (place.kind == "c") return caseView(desk, place.id);
            if (place.kind == "v") return heldView(desk, place.id);
            return nothingOpen(held());
        },
    );

    const alone = () => wide.includes(place.queue) && !place.kind;
    const pane = keyed(() => (alone() ? place.queue : ""), (queue) => ({ outbox: outboxPane, screening: screeningPane })[queue]?.(desk));

    const el = t.div(
        {
            className: () => "pd-desk" + (place.kind ? " has-view" : "") + (alone() ? " is-wide" : ""),
            onmount: () => {
                keys = deskKeys(desk);
                desk.news.start();
                context.api.sms().then((x) => Object.assign(desk.sms, x)).catch(() => {}); // without it there are no text messages
            },
            onunmount: () => {
                keys?.();
                desk.news.stop();
            },
        },
        queueNav(desk),
        pane,
        t.section({ className: "pd-list-pane", ariaLabel: tr("list.label"), hidden: () => wide.includes(place.queue) }, list),
        t.section({ className: "pd-view-pane", ariaLabel: tr("case.label"), hidden: alone }, view),
        desk.news.el,
        desk.undo.el,
    );
    let keys;

    return {
        el,
        open(hash) {
            const to = parse(hash);
            if (!hash.includes("queue=")) to.queue = to.kind ? place.queue || to.queue : rememberedQueue();
            if (to.kind == "v") to.queue = "quarantine";
            Object.assign(place, to);
            remember(place.queue);
        },
    };
}

function nothingOpen(held) {
    return empty(
        held ? "shield-check-line" : "chat-smile-2-line",
        tr(held ? "held.choose" : "case.choose"),
        tr("keys.hint"),
    );
}

const memory = "pocketdesk.queue";
const remember = (queue) => wide.includes(queue) || localStorage.setItem(memory, queue);
const rememberedQueue = () => {
    const q = localStorage.getItem(memory);
    return queues.includes(q) ? q : "open";
};
