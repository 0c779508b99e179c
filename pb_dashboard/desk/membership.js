// Marking a visitor as a member, taking that back, inviting a guest.
import { tr, words } from "../lib/i18n.js";
import { action, button, icon } from "../lib/dom.js";
import { menu, popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { personName } from "./labels.js";

await words("lookup", "side");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function memberMenu(desk, view, anchor, member) {
    menu(
        anchor,
        [...(member
            ? [
                { label: tr("member.number.add"), icon: "hashtag", run: () => later(() => mark(desk, view, anchor)) },
                { label: tr("member.unmark"), icon: "user-unfollow-line", danger: true, run: () => unmark(desk, view) },
            ]
            : [
                { label: tr("member.mark"), icon: "vip-crown-line", run: () => later(() => mark(desk, view, anchor)) },
                { label: tr("member.invite"), icon: "mail-send-line", run: () => import("./invite.js").then((m) => later(() => m.invitePanel(desk, view, anchor))).catch((err) => desk.host.toast.error(sentence(err))) },
            ]), ...setup(desk)],
        { label: tr("member.menu"), end: true },
    );
}

/** Once the menu has closed: a panel beside the same button would only close it. */
const later = (open) => setTimeout(() => requestAnimationFrame(open));

/** The line is made anew by the reload: the focus comes back to its button. */
export async function refresh(view) {
    await view.reload();
    requestAnimationFrame(() => document.querySelector(".pd-member-line button")?.focus());
}

/** An admin is told where orders could be looked up, while they are not. */
const setup = (desk) => desk.me.can?.admin && !desk.me.lookup ? [null, { label: tr("orders.setup"), icon: "search-eye-line", run: () => (location.hash = "#/settings/desk/lookup") }] : [];

function mark(desk, view, anchor) {
    const s = store({ error: "" });
    const pop = popover(
        anchor,
        (close) => {
            const input = t.input({ className: "pd-input", maxLength: 100, autocomplete: "off", spellcheck: false, ariaLabel: tr("member.number"), placeholder: tr("member.number") });
            const ok = action({
                label: tr("member.mark.do"),
                icon: "check-line",
                kind: "primary",
                run: async () => {
                    try {
                        await desk.api.member(view.get().contact.id, { member: true, number: input.value.trim(), case: view.id });
                        close();
                        await refresh(view);
                    } catch (err) {
                        s.error = err?.response?.data?.number?.code == "number_taken" ? tr("member.number.taken") : sentence(err);
                    }
                },
            });
            requestAnimationFrame(() => input.focus());
            return t.form(
                { onsubmit: (e) => (e.preventDefault(), ok.click()) },
                t.h3({ className: "pd-edit-label" }, tr("member.mark.title", { name: personName(view.get().contact) })),
                t.label({ className: "pd-field" }, t.span({}, tr("member.number")), input),
                t.p({ className: "pd-hint" }, tr("member.number.help")),
                () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null,
                t.div({ className: "pd-pop-foot" }, button({ label: tr("action.cancel"), kind: "quiet", run: () => (close(), anchor.focus()) }), ok),
            );
        },
        { label: tr("member.mark"), className: "pd-edit", end: true },
    );
    return pop;
}

async function unmark(desk, view) {
    const c = view.get().contact;
    const sure = await desk.host.confirm(tr("member.unmark.sure", { name: personName(c) }), { yes: tr("member.unmark.do"), no: tr("action.cancel") });
    if (!sure) return;
    try {
        await desk.api.member(c.id, { member: false, case: view.id });
        await refresh(view);
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}
