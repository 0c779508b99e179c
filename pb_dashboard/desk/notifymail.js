// What a person hears of by mail where he has not looked at the Desk, and when not.
import { tr, trOr, words } from "../lib/i18n.js";
import { icon, select } from "../lib/dom.js";

await words("later", "telling");

const times = ["now", "later", "off"];

/**
 * @param {import("./page.js").Desk} desk @param {{mail?: Object, quiet?: {from: string, until: string}}} now what is chosen
 * @param {() => void} refit called when its height changes
 * @returns {{el: HTMLElement, value: () => {mail: Object, quiet?: Object}}}
 */
export function mailChoice(desk, now, refit) {
    const { usual = {}, quiet = {}, minutes = 30 } = desk.me.telling || {};
    const mail = { ...usual, ...now.mail };
    const s = store({ quiet: !now.quiet ? "shop" : now.quiet.from ? "own" : "never" });
    const hour = (name, value) => t.input({ type: "time", className: "pd-input", ariaLabel: tr("telling.quiet_" + name), value, required: true });
    const from = hour("from", now.quiet?.from || "20:00"), until = hour("until", now.quiet?.until || "08:00");
    const kinds = Object.keys(usual).filter((k) => desk.me.can?.admin || !["rule_failed", "webhook_disabled"].includes(k));
    const order = Object.fromEntries(times.map((w, i) => [w, i]));
    kinds.sort((a, b) => order[usual[a]] - order[usual[b]] || (a < b ? -1 : 1));
    const el = t.details(
        { className: "pd-notify-mail", ontoggle: refit },
        t.summary({}, icon("mail-line"), tr("telling.mail")),
        desk.me.smtp === false ? t.p({ className: "pd-hint" }, tr("telling.mail.none")) : null,
        t.ul(
            {},
            kinds.map((k) => {
                const label = trOr("telling.kind." + k, k);
                return t.li({}, t.span({}, label), select({ label, value: mail[k], options: times.map((w) => [w, tr("telling." + w, { n: minutes })]), onchange: (v) => (mail[k] = v) }));
            }),
            t.li(
                {},
                t.span({}, tr("telling.quiet")),
                select({
                    label: tr("telling.quiet"),
                    value: s.quiet,
                    options: [["shop", quiet.from ? tr("telling.quiet.shop", quiet) : tr("telling.quiet.shop.none")], ["own", tr("telling.quiet.own")], ["never", tr("telling.quiet.never")]],
                    onchange: (v) => ((s.quiet = v), refit()),
                }),
            ),
        ),
        t.div({ className: "pd-notify-hours", hidden: () => s.quiet != "own" }, from, t.span({}, tr("telling.quiet.to")), until),
    );
    const clock = (input, usually) => /^\d\d:\d\d/.exec(input.value)?.[0] || usually;
    return {
        el,
        value: () => ({
            mail: Object.fromEntries(Object.entries(mail).filter(([k, v]) => v != usual[k])), // what is usual may change
            ...(s.quiet == "shop" ? {} : { quiet: s.quiet == "own" ? { from: clock(from, "20:00"), until: clock(until, "08:00") } : { from: "", until: "" } }),
        }),
    };
}
