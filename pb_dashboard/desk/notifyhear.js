// How much of what customers do a person hears.
import { tr, words } from "../lib/i18n.js";
import { field, select } from "../lib/dom.js";

await words("later", "telling");

/**
 * @param {import("./page.js").Desk} desk @param {{new_cases: string, answered: string}} now what is chosen
 * @returns {{el: HTMLElement, value: () => {new_cases?: string, answered?: string}}}
 */
export function hearChoice(desk, now) {
    const usual = desk.me.telling?.hears || {};
    const chosen = { new_cases: now.new_cases, answered: now.answered };
    const teams = (desk.me.teams || []).length > 0;
    const choose = (name, options) =>
        field({
            label: tr("notify." + name),
            // a team is no choice where there is none, but for whom it is chosen
            control: select({ value: chosen[name], options: options.filter(([v]) => v != "team" || teams || chosen[name] == v), onchange: (v) => (chosen[name] = v) }),
        });
    return {
        el: t.fieldset(
            { className: "pd-notify-hear" },
            t.legend({}, tr("notify.hear")),
            choose("new_cases", [["off", tr("notify.hear.off")], ["team", tr("notify.hear.new.team")], ["all", tr("notify.hear.new.all")]]),
            choose("answered", [["off", tr("notify.hear.off")], ["mine", tr("notify.hear.mine")], ["team", tr("notify.hear.team")], ["all", tr("notify.hear.all")]]),
        ),
        value: () => Object.fromEntries(Object.entries(chosen).filter(([k, v]) => v && v != usual[k])), // what is usual may change
    };
}
