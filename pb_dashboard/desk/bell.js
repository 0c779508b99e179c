// What the bell opens: the notices, latest first.
import { tr, words } from "../lib/i18n.js";
import { box, button, empty, failed, icon, keyed, skeleton } from "../lib/dom.js";
import { calmLine } from "../lib/calm.js";
import { noticeWords } from "./noticewords.js";
import { openQueue } from "./queues.js";
import { popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { when } from "../lib/time.js";
import { dated, shopZone } from "../lib/zone.js";

await words("later", "telling");

const icons = {
    sla_warning: "timer-line", sla_breached: "timer-flash-line", escalated: "arrow-up-double-line", taken_on: "user-follow-line", unassigned: "user-unfollow-line", handed_over: "user-shared-line",
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
    const s = store({ items: box([]), next: "", phase: "loading", error: "" });
    const load = async (more) => {
        try {
            const page = await desk.api.notices(more ? s.next : "");
            s.items = box(more ? [...s.items.value, ...page.items] : page.items);
            s.next = page.next;
            s.phase = "ready";
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
        refit();
    };
    load();
    const all = async () => {
        await seen({});
        load();
    };
    const open = (n) => (e) => {
        if (e.metaKey || e.ctrlKey || e.shiftKey) return;
        e.preventDefault();
        close();
        if (!n.seen_at) seen({ ids: [n.id] });
        if (n.case) desk.go({ kind: "c", id: n.case });
        else if (n.kind == "questions") openQueue(desk, "problems");
    };
    return t.div(
        {},
        t.header(
            { className: "pd-notices-head" },
            t.h2({}, tr("bell.title")),
            () => state.unseen ? button({ label: tr("bell.all"), kind: "quiet small", run: all }) : null,
            button({ icon: "settings-3-line", title: tr("bell.choose"), kind: "quiet small square", run: async () => (close(), (await import("./notify.js")).openNotify(desk)) }),
        ),
        keyed(() => s.phase, (phase) => {
            if (phase == "loading") return skeleton(3);
            if (phase == "error") return failed(s.error, () => load());
            return t.div(
                {},
                () => s.items.value.length ? t.ul({ className: "pd-notice-list" }, s.items.value.map((n) => row(desk, n, open(n)))) : empty("notification-off-line", tr("bell.none"), tr("bell.none.hint")),
                () => s.next ? button({ label: tr("list.more"), kind: "quiet", run: () => load(true) }) : null,
            );
        }),
    );
}

function row(desk, n, onclick) {
    const more = [n.data?.due_at && dated(n.data.due_at, shopZone(desk)), n.kind == "rule" ? n.data?.text : n.data?.note, n.count > 1 && !["unassigned", "questions"].includes(n.kind) && tr("bell.times", { n: n.count })].filter(Boolean).join(" · ");
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
