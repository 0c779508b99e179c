// A phone call, noted in ten seconds: who called, how it went, how long.
import { tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { minutes, seconds } from "../lib/time.js";

/** Outcomes as the server knows them, with the key that chooses each. */
export const outcomes = { answered: "phone-line", no_answer: "close-line", voicemail: "record-circle-line", busy: "forbid-2-line", wrong_number: "question-line" };

export const newCall = () => ({ direction: "out", outcome: "", length: "", since: 0 });

/** How long it took, with a timer that still runs. */
export const callSeconds = (call) => (call.since ? Math.round((Date.now() - call.since) / 1000) : seconds(call.length));

/** @param {import("./composer.js").Draft} s */
export function callPanel(s) {
    const { call } = s;
    const clock = t.input({
        className: "pd-input pd-call-length",
        inputMode: "numeric",
        placeholder: "0:00",
        maxLength: 7,
        autocomplete: "off",
        ariaLabel: tr("call.length"),
        title: tr("call.length.help"),
        value: () => call.length,
        oninput: (e) => {
            call.since = 0;
            call.length = e.target.value;
        },
    });
    let timer;
    const tick = () => call.since && (call.length = minutes(callSeconds(call)));
    const toggle = () => {
        if (call.since) {
            tick();
            call.since = 0;
        } else {
            call.since = Date.now() - seconds(call.length) * 1000;
            call.outcome ||= "answered";
        }
    };
    return t.div(
        {
            rid: "call",
            className: "pd-call",
            onmount: () => (timer = setInterval(tick, 500)),
            onunmount: () => clearInterval(timer),
        },
        t.div(
            { className: "pd-segments", role: "radiogroup", ariaLabel: tr("call.direction") },
            ["out", "in"].map((d) =>
                t.button({ type: "button", role: "radio", className: () => "pd-segment" + (call.direction == d ? " is-on" : ""), ariaChecked: () => call.direction == d, onclick: () => (call.direction = d) }, tr("call." + d))
            ),
        ),
        t.div(
            { className: "pd-call-time" },
            t.button(
                { type: "button", className: () => "pd-btn pd-btn-small pd-btn-square" + (call.since ? " is-on" : ""), title: () => tr(call.since ? "call.stop" : "call.start"), ariaLabel: () => tr(call.since ? "call.stop" : "call.start"), onclick: toggle },
                () => icon(call.since ? "stop-circle-line" : "timer-line"),
            ),
            clock,
        ),
        t.fieldset(
            { className: "pd-choices pd-call-outcomes", ariaLabel: tr("call.outcome") },
            Object.entries(outcomes).map(([name, sign]) =>
                t.label(
                    { className: () => "pd-choice" + (call.outcome == name ? " is-on" : ""), hidden: () => call.direction == "in" && name != "answered" && name != "voicemail" },
                    t.input({ type: "radio", name: "outcome", value: name, checked: () => call.outcome == name, onchange: () => (call.outcome = name) }),
                    icon(sign),
                    t.span({}, tr("call." + name)),
                )
            ),
        ),
    );
}
