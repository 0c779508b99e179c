// The head of a case: what it is, whose turn, how pressing, and the next step.
import { tr } from "../lib/i18n.js";
import { action, button, chip, icon } from "../lib/dom.js";
import { menuButton } from "../lib/popover.js";
import { clock, exact, parse } from "../lib/time.js";
import { dated } from "../lib/zone.js";
import { sentence } from "../lib/api.js";
import { calmLine } from "../lib/calm.js";
import { dueChip } from "./duechip.js";
import { personName, priorities, priorityName, sourceName, statuses, statusName, statusTone, waiting } from "./labels.js";
import { backButton } from "./case.js";
import { languageChip } from "./entry.js";

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
                run: (e) => rename(e.currentTarget, view),
            }),
            t.div(
                { className: "pd-case-actions" },
                () => mineButton(desk, view),
                () => doneButton(desk, view),
                () => spamButton(desk, view),
                moreButton(desk, view),
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
    const over = closed(c);
    return button({
        label: tr(over ? "action.reopen" : "action.resolve"),
        icon: over ? "inbox-unarchive-line" : "check-line",
        title: tr(over ? "action.reopen.why" : "action.resolve.why"),
        run: () => view.change({ status: over ? "open" : "resolved" }),
    });
}

function line(desk, view) {
    const { case: c, contact, feedback } = view.get();
    const w = waiting(c);
    const pick = (current, all, name, field) =>
        all.map((v) => ({ label: name(v), checked: v == current, run: () => v != current && view.change({ [field]: v }) }));
    return [
        t.button(
            {
                type: "button",
                className: "pd-case-number",
                title: tr("case.copylink"),
                onclick: () => part(desk, import("./casemenu.js"), (m) => m.copyLink(desk, c)),
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
        c.due_at && c.due_at == c.promised_at ? null : owed(desk, c),
        promiseBadge(desk, view),
        w ? chip(w, "plain", tr("case.waiting.why", { at: exact(c.waiting_since) }), "hourglass-line") : null,
        t.span({ className: "pd-case-who" }, icon("user-line"), t.bdi({ lang: c.locale || undefined }, personName(contact, feedback?.email))),
        languageChip(c.locale),
        feedback?.source ? t.span({ className: "pd-hint" }, tr("case.via", { source: sourceName(feedback.source) })) : null,
    ];
}

/** The chip; by a service level it tells more when asked. */
const owed = (desk, c, el = dueChip(c)) =>
    c.policy ? t.button({ type: "button", className: "pd-due-more", title: c.resolution_due ? tr("row.due.why.resolve", { at: exact(c.resolution_due) }) : tr("case.due"), onclick: (e) => part(desk, import("./owed.js"), (m) => m.showOwed(e.target, desk, c)) }, el || icon("timer-line")) : el;

const closed = (c) => c.status == "resolved" || c.status == "closed";

/** Does something that is fetched when it is asked for first. */
const part = (desk, module, run) => module.then(run).catch((err) => desk.host.toast.error(sentence(err)));

const rename = (anchor, view) =>
    import("./edit.js").then((m) => m.editText(anchor, { label: tr("case.rename"), value: view.get().case.subject, max: 300, save: (subject) => view.change({ subject }) }));

/** The badge, or nothing where nothing is promised. */
function promiseBadge(desk, view) {
    const c = view.get().case, due = parse(c.promised_at);
    if (!due || closed(c)) return null;
    const late = due < clock.now, at = dated(c.promised_at);
    return t.button(
        {
            rid: "promise" + c.promised_at + late,
            type: "button",
            className: "pd-promise pd-chip pd-tone-" + (late ? "bad" : due - clock.now < 2 * 3600_000 ? "warn" : "info"),
            title: tr(late ? "promise.late.why" : "promise.open.why", { at: exact(c.promised_at) }),
            ariaHasPopup: "dialog",
            onclick: (e) => desk.view.promise(e.currentTarget),
        },
        icon("shake-hands-line"),
        t.span({}, tr(late ? "promise.late" : "promise.open", { at })),
    );
}

/** How a case was marked as spam; null where it is not, or not any more. */
export function spamMark(data) {
    const last = data?.events?.findLast((e) => e.kind == "marked_spam" || e.kind == "unmarked_spam");
    return last?.kind == "marked_spam" ? last : null;
}

/** Only what came through screening can be taught back to it. */
export const canBeSpam = (data) => !!data?.feedback && !spamMark(data);

function spamButton(desk, view) {
    if (!canBeSpam(view.get())) return null;
    return action({
        icon: "spam-2-line",
        title: tr("spamcase.mark.why"),
        kind: "quiet square",
        hint: "#",
        run: () => part(desk, import("./spamcase.js"), (m) => m.markSpam(desk, view)),
    });
}

/** What is seldom done with a case, in a menu that is fetched. */
const moreButton = (desk, view) =>
    Object.assign(button({
        icon: "more-2-line",
        title: tr("case.more"),
        kind: "quiet square",
        run: (e) => {
            const anchor = e.currentTarget;
            part(desk, import("./casemenu.js"), (m) => m.caseMenu(desk, view, anchor));
        },
    }), { ariaHasPopup: "menu" });
