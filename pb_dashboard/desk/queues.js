// The left pane: what waits, by whose turn it is; who has how much; and the
// lists that people describe themselves. On a phone it is a bar that opens.
import { language, languages, tr, words } from "../lib/i18n.js";
import { avatar, icon } from "../lib/dom.js";
import { menuButton } from "../lib/popover.js";
import { showKeys } from "./keys.js";
import { meButton } from "./me.js";
import { named } from "./route.js";
import { viewItems } from "./views.js";

const groups = [
    [["mine", "user-line"], ["unassigned", "user-unfollow-line"], ["open", "inbox-line"]],
    [["waiting", "hourglass-line"], ["follow_up", "alarm-line"], ["promises", "shake-hands-line"], ["problems", "bug-line"], ["done", "check-double-line"]],
    [["quarantine", "spam-2-line"], ["screening", "bar-chart-box-line"], ["outbox", "mail-forbid-line"]],
];
const quietWhenZero = new Set(["quarantine", "outbox"]);
const there = { kind: "", id: "", q: "", status: "", outcome: "", days: "", sort: "", unread: "", assignee: "" };

/** The one of the people or views that a queue such as "view:ID" means. */
function entry(desk, queue) {
    const [kind, id] = queue.split(":");
    const { people, views } = desk.counts.queues.value;
    return (kind == "person" ? people : views)?.find((x) => x.id == id);
}

/** A queue's name. */
export function queueName(desk, queue) {
    if (!named(queue)) return tr("queue." + queue);
    return entry(desk, queue)?.name || desk.names.agent(queue.split(":")[1]) || tr(queue.startsWith("view:") ? "view.one" : "queue.person");
}

/** {count, more} of a queue, once it is known. */
export function queueCount(desk, queue) {
    const c = named(queue) ? entry(desk, queue) : desk.counts.queues.value[queue];
    return c && c.count != null ? c : null;
}

/** Goes to a queue. */
export const openQueue = (desk, queue) => desk.go({ ...there, queue });

/** @param {import("./page.js").Desk} desk */
export function queueNav(desk) {
    const { counts, place } = desk;
    const s = store({ open: false, why: false, people: localStorage.getItem(memory) != "closed" });
    const count = (name) => counts.queues.value[name];
    const close = () => (s.open = false);
    setTimeout(async () => { // what a queue holds is no first word
        await words("why");
        s.why = true;
    }, 2000);

    /** A link to a queue. more: what stands behind its count */
    const link = ({ queue, name, why, front, end, eyes }, ...more) =>
        t.a(
            {
                rid: queue + name,
                href: () => desk.link({ ...there, queue }),
                className: () => "pd-queue" + (place.queue == queue ? " is-active" : "") + (eyes?.() ? " needs-eyes" : ""),
                ariaCurrent: () => place.queue == queue ? "page" : undefined,
                title: why,
                onclick: (e) => {
                    if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                    e.preventDefault();
                    close();
                    openQueue(desk, queue);
                },
            },
            front,
            t.span({ className: "pd-queue-name" }, name),
            end,
            ...more,
        );
    const item = ([name, iconName]) =>
        link({
            queue: name, name: tr("queue." + name), why: () => tr((s.why ? "queue.why." : "queue.") + name), front: icon(iconName),
            eyes: () => count(name)?.count && quietWhenZero.has(name),
            end: () => number(count(name), quietWhenZero.has(name), name == "follow_up" && count("due_now")?.count),
        });
    const person = (p) =>
        link({ queue: "person:" + p.id, name: p.name, why: () => s.why ? tr("queue.why.person", { name: p.name }) : p.name, front: avatar(p.name, "is-tiny"), end: number(p) });

    const people = () => {
        const list = (count("people") || []).filter((p) => p.id != desk.me.agent?.id);
        if (!list.length || desk.me.agent?.role == "agent") return null;
        return t.div(
            { rid: "people" + JSON.stringify(list) + s.people, className: "pd-queue-group" },
            t.button(
                {
                    type: "button",
                    className: "pd-queue-head",
                    ariaExpanded: String(s.people),
                    onclick: () => {
                        s.people = !s.people;
                        localStorage.setItem(memory, s.people ? "open" : "closed");
                    },
                },
                t.span({}, tr("queue.people")),
                icon(s.people ? "arrow-down-s-line" : "arrow-right-s-line"),
            ),
            s.people ? list.map(person) : null,
        );
    };

    let groupsEl;
    const bar = t.button(
        {
            type: "button",
            className: "pd-queue-switch",
            ariaExpanded: () => String(s.open),
            onclick: () => {
                s.open = !s.open;
                if (s.open) requestAnimationFrame(() => (groupsEl.querySelector(".is-active") || groupsEl.querySelector("a"))?.focus());
            },
        },
        t.span({}, () => queueName(desk, place.queue)),
        () => number(queueCount(desk, place.queue)),
        icon("arrow-down-s-line"),
    );
    const nav = t.nav(
        {
            className: () => "pd-queues" + (s.open ? " is-open" : ""),
            ariaLabel: tr("queue.label"),
            onkeydown: (e) => {
                if (e.key != "Escape" || !s.open) return;
                e.stopPropagation();
                close();
                bar.focus();
            },
        },
        bar,
        t.div({ className: "pd-queue-shade", onclick: close }),
        (groupsEl = t.div({ className: "pd-queue-groups" }, ...groups.slice(0, 2).map(group), () => viewItems(desk, { link, number }), people, ...groups.slice(2).map(group))),
        foot(desk),
    );
    function group(g) {
        return t.div({ className: "pd-queue-group" }, g.map(item));
    }
    return nav;
}

const memory = "pocketdesk.people";

function foot(desk) {
    return t.div(
        { className: "pd-queues-foot" },
        () => desk.me.smtp === false ? t.p({ className: "pd-notice" }, icon("mail-close-line"), tr("desk.nosmtp")) : null,
        t.div(
            { className: "pd-me" },
            menuButton({
                icon: "global-line",
                title: tr("desk.language"),
                kind: "quiet small square",
                caret: false,
                items: () =>
                    Object.entries(languages).map(([lang, name]) => ({
                        label: name,
                        checked: lang == language(),
                        run: () => desk.speak(lang),
                    })),
            }),
            desk.notices.el,
            meButton(desk),
            t.button(
                { type: "button", className: "pd-btn pd-btn-quiet pd-btn-small pd-btn-square pd-wide-only", title: tr("keys.title"), ariaLabel: tr("keys.title"), onclick: () => showKeys(desk) },
                icon("keyboard-line"),
            ),
        ),
    );
}

/** A queue's count; nothing when it is not known, or nothing is meant by zero. */
export function number(c, hideZero, due) {
    if (!c || c.count == null || (hideZero && !c.count)) return null;
    return t.span(
        { className: "pd-count" + (due ? " is-due" : "") + (c.count ? "" : " is-zero"), title: due ? tr("queue.due_now", { n: due }) : undefined },
        c.count + (c.more ? "+" : ""),
    );
}
