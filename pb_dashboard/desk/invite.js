// Inviting a guest to become a member: the mail as it will be, with a coupon, and
// the question whether he wants such mail at all.
import { comma, tr, words } from "../lib/i18n.js";
import { action, box, button, icon, skeleton } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { brief } from "../lib/time.js";
import { sentence } from "../lib/api.js";
import { refresh } from "./membership.js";

await words("lookup", "rare");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {HTMLElement} anchor */
export function invitePanel(desk, view, anchor) {
    const s = store({ offer: null, error: "", asked: false, again: false, coupon: undefined });
    let pop, turn = 0;
    const look = async () => {
        const mine = ++turn;
        try {
            const offer = await desk.api.invite(view.id, { preview: true, coupon: s.coupon });
            if (mine != turn) return;
            s.offer = box(offer);
            s.error = "";
        } catch (err) {
            if (mine == turn) s.error = sentence(err);
        }
        requestAnimationFrame(() => pop?.place());
    };
    const offer = () => s.offer?.value;
    const ready = () => offer() && !offer().stop && (offer().consent || s.asked) && (!offer().last || s.again);
    const send = async (close) => {
        try {
            await desk.api.invite(view.id, { coupon: s.coupon ?? offer().coupon, asked: s.asked, again: s.again });
            close();
            desk.host.toast.ok(tr("invite.sent"));
            await refresh(view);
        } catch (err) {
            s.error = sentence(err);
        }
    };
    pop = popover(
        anchor,
        (close) => t.div(
            { className: "pd-invite-panel" },
            t.h3({ className: "pd-edit-label", tabIndex: -1, onmount: (el) => requestAnimationFrame(() => el.focus()) }, tr("invite.title")),
            t.div({ className: "pd-invite-body" }, () => {
                if (!offer()) return s.error ? null : skeleton(2);
                return offer().stop ? stopped(desk, offer()) : body(s, offer(), look);
            }),
            () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null,
            t.div(
                { className: "pd-pop-foot" },
                button({ label: tr("action.cancel"), kind: "quiet", run: () => (close(), anchor.focus()) }),
                () => offer() && !offer().stop ? action({ label: tr("invite.send"), icon: "send-plane-2-line", kind: "primary", disabled: () => !ready(), run: () => send(close) }) : null,
            ),
        ),
        { label: tr("invite.title"), className: "pd-invite", end: true },
    );
    if (pop) look();
}

function stopped(desk, o) {
    return t.div(
        { rid: "stop" },
        t.p({ className: "pd-invite-stop", role: "alert" }, icon("forbid-line"), t.span({}, tr("invite.stop." + o.stop))),
        o.stop == "no_url" && desk.me.can?.admin ? t.a({ href: "#/settings/desk/lookup", className: "pd-orders-link" }, icon("settings-3-line"), t.span({}, tr("invite.setup"))) : null,
    );
}

function body(s, o, look) {
    const check = (field, text) =>
        t.label({ className: "pd-check pd-invite-check" }, t.input({ type: "checkbox", checked: () => s[field], onchange: (e) => (s[field] = e.target.checked) }), t.span({}, text));
    return t.div(
        { rid: "offer" + o.coupon + o.last + o.consent },
        t.dl({ className: "pd-about" }, t.dt({}, tr("invite.to")), t.dd({}, t.bdi({}, o.to)), t.dt({}, tr("invite.subject")), t.dd({}, o.subject)),
        t.label(
            { className: "pd-field" },
            t.span({}, tr("invite.coupon")),
            t.input({
                className: "pd-input",
                maxLength: 100,
                autocomplete: "off",
                spellcheck: false,
                value: o.coupon,
                placeholder: tr("invite.coupon.none"),
                onchange: (e) => {
                    s.coupon = e.target.value.trim();
                    look();
                },
            }),
        ),
        t.div({ className: "pd-invite-text", lang: o.locale, tabIndex: 0, role: "region", ariaLabel: tr("invite.preview") }, o.body),
        o.empty.filter((n) => n != "invite.coupon").length ? t.p({ className: "pd-hint" }, tr("compose.empty", { names: o.empty.filter((n) => n != "invite.coupon").join(comma()) })) : null,
        t.div(
            { className: "pd-invite-law" },
            t.p({ className: "pd-hint" }, tr("invite.law")),
            o.consent ? t.p({}, icon("check-line"), t.span({}, tr("invite.consent", { date: brief(o.consent_at) }))) : check("asked", tr("invite.asked")),
        ),
        o.last ? check("again", tr("invite.again", { date: brief(o.last) })) : null,
    );
}
