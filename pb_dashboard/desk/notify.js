// How a person wants to be told of things: kept on his own record.
import { tr, words } from "../lib/i18n.js";
import { button, field } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { zoneName } from "../lib/wallclock.js";
import { tone } from "./ring.js";
import { shopZone } from "../lib/zone.js";
import { hearChoice } from "./notifyhear.js";
import { mailChoice } from "./notifymail.js";

await words("later");

/** Opens the choices beside the person's own button. */
export async function openNotify(desk, anchor = document.querySelector(".pd-bell")) {
    await words("later");
    if (!anchor) return;
    const refit = () => requestAnimationFrame(() => pop?.place());
    const pop = popover(anchor, (close) => form(desk, close, refit), { label: tr("notify.title"), className: "pd-edit pd-notify" });
}

function form(desk, close, refit) {
    const usual = desk.me.telling?.hears || {};
    const now = { daily_at: "08:30", ...usual, ...desk.me.agent.notify };
    const s = store({ desktop: !!now.desktop, daily: !!now.daily, blocked: false });
    const box = (name, label, help, o = {}) => {
        const input = t.input({ type: "checkbox", checked: !!now[name], ...o });
        return { input, el: t.label({ className: "pd-check" }, input, t.span({}, label, help ? t.span({ className: "pd-hint" }, help) : null)) };
    };
    const sound = box("sound", tr("notify.sound"), tr("notify.sound.help"), { onchange: (e) => e.target.checked && tone().catch(() => {}) });
    // asked only when somebody switches it on
    const desktop = box("desktop", tr("notify.desktop"), tr("notify.desktop.help"), {
        onchange: async (e) => {
            const input = e.target;
            s.desktop = input.checked;
            refit();
            s.blocked = false;
            if (!input.checked) return;
            const may = globalThis.Notification ? await Notification.requestPermission() : "denied";
            if (may != "granted") {
                s.desktop = input.checked = false;
                s.blocked = true;
            }
        },
    });
    const hidden = box("private", tr("notify.private"), tr("notify.private.help"));
    const daily = box("daily", tr("notify.daily"), tr("notify.daily.help", { addr: desk.me.agent.email || "" }), { onchange: (e) => ((s.daily = e.target.checked), refit()) });
    const weekend = box("weekend", tr("notify.weekend"));
    const at = t.input({ type: "time", className: "pd-input", value: now.daily_at, required: true });
    const hears = hearChoice(desk, now);
    const mails = mailChoice(desk, now, refit);
    const save = async () => {
        const notify = {
            ...mails.value(), ...hears.value(),
            sound: sound.input.checked, desktop: desktop.input.checked, private: hidden.input.checked,
            daily: daily.input.checked, weekend: weekend.input.checked, daily_at: /^\d\d:\d\d/.exec(at.value)?.[0] || "08:30",
        };
        try {
            await desk.api.changeAgent(desk.me.agent.id, { notify });
            desk.me.agent.notify = notify;
            desk.host.toast.ok(tr("form.saved"));
            close();
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    const zone = shopZone(desk);
    return t.div(
        { className: "pd-me-form" },
        t.h3({}, tr("notify.title")),
        hears.el,
        sound.el,
        desktop.el,
        () => s.blocked ? t.p({ className: "pd-field-error", role: "alert" }, tr("notify.blocked")) : null,
        t.div({ hidden: () => !s.desktop, className: "pd-indent" }, hidden.el),
        daily.el,
        t.div(
            { hidden: () => !s.daily, className: "pd-indent" },
            field({ label: [tr("notify.at"), zoneName(zone)].filter(Boolean).join(" · "), control: at }),
            weekend.el,
            desk.me.smtp === false ? t.p({ className: "pd-hint" }, tr("desk.nosmtp")) : null,
        ),
        mails.el,
        t.div({ className: "pd-pop-foot" }, button({ label: tr("action.cancel"), kind: "quiet", run: close }), button({ label: tr("action.save"), kind: "primary", run: save })),
    );
}
