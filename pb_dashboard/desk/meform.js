// The form of one's own name and signature.
import { tr, words } from "../lib/i18n.js";
import { button, field } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { typedIn, ownZone } from "../lib/wallclock.js";
import { shopZone } from "../lib/zone.js";

await words("rare");

/** @param {import("./page.js").Desk} desk @param {{name: string}} s @param {HTMLElement} anchor */
export const meForm = (desk, s, anchor) => popover(anchor, (close) => form(desk, s, close, anchor), { label: tr("me.heading"), className: "pd-edit" });

function form(desk, s, close, anchor) {
    const { agent } = desk.me;
    const name = t.input({ className: "pd-input", maxLength: 100, value: agent.name, autocomplete: "off" });
    const signature = t.textarea({ className: "pd-textarea", rows: 4, maxLength: 2000, value: agent.signature || "" });
    const save = async () => {
        const fields = { name: name.value.trim() || agent.name, signature: signature.value.trim() };
        close();
        try {
            await desk.api.changeAgent(agent.id, fields);
            Object.assign(agent, fields);
            s.name = fields.name;
            desk.host.toast.ok(tr("form.saved"));
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    return t.div(
        { className: "pd-me-form" },
        field({ label: tr("me.name"), help: tr("me.name.help"), control: name }),
        field({ label: tr("me.signature"), help: tr("me.signature.help"), control: signature }),
        button({ label: tr("me.absence"), icon: "plane-line", kind: "quiet", run: async () => (close(), (await import("./absence.js")).openAbsence(desk, anchor)) }),
        button({ label: tr("me.notify"), icon: "notification-3-line", kind: "quiet", run: async () => (close(), (await import("./notify.js")).openNotify(desk)) }),
        typedIn(shopZone(desk)) ? t.p({ className: "pd-hint" }, tr("me.zones", { own: ownZone(), shop: shopZone(desk) })) : null,
        t.div({ className: "pd-pop-foot" }, button({ label: tr("action.cancel"), kind: "quiet", run: close }), button({ label: tr("action.save"), kind: "primary", run: save })),
    );
}
