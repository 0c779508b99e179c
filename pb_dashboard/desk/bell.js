// What the bell opens: the notices, latest first.
import { tr, words } from "../lib/i18n.js";
import { box, button, empty, failed, icon, keyed, skeleton } from "../lib/dom.js";
import { calmLine } from "../lib/calm.js";
import { noticeWords } from "./noticewords.js";
import { openQueue } from "./queues.js";
import { popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { when } from "../lib/time.js";
import { dated } from "../lib/zone.js";

await words("later", "telling");

const icons = {
    sla_warning: "timer-line", sla_breached: "timer-flash-line", sla_late: "timer-flash-line", escalated: "arrow-up-double-line", taken_on: "user-follow-line", outside_note: "mail-check-line", unassigned: "user-unfollow-line", handed_over: "user-shared-line",
    new_case: "inbox-archive-line", answered: "chat-new-line",
    rule: "flow-chart", rule_failed: "error-warning-line", webhook_disabled: "link-unlink", questions: "lightbulb-line",
    mention: "at-line", assigned: "user-received-line", follow_up: "alarm-line", promise_due: "shake-hands-line", promise_broken: "error-warning-line",
};

/** @param {import("./page.js").Desk} desk @param {HTMLElement} anchor @param {{s: Object, seen: (which: Object) => Promise<void>}} news */
export async function bell(desk, anchor, news) {
    await words("later", "telling");
    const refit = () => requestAnimationFrame(() => pop?.place());
    const pop = popover(anchor, (close) => list(desk, news, close, refit), { label: tr("bell.title"), className: "pd-notices" });
}

function list(desk, { s: state, seen }, close, refit) {
    const s = parts(refit);
    const load = (more) => s.load((cursor) => desk.api.notices(cursor), more);
    load();
    const all = async () => {
        await seen({});
        load();
    };
    const open = (n) => (e) => {
        if (e.metaKey || e.ctrlKey || e.shiftKey) return;
        e.preventDefault();
        close();
        if (!n.seen_at) seen(n.of > 1 ? { case: n.case } : { ids: [n.id] });
        if (n.case) desk.go({ kind: "c", id: n.case });
        else if (n.kind == "questions") openQueue(desk, "problems");
        else if (n.kind == "new_case") openQueue(desk, "unassigned");
        else if (n.kind == "sla_late" || n.kind == "answered") openQueue(desk, "open"); // what is late stands on top
    };
    const read = (n) => async () => {
        await seen({ ids: [n.id] });
        load();
    };
    return t.div(
        {},
        t.header(
            { className: "pd-notices-head" },
            t.h2({}, tr("bell.title")),
            () => state.unseen ? button({ label: tr("bell.all"), kind: "quiet small", run: all }) : null,
            button({ icon: "settings-3-line", title: tr("bell.choose"), kind: "quiet small square", run: async () => (close(), (await import("./notify.js")).openNotify(desk)) }),
        ),
        s.show(
            load,
            (n) => (n.of > 1 ? storm(desk, n, { open, read: read(n), refit }) : row(desk, n, open(n))),
            () => empty("notification-off-line", tr("bell.none"), tr("bell.none.hint")),
        ),
    );
}

/** A list that comes in parts: load(fetch, more) and show(again, row, none). */
function parts(refit) {
    const s = store({ items: box([]), next: "", phase: "loading", error: "" });
    const load = async (fetch, more) => {
        try {
            const page = await fetch(more ? s.next : "");
            s.items = box(more ? [...s.items.value, ...page.items] : page.items);
            s.next = page.next;
            s.phase = "ready";
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
        refit();
    };
    const show = (again, line, none) => keyed(() => s.phase, (phase) => {
        if (phase == "loading") return skeleton(3);
        if (phase == "error") return failed(s.error, () => again());
        return t.div(
            {},
            () => s.items.value.length ? t.ul({ className: "pd-notice-list" }, s.items.value.map(line)) : none(),
            () => s.next ? button({ label: tr("list.more"), kind: "quiet", run: () => again(true) }) : null,
        );
    });
    return { load, show };
}

/** Many that are alike: one line, which opens to all of them. */
function storm(desk, n, { open, read, refit }) {
    const s = store({ open: false });
    let inner;
    const all = () => {
        if (inner) return inner;
        const p = parts(refit), load = (more) => p.load((cursor) => desk.api.notices(cursor, n.line), more);
        load();
        return (inner = t.div({ className: "pd-notice-inner" }, p.show(load, (one) => row(desk, one, open({ ...one, of: 2 })), () => null)));
    };
    return t.li(
        { rid: "storm" + n.line + n.seen_at + n.of },
        t.div(
            { className: "pd-notice-row pd-notice-storm" + (n.seen_at ? "" : " is-new") },
            icon(icons[n.kind] || "notification-3-line"),
            t.span(
                { className: "pd-notice-text" },
                t.span({}, noticeWords(desk, n)),
                n.kind == "rule" && n.data?.text ? t.bdi({ className: "pd-hint" }, n.data.text) : null,
                t.button(
                    { type: "button", className: "pd-notice-of", ariaExpanded: () => String(s.open), onclick: () => ((s.open = !s.open), refit()) },
                    tr("bell.alike", { n: n.of }),
                    () => icon(s.open ? "arrow-up-s-line" : "arrow-down-s-line"),
                ),
                t.span({ className: "pd-hint" }, when(n.created)),
            ),
            n.seen_at ? null : button({ icon: "check-line", title: tr("bell.alike.read"), kind: "quiet small square", run: read }),
            n.seen_at ? null : t.span({ className: "pd-notice-dot", role: "img", ariaLabel: tr("bell.new") }),
        ),
        () => s.open ? all() : null,
    );
}

function row(desk, n, onclick) {
    const more = [n.data?.due_at && dated(n.data.due_at), n.kind == "rule" ? n.data?.text : n.data?.note, n.count > 1 && n.data?.code != "more" && !["unassigned", "sla_late", "questions"].includes(n.kind) && tr("bell.times", { n: n.count })].filter(Boolean).join(" · ");
    return t.li(
        { rid: n.id + n.seen_at + n.count },
        t.a(
            { className: "pd-notice-row" + (n.seen_at ? "" : " is-new"), href: n.case ? desk.link({ kind: "c", id: n.case }) : "#", onclick },
            icon(icons[n.kind] || "notification-3-line"),
            t.span(
                { className: "pd-notice-text" },
                t.span({}, noticeWords(desk, n)),
                n.case ? t.bdi({ className: "pd-notice-case" }, `#${n.number} ${calmLine(n.subject || "") || tr("case.nosubject")}`) : null,
                more ? t.bdi({ className: "pd-hint" }, more) : null,
                t.span({ className: "pd-hint" }, when(n.created)),
            ),
            n.seen_at ? null : t.span({ className: "pd-notice-dot", role: "img", ariaLabel: tr("bell.new") }),
        ),
    );
}
