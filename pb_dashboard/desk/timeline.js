// What happened to a case, in the words of people, newest first.
import { tr, trOr, words } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { lazy } from "../lib/lazy.js";
import { when } from "../lib/time.js";
import { happened } from "./happened.js";

await words("events");

const shown = 6;

const icons = {
    received: "mail-download-line", accepted: "shield-check-line", quarantined: "spam-2-line", blocked: "forbid-line",
    released: "door-open-line", opened: "folder-open-line", acknowledged: "mail-check-line", ack_held: "pause-circle-line",
    sent: "send-plane-line", send_failed: "mail-close-line", send_unknown: "question-line", replied: "reply-line",
    noted: "sticky-note-line", called: "phone-line", status: "flag-line", priority: "arrow-up-double-line",
    category: "price-tag-3-line", assignee: "user-line", unassigned_alarm: "alarm-warning-line", team: "team-line", tags: "hashtag", follow_up: "alarm-line",
    promise: "calendar-check-line", confirmed_spam: "spam-2-line", undecided: "arrow-go-back-line", marked_spam: "spam-2-line", unmarked_spam: "arrow-go-back-line", lesson_taken_back: "eraser-line", confirmed_address: "mail-check-line", confirm_asked: "mail-send-line", confirm_skipped: "mail-close-line", confirm_held: "mail-check-line", rule_made: "forbid-line", model_trained: "graduation-cap-line", model_refused: "close-circle-line", ack_skipped: "mail-close-line", possible_duplicate: "file-copy-line", resent: "restart-line", erased: "eraser-line", redacted: "eraser-line", classified: "magic-line",
    rule: "git-branch-line",
    member_marked: "vip-crown-line", member_unmarked: "user-unfollow-line", invited: "mail-send-line", converted: "vip-crown-2-line",
    visitor_wrote: "chat-new-line", auto_received: "mail-settings-line", visitor_solved: "check-double-line", bounced: "mail-close-line", mail_delayed: "time-line",
    follow_up_due: "alarm-warning-line", promise_made: "shake-hands-line", promise_kept: "shake-hands-line", promise_broken: "error-warning-line", promise_withdrawn: "close-line",
    merged: "git-merge-line", unmerged: "arrow-go-back-line", split: "git-branch-line", not_duplicate: "user-unfollow-line",
    unsent: "arrow-go-back-line", link_renewed: "link", link_revoked: "link-unlink", read: "eye-line", texted: "message-2-line", sms_delivered: "check-line",
};

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function timeline(desk, view) {
    const s = store({ all: false });
    return t.section(
        { className: "pd-card" },
        t.h3({}, tr("timeline.title")),
        t.ol({ className: "pd-timeline" }, () => {
            const events = (view.get().events || []).toReversed();
            return (s.all ? events : events.slice(0, shown)).map((e) =>
                t.li(
                    { rid: e.id },
                    icon(icons[e.kind] || "circle-line"),
                    t.div({}, t.div({}, happened(desk, e)), e.kind == "rule" ? lazy(() => import("./ruledid.js"), (m) => m.ruleDid(desk, e)) : reason(desk, e), t.span({ className: "pd-hint" }, when(e.created))),
                )
            );
        }),
        () => !s.all && (view.get().events?.length || 0) > shown
            ? t.button({ type: "button", className: "pd-btn pd-btn-quiet pd-btn-small", onclick: () => (s.all = true) }, tr("timeline.all", { n: view.get().events.length }))
            : null,
    );
}

function reason(desk, e) {
    if (e.after?.by == "rule" && e.after.rule) return t.div({ className: "pd-event-reason" }, tr("event.by.rule", { name: e.after.rule }));
    // what the mail server said when all went well is of no interest
    const text = e.kind == "sent" ? "" : e.after?.reason || e.after?.follow_up_note;
    return text ? t.div({ className: "pd-event-reason" }, reasonWords(String(text))) : null;
}

/** What the server gives as a reason, in the Desk's language where it is known. */
function reasonWords(text) {
    const [, missing] = /^no template (\S+)$/.exec(text) || [];
    if (missing) return tr("reason.no template", { name: missing });
    const [, name, why] = /^template (\S+ \([^)]*\)): (.*)$/s.exec(text) || [];
    if (name) return tr("reason.template", { name, why });
    const [, n, most] = /^the text takes (\d+) messages; (\d+) are the most$/.exec(text) || [];
    return n ? tr("reason.too long", { n, most }) : trOr("reason." + text, text);
}
