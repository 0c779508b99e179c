// A date on which a case comes back on top: what is planned, and the line above
// a case that has come back.
import { colon, tr, words as loadWords } from "../lib/i18n.js";
import { button, icon } from "../lib/dom.js";
import { clock, exact, parse } from "../lib/time.js";
import { dated } from "../lib/zone.js";

await loadWords("side");

/** Opens the menu beside a control. @param {{snooze?: boolean}} [o] snooze: whether the case leaves the queue until then */
export const openRemind = (desk, view, anchor, o = {}) => import("./remind.js").then((m) => m.remind(desk, view, anchor, o));

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function followUp(desk, view) {
    const one = () => view.get().case;
    const words = () => (one().follow_up_at ? dated(one().follow_up_at) : tr("follow.set"));
    return t.div(
        { className: "pd-fact", "html-data-fact": "follow_up" },
        t.span({ className: "pd-fact-name" }, tr("fact.follow_up")),
        t.div(
            { className: "pd-followup" },
            t.button(
                {
                    type: "button",
                    className: () => "pd-select pd-followup-btn" + (parse(one().follow_up_at) ? "" : " is-empty"),
                    title: () => exact(one().follow_up_at),
                    ariaLabel: () => tr("fact.follow_up") + colon() + words(),
                    ariaHasPopup: "dialog",
                    onclick: (e) => openRemind(desk, view, e.currentTarget),
                },
                () => [icon(one().status == "on_hold" && one().follow_up_at ? "zzz-line" : "alarm-line"), t.span({}, words())],
            ),
            () => one().follow_up_note || one().follow_up_for ? t.p({ className: "pd-hint" }, [desk.names.agent(one().follow_up_for), one().follow_up_note].filter(Boolean).join(colon())) : null,
        ),
    );
}

/** Above a case that came back: why, and what to do about it. */
export function reminderBar(desk, view) {
    const c = view.get().case;
    if (!c.reminded_at || !c.follow_up_at || parse(c.follow_up_at) > clock.now) return null;
    return t.div(
        { rid: "reminder" + c.follow_up_at + c.follow_up_note, className: "pd-reminder", role: "status" },
        icon("alarm-line"),
        t.span({ className: "pd-reminder-text", dir: "auto" }, c.follow_up_note || tr("follow.back"), t.span({ className: "pd-hint" }, " ", dated(c.follow_up_at))),
        button({ label: tr("follow.done"), icon: "check-line", kind: "small", title: tr("follow.done.why"), run: () => view.change({ follow_up_at: "" }) }),
        t.button(
            { type: "button", className: "pd-btn pd-btn-small pd-btn-quiet", ariaHasPopup: "dialog", onclick: (e) => openRemind(desk, view, e.currentTarget) },
            t.span({}, tr("follow.later")),
        ),
    );
}
