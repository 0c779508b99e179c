// A date on which a case comes back on top, with the reason.
import { tr } from "../lib/i18n.js";
import { button, icon } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { ago, exact, fromInput, parse, toInput } from "../lib/time.js";

/** Moments that agents mean when they say "later". */
function quickPicks(now = new Date()) {
    const at = (days, hour) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
    const monday = (8 - now.getDay()) % 7 || 7;
    return [
        now.getHours() < 16 ? ["afternoon", at(0, 17)] : null,
        ["tomorrow", at(1, 9)],
        ["threedays", at(3, 9)],
        ["monday", at(monday, 9)],
        ["week", at(7, 9)],
    ].filter(Boolean);
}

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function followUp(desk, view) {
    const one = () => view.get().case;
    return t.div(
        { className: "pd-fact" },
        t.span({ className: "pd-fact-name" }, tr("fact.follow_up")),
        t.div(
            { className: "pd-followup" },
            t.button(
                {
                    type: "button",
                    className: () => "pd-select pd-followup-btn" + (parse(one().follow_up_at) ? "" : " is-empty"),
                    title: () => exact(one().follow_up_at),
                    ariaHasPopup: "dialog",
                    onclick: (e) => popover(e.currentTarget, (close) => form(view, close), { end: true, label: tr("fact.follow_up"), className: "pd-followup-pop" }),
                },
                () => [icon("alarm-line"), t.span({}, one().follow_up_at ? ago(one().follow_up_at) : tr("follow.set"))],
            ),
            () => one().follow_up_note ? t.p({ className: "pd-hint" }, one().follow_up_note) : null,
        ),
    );
}

function form(view, close) {
    const c = view.get().case;
    const note = t.input({ className: "pd-input", maxLength: 1000, placeholder: tr("follow.note"), ariaLabel: tr("follow.note"), value: c.follow_up_note || "" });
    const at = t.input({ type: "datetime-local", className: "pd-input", ariaLabel: tr("follow.at"), value: toInput(c.follow_up_at) });
    const save = (value) => {
        close();
        view.change({ follow_up_at: value, follow_up_note: value ? note.value.trim() : "" });
    };
    return [
        t.div(
            { className: "pd-quick" },
            quickPicks().map(([name, date]) =>
                button({
                    label: tr("follow." + name),
                    title: exact(date.toISOString()),
                    kind: "small",
                    run: () => save(date.toISOString().replace("T", " ")),
                })
            ),
        ),
        at,
        note,
        t.div(
            { className: "pd-pop-foot" },
            c.follow_up_at ? button({ label: tr("follow.clear"), kind: "quiet", run: () => save("") }) : null,
            button({ label: tr("action.save"), kind: "primary", run: () => (at.value ? save(fromInput(at.value)) : at.focus()) }),
        ),
    ];
}
