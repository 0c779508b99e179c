// To whom it goes, or why it can't go.
import { tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { copyCount } from "./addresses.js";

/** The visitor's numbers, those that work first. */
export const phones = (data) =>
    (data.contact?.identities || []).filter((i) => i.kind == "phone").sort((a, b) => (a.state == "undeliverable") - (b.state == "undeliverable")).map((i) => i.value);

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {import("./composer.js").Draft} s */
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
