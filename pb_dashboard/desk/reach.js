// Mail to the visitor comes back: what there is instead, in one line.
import { tr, words } from "../lib/i18n.js";
import { button, icon } from "../lib/dom.js";
import { phones } from "./draft.js";

await words("rare");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function reachBar(desk, view) {
    const data = view.get(), to = data.reply_to;
    const dead = (data.contact?.identities || []).some((i) => i.kind == "email" && i.value == to && i.state == "undeliverable");
    if (!dead || ["resolved", "closed"].includes(data.case.status)) return null;
    const number = phones(data)[0];
    return t.div(
        { rid: "reach" + to + number + desk.sms.on, className: "pd-spam-bar pd-reach", role: "status" },
        icon("mail-close-line"),
        t.span({}, tr(number ? "reach.dead" : "reach.dead.nophone", { to })),
        number ? button({ label: tr("compose.call"), icon: "phone-line", kind: "small", run: () => desk.view.call() }) : null,
        number && desk.sms.on ? button({ label: tr("compose.sms"), icon: "message-2-line", kind: "small", run: () => desk.view.text() }) : null,
    );
}
