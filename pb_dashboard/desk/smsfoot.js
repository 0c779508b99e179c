// What a text message costs while it is written, and the link to the tracking page.
import { tr, words } from "../lib/i18n.js";
import { button } from "../lib/dom.js";
import { smsLength } from "../lib/smslength.js";
import { trackingLink as link } from "../lib/text.js";

await words("mail");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {import("./composer.js").Draft} s */
export function smsFoot(desk, view, s, put) {
    const count = () => smsLength(s.body.trim().replaceAll(link, "x".repeat(desk.sms.tracking_length)));
    return t.div(
        { rid: "sms", className: "pd-sms-foot" },
        () => {
            const n = count(), over = n.parts > desk.sms.max_parts;
            return t.span(
                { className: "pd-hint" + (over ? " pd-warn" : ""), role: "status", title: tr(n.unicode ? "sms.unicode" : "sms.gsm") },
                n.parts > 1 ? tr(over ? "sms.toomany" : "sms.parts", { n: n.parts, left: n.left, most: desk.sms.max_parts }) : tr("sms.one", { used: n.units, of: n.unicode ? 70 : 160 }),
                n.unicode ? " · UCS-2" : " · GSM-7",
            );
        },
        t.span({ className: "pd-row-fill" }),
        () => view.get().tracking && !s.body.includes(link) ? button({ label: tr("sms.link"), icon: "link", kind: "quiet small", title: tr("sms.link.why"), run: () => put((s.body && !/\s$/.test(s.body) ? " " : "") + link) }) : null,
    );
}
