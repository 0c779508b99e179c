// Which events a webhook is told of: all, or some of the catalogue that the
// server gives.
import { tr, trOr, words } from "../lib/i18n.js";

await words("webhooks");

/**
 * @param {{type: string, group: string, about: string}[]} types
 * @param {string[]} value empty: all
 * @param {(value: string[]) => void} changed
 */
export function typeChooser(types, value, changed) {
    const on = new Set(value || []);
    let all = !on.size; // read while the form is made: a store would tie the whole form to it
    const s = store({ all });
    const tell = () => changed(all ? [] : [...on]);
    const choose = (yes) => () => {
        s.all = all = yes;
        tell();
    };
    const name = "pd" + Math.random().toString(36).slice(2, 9);
    const which = (yes, label) => t.label({ className: "pd-check" }, t.input({ type: "radio", name, checked: all == yes, onchange: choose(yes) }), t.span({}, label));
    const tick = (x) =>
        t.label(
            { className: "pd-check pd-hooktype" },
            t.input({
                type: "checkbox",
                checked: on.has(x.type),
                onchange: (e) => {
                    on[e.target.checked ? "add" : "delete"](x.type);
                    tell();
                },
            }),
            t.span({}, trOr("webhooks.type." + x.type, x.about), t.code({}, x.type)),
        );
    const groups = [...new Set(types.map((x) => x.group))];
    return t.div(
        { className: "pd-hooktypes" },
        t.div({ role: "radiogroup", ariaLabel: tr("webhooks.events") }, which(true, tr("webhooks.events.all")), which(false, tr("webhooks.events.some"))),
        t.div(
            { hidden: () => s.all },
            groups.map((g) => t.fieldset({}, t.legend({}, trOr("webhooks.group." + g, g)), t.div({ className: "pd-hooktypes-list" }, types.filter((x) => x.group == g).map(tick)))),
        ),
    );
}
