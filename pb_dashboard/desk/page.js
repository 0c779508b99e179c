// The Desk: queues at the left, the list in the middle, the case at the right.
// On a phone the panes lie on one another, the deepest on top.
import { tr } from "../lib/i18n.js";
import { box, empty, keyed } from "../lib/dom.js";
import { format, named, parse, queues, wide } from "./route.js";
import { names } from "./labels.js";
import { queueNav } from "./queues.js";
import { caseList } from "./list.js";
import { late } from "./late.js";
import { news } from "./news.js";
import { nextCase } from "./next.js";
import { notices } from "./notices.js";
import { presence } from "./presence.js";
import { reads } from "./reads.js";
import { caseView } from "./case.js";
import { actOn, deskKeys } from "./keys.js";
import { selection } from "./selection.js";
import { ownDrafts } from "./drafts.js";
import { later, lazy } from "../lib/lazy.js";

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
        list: null, // the list on the screen: {focus(step), search(), after(id), reload()}
        heldReady: store({ list: box(null) }), // the list of held messages, once it is on the screen
        view: null, // what is open: {reply(), note(), keys, selected()}
    };
    const limits = once(() => import("./limits.js").then((m) => m.limits(context)));
    desk.limits = (now) => limits().then((ask) => ask(now)); // from how many points on a message is held
    desk.limits.know = (known) => limits().then((ask) => ask.know(known)).catch(() => {});
    desk.sms = store({ on: false, max_parts: 3, tracking_length: 71 });
    const said = late(desk);
    desk.undo = said.undo; // offers to take back what was just done
    desk.unsend = said.unsend;
    desk.news = news(desk);
    desk.notices = notices(desk);
    desk.reads = reads(desk);
    desk.presence = presence(desk);
    desk.next = nextCase(desk);
    desk.selection = selection(desk);
    desk.act = actOn(desk); // assign, status, … on what is selected or open: see acts.js
    ownDrafts(context.me.agent?.id || "_");
    const checkDrafts = () => import("./draftcheck.js").then((m) => m.checkDrafts(desk)).catch(() => {}); // at the next start
    setTimeout(checkDrafts, 3000);
    context.live.on((changes) => changes.some((c) => c.action == "left") && checkDrafts());

    const inHeld = () => place.queue == "quarantine";
    const held = () => import("./held.js");
    // a pane is made anew only when what it shows is another thing
    const list = keyed(() => (inHeld() ? "held " + place.outcome : "cases"), (k) => (k == "cases" ? caseList(desk) : later(held, (m) => m.heldPane(desk, place.outcome == "blocked" ? "blocked" : ""))));
    const view = keyed(
        () => place.kind ? place.kind + ":" + place.id : String(inHeld()),
        () => {
            desk.view = null;
            if (place.kind == "c") return caseView(desk, place.id);
            if (place.kind == "v") return later(held, (m) => m.heldMessage(desk, place.id));
            return nothingOpen(inHeld());
        },
    );

    const alone = () => wide.includes(place.queue) && !place.kind;
    const pane = keyed(() => (alone() ? place.queue : ""), (queue) => ({
        outbox: () => later(() => import("./outbox.js"), (m) => m.outboxPane(desk)),
        screening: () => later(() => Promise.all([import("../screening/pane.js"), context.api.admin()]), ([m]) => m.screeningPane(desk)),
        problems: () => t.div({ className: "pd-pane" }, lazy(() => Promise.all([import("./problems.js"), context.api.admin()]), ([m]) => m.problemsPane(desk))),
        promises: () => t.div({ className: "pd-pane" }, lazy(() => import("./promises.js"), (m) => m.promisesPane(desk))),
    })[queue]?.(desk));

    const el = t.div(
        {
            className: () => "pd-desk" + (place.kind ? " has-view" : "") + (wide.includes(place.queue) ? " is-wide" : ""),
            onmount: () => {
                keys = deskKeys(desk);
                desk.news.start();
                desk.notices.start();
                desk.reads.start();
                desk.presence.start();
                context.api.sms().then((x) => Object.assign(desk.sms, x)).catch(() => {}); // without it there are no text messages
            },
            onunmount: () => {
                keys?.();
                desk.news.stop();
                desk.notices.stop();
                desk.reads.stop();
                desk.presence.stop();
            },
        },
        queueNav(desk),
        pane,
        t.section({ className: "pd-list-pane", ariaLabel: tr("list.label"), hidden: () => wide.includes(place.queue) }, list, t.div({ hidden: inHeld }, desk.selection.el)),
        t.section({ className: "pd-view-pane", ariaLabel: tr("case.label"), hidden: alone }, desk.presence.line, view),
        desk.news.el,
        said.el,
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
    return queues.includes(q) || named(q || "") ? q : "open";
};

/** Fetches once; what failed is fetched again. */
function once(load) {
    let loading;
    return () => loading ??= load().catch((err) => {
        loading = null;
        throw err;
    });
}
