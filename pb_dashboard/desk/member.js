// Guest or member: one line in the visitor's card. What can be done about it is
// fetched when somebody wants to.
import { tr, words } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { brief, when } from "../lib/time.js";
import { sentence } from "../lib/api.js";

await words("side");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function memberLine(desk, view) {
    return t.div({ rid: "member", className: "pd-member" }, () => {
        const c = view.get()?.contact;
        if (!c?.id) return null;
        const numbers = (c.identities || []).filter((i) => i.kind == "member").map((i) => i.value);
        const member = !!c.member_since || numbers.length > 0;
        return t.div(
            { rid: JSON.stringify([c.id, c.member_since, numbers]), className: "pd-member-line" },
            icon(member ? "vip-crown-line" : "user-line"),
            t.span({ className: "pd-member-what" }, ...(member ? memberWords(c) : [tr("member.guest")])),
            t.button(
                {
                    type: "button",
                    className: "pd-btn pd-btn-quiet pd-btn-square pd-btn-small",
                    title: tr("member.menu"),
                    ariaLabel: tr("member.menu"),
                    ariaHasPopup: "menu",
                    ariaExpanded: "false",
                    onclick: (e) => {
                        const anchor = e.currentTarget;
                        import("./membership.js").then((m) => m.memberMenu(desk, view, anchor, member)).catch((err) => desk.host.toast.error(sentence(err)));
                    },
                },
                icon("more-2-line"),
            ),
        );
    });
}

const memberWords = (c) => c.member_since ? [tr("member.since"), " ", when(c.member_since, brief)] : [tr("member.is")];
