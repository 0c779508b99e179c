// The head of a case: what it is, whose turn, how pressing, and the next step.
import { tr } from "../lib/i18n.js";
import { button, chip, icon } from "../lib/dom.js";
import { menuButton } from "../lib/popover.js";
import { exact } from "../lib/time.js";
import { calmLine } from "../lib/calm.js";
import { due, personName, priorities, priorityName, sourceName, statuses, statusName, statusTone, waiting } from "./labels.js";
import { backButton } from "./case.js";
import { editText } from "./edit.js";
import { promiseBadge } from "./promise.js";
import { languageChip } from "./entry.js";
import { spamButton } from "./spamcase.js";
import { linkMenu } from "./tracklink.js";

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function caseHeader(desk, view) {
    const one = () => view.get().case;
    return t.header(
        { className: "pd-case-head" },
        t.div(
            { className: "pd-case-title" },
            backButton(desk),
            t.h1({ lang: () => one().locale || undefined, dir: "auto", title: () => calmLine(one().subject) }, () => calmLine(one().subject) || tr("case.nosubject")),
            button({
                icon: "pencil-line",
                title: tr("case.rename"),
                kind: "quiet square small rename",
                run: (e) => editText(e.currentTarget, { label: tr("case.rename"), value: one().subject, max: 300, save: (subject) => view.change({ subject }) }),
            }),
            t.div(
                { className: "pd-case-actions" },
                () => mineButton(desk, view),
                () => doneButton(desk, view),
                () => spamButton(desk, view),
                () => linkMenu(desk, view),
                t.button(
                    {
                        type: "button",
                        className: () => "pd-btn pd-btn-quiet pd-btn-square pd-side-toggle" + (view.s.side ? " is-on" : ""),
                        title: tr("side.toggle"),
                        ariaLabel: tr("side.toggle"),
                        ariaPressed: () => view.s.side,
                        onclick: () => (view.s.side = !view.s.side),
                    },
                    icon("layout-right-2-line"),
                ),
            ),
        ),
        t.div({ className: "pd-case-line" }, () => line(desk, view)),
    );
}

/** Who has it: taken with one press when nobody does. */
function mineButton(desk, view) {
    const c = view.get().case;
    if (c.assignee || !desk.me.agent?.id) return null;
    return button({
        label: tr("action.take"),
        icon: "user-received-line",
        title: tr("action.take.why"),
        run: () => view.change({ assignee: desk.me.agent.id }),
    });
}

function doneButton(desk, view) {
    const c = view.get().case;
    const over = c.status == "resolved" || c.status == "closed";
    return button({
        label: tr(over ? "action.reopen" : "action.resolve"),
        icon: over ? "inbox-unarchive-line" : "check-line",
        title: tr(over ? "action.reopen.why" : "action.resolve.why"),
        run: () => view.change({ status: over ? "open" : "resolved" }),
    });
}

function line(desk, view) {
    const { case: c, contact, feedback } = view.get();
    const d = due(c), w = waiting(c);
    const pick = (current, all, name, field) =>
        all.map((v) => ({ label: name(v), checked: v == current, run: () => v != current && view.change({ [field]: v }) }));
    return [
        t.button(
            {
                type: "button",
                className: "pd-case-number",
                title: tr("case.copylink"),
                onclick: () => copyLink(desk, c),
            },
            "#" + c.number,
        ),
        menuButton({
            label: statusName(c.status),
            title: tr("fact.status"),
            kind: `pill tone-${statusTone[c.status] || "plain"}`,
            name: "status",
            items: () => pick(c.status, statuses.filter((s) => s != "new" || c.status == "new"), statusName, "status"),
        }),
        menuButton({
            label: priorityName(c.priority),
            title: tr("fact.priority"),
            kind: "pill tone-" + ({ urgent: "bad", high: "warn" }[c.priority] || "plain"),
            name: "priority",
            items: () => pick(c.priority, priorities, priorityName, "priority"),
        }),
        d && c.due_at != c.promised_at ? chip(d.text, d.tone, d.title, "timer-line") : null,
        promiseBadge(desk, view),
        w ? chip(w, "plain", tr("case.waiting.why", { at: exact(c.waiting_since) }), "hourglass-line") : null,
        t.span({ className: "pd-case-who" }, icon("user-line"), t.bdi({ lang: c.locale || undefined }, personName(contact, feedback?.email))),
        languageChip(c.locale),
        feedback?.source ? t.span({ className: "pd-hint" }, tr("case.via", { source: sourceName(feedback.source) })) : null,
    ];
}

async function copyLink(desk, c) {
    const url = location.href.split("#")[0] + "#/desk/c/" + c.id;
    try {
        await navigator.clipboard.writeText(url);
        desk.host.toast.ok(tr("case.linkcopied", { number: c.number }));
    } catch {
        desk.host.toast.info(url);
    }
}
