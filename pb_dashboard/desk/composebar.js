// The composer's tabs, to whom it goes, and the buttons.
import { tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { lazy } from "../lib/lazy.js";
import { menuButton } from "../lib/popover.js";
import { copyCount, phones } from "./draft.js";

export function tab(s, mode, iconName, to) {
    const clock = lazy(() => import("./callclock.js"), (m) => m.running(s));
    return t.button(
        {
            type: "button",
            role: "tab",
            rid: "tab " + mode,
            className: () => "pd-tab" + (s.mode == mode ? " is-active" : ""),
            ariaSelected: () => s.mode == mode,
            title: tr("compose." + mode),
            onmousedown: (e) => e.preventDefault(), // on a phone the focus would open the foot and move the tab away under the finger
            onclick: () => to(mode),
        },
        icon(iconName),
        t.span({}, tr("compose." + mode)),
        // a call that goes on while something else is written
        () => mode == "call" && s.call.since && s.mode != "call" ? clock() : null,
    );
}

/** What few answers need, in a menu that is fetched. */
export const moreButton = (s, open) =>
    t.button(
        {
            type: "button",
            className: () => "pd-btn pd-btn-quiet pd-btn-square" + (s.withSubject || s.receipt || copyCount(s) ? " pd-btn-on" : ""),
            title: tr("compose.more"),
            ariaLabel: tr("compose.more"),
            ariaHasPopup: "menu",
            ariaExpanded: "false",
            onclick: (e) => open(e.currentTarget),
        },
        icon("more-2-line"),
    );

const mains = { reply: ["send-plane-2-line", "compose.send"], sms: ["send-plane-2-line", "compose.send"], note: ["sticky-note-add-line", "compose.addnote"], call: ["phone-line", "compose.logcall"] };

/** @param {(off: boolean) => import("../lib/popover.js").Item[]} ways what can be done with an answer beside sending it */
export function sendButtons(s, view, ways) {
    const nobody = () => s.mode == "reply" && !view.get().reply_to;
    const off = () => s.busy || nobody() || (s.mode == "call" ? !s.call.outcome && !s.has : !s.has);
    const [iconName, label] = mains[s.mode];
    const main = t.button(
        { type: "submit", className: "pd-btn pd-btn-primary", disabled: off, title: () => tr(nobody() ? "compose.noaddress" : "compose.keys") },
        icon(iconName),
        t.span({}, tr(label)),
    );
    if (s.mode == "note") return main;
    return t.div(
        { className: "pd-btn-pair" },
        main,
        menuButton({
            title: tr("compose.sendand"),
            kind: "primary square",
            end: true,
            items: () => ways(off()),
        }),
    );
}

/** To whom it goes, or why it can't go. @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {import("./draft.js").Draft} s */
export function recipient(desk, view, s) {
    const data = view.get();
    if (s.mode == "note") return t.span({ className: "pd-hint" }, icon("lock-line"), tr("compose.note.who"));
    if (s.mode == "call" || s.mode == "sms") {
        const [number] = phones(data);
        if (!number) return t.span({ className: "pd-hint" }, tr("compose.nophone"));
        return s.mode == "call"
            ? t.a({ className: "pd-compose-to pd-dial", href: "tel:" + number.replace(/[^\d+]/g, ""), title: tr("compose.dial") }, icon("phone-line"), number)
            : t.span({ className: "pd-hint pd-compose-to", title: number }, tr("compose.to", { to: number }));
    }
    const to = data.reply_to;
    if (!to) return t.span({ className: "pd-hint pd-warn" }, icon("alert-line"), tr("compose.noaddress"));
    const dead = (data.contact?.identities || []).some((i) => i.value == to && i.state == "undeliverable");
    return [
        t.span(
            { className: "pd-hint pd-compose-to", title: to },
            dead ? t.span({ className: "pd-bad" }, icon("mail-close-line"), tr("compose.dead", { to })) : tr("compose.to", { to }),
            desk.me.smtp === false ? t.span({ className: "pd-warn" }, " · ", tr("compose.willhold")) : null,
        ),
        s.copies ? null : t.button({ type: "button", className: "pd-link pd-wide-only", onclick: () => (s.copies = true) }, copyCount(s) ? tr("compose.copies.n", { n: copyCount(s) }) : tr("compose.copies")),
    ];
}
