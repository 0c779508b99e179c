// The left pane: what waits, by whose turn it is.
import { language, languages, tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { menuButton } from "../lib/popover.js";
import { showKeys } from "./keys.js";
import { meButton } from "./me.js";

const groups = [
    [["mine", "user-line"], ["unassigned", "user-unfollow-line"], ["open", "inbox-line"]],
    [["waiting", "hourglass-line"], ["follow_up", "alarm-line"], ["done", "check-double-line"]],
    [["quarantine", "spam-2-line"], ["screening", "bar-chart-box-line"], ["outbox", "mail-forbid-line"]],
];
const quietWhenZero = new Set(["quarantine", "outbox"]);

/** @param {import("./page.js").Desk} desk */
export function queueNav(desk) {
    const { counts, place } = desk;
    const count = (name) => counts.queues.value[name];
    const there = { kind: "", id: "", q: "", status: "", outcome: "", days: "" };
    const item = ([name, iconName]) =>
        t.a(
            {
                href: () => desk.link({ ...there, queue: name }),
                className: () =>
                    "pd-queue" + (place.queue == name ? " is-active" : "")
                    + (count(name)?.count && (name == "outbox" || name == "quarantine") ? " needs-eyes" : ""),
                ariaCurrent: () => place.queue == name ? "page" : undefined,
                title: tr("queue.why." + name),
                onclick: (e) => {
                    if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                    e.preventDefault();
                    desk.go({ ...there, queue: name });
                },
            },
            icon(iconName),
            t.span({ className: "pd-queue-name" }, tr("queue." + name)),
            () => number(count(name), quietWhenZero.has(name), name == "follow_up" && count("due_now")?.count),
        );

    return t.nav(
        { className: "pd-queues", ariaLabel: tr("queue.label") },
        t.div({ className: "pd-queue-groups" }, groups.map((g) => t.div({ className: "pd-queue-group" }, g.map(item)))),
        t.div(
            { className: "pd-queues-foot" },
            () => desk.me.smtp === false ? t.p({ className: "pd-notice" }, icon("mail-close-line"), tr("desk.nosmtp")) : null,
            t.div(
                { className: "pd-me" },
                menuButton({
                    icon: "global-line",
                    label: languages[language()],
                    title: tr("desk.language"),
                    kind: "quiet small",
                    items: () =>
                        Object.entries(languages).map(([lang, name]) => ({
                            label: name,
                            checked: lang == language(),
                            run: () => desk.speak(lang),
                        })),
                }),
                meButton(desk),
                t.button(
                    { type: "button", className: "pd-btn pd-btn-quiet pd-btn-small pd-btn-square pd-wide-only", title: tr("keys.title"), ariaLabel: tr("keys.title"), onclick: () => showKeys(desk) },
                    icon("keyboard-line"),
                ),
            ),
        ),
    );
}

function number(c, hideZero, due) {
    if (!c || (hideZero && !c.count)) return null;
    return t.span(
        { className: "pd-count" + (due ? " is-due" : ""), title: due ? tr("queue.due_now", { n: due }) : undefined },
        c.count + (c.more ? "+" : ""),
    );
}
