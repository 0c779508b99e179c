// A phone call, noted in ten seconds: who called, how it went, how long. The
// timer goes on while other cases are looked at.
import { tr, words } from "../lib/i18n.js";
import { button, icon } from "../lib/dom.js";
import { minutes, seconds } from "../lib/time.js";
import { callSeconds } from "./send.js";

await words("rare");

/** Outcomes as the server knows them, with the key that chooses each. */
export const outcomes = { answered: "phone-line", no_answer: "close-line", voicemail: "record-circle-line", busy: "forbid-2-line", wrong_number: "question-line" };

/** @param {import("./draft.js").Draft} s @param {() => void} keep keeps the draft */
export function callPanel(s, keep) {
    const ui = store({ now: minutes(callSeconds(s.call)) });
    const tick = () => s.call.since && (ui.now = minutes(callSeconds(s.call)));
    const clock = t.input({
        className: () => "pd-input pd-call-length" + (s.call.since ? " is-running" : ""),
        inputMode: "numeric",
        placeholder: "0:00",
        maxLength: 7,
        autocomplete: "off",
        ariaLabel: tr("call.length"),
        title: tr("call.length.help"),
        value: () => (s.call.since ? ui.now : s.call.length),
        oninput: (e) => {
            s.call.since = 0;
            s.call.length = e.target.value;
            keep();
        },
    });
    let timer;
    const stop = () => {
        if (s.call.since) s.call.length = minutes(callSeconds(s.call));
        s.call.since = 0;
    };
    const toggle = () => {
        if (s.call.since) {
            stop();
        } else {
            s.call.since = Date.now() - seconds(s.call.length) * 1000;
            s.call.outcome ||= "answered";
            tick();
        }
        keep();
    };
    const reset = () => {
        Object.assign(s.call, { since: 0, length: "" });
        keep();
    };
    const choose = (name, value) => {
        s.call[name] = value;
        if (name == "direction" && value == "in" && !inward.includes(s.call.outcome)) s.call.outcome = "";
        if (name == "outcome" && value != "answered") stop(); // nobody talks any more
        keep();
    };
    const words = () => tr(s.call.since ? "call.pause" : s.call.length ? "call.resume" : "call.start");
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
                t.button({ type: "button", role: "radio", className: () => "pd-segment" + (s.call.direction == d ? " is-on" : ""), ariaChecked: () => String(s.call.direction == d), onclick: () => choose("direction", d) }, tr("call." + d))
            ),
        ),
        t.div(
            { className: "pd-call-time" },
            t.button(
                { type: "button", className: () => "pd-btn pd-btn-small pd-btn-call" + (s.call.since ? " is-on" : ""), onclick: toggle },
                () => icon(s.call.since ? "pause-circle-line" : s.call.length ? "play-circle-line" : "timer-line"),
                t.span({}, words),
            ),
            clock,
            () => s.call.length || s.call.since ? button({ icon: "restart-line", title: tr("call.reset"), kind: "quiet small square", run: reset }) : null,
        ),
        t.fieldset(
            { className: "pd-choices pd-call-outcomes", ariaLabel: tr("call.outcome") },
            Object.entries(outcomes).map(([name, sign]) =>
                t.label(
                    { className: () => "pd-choice" + (s.call.outcome == name ? " is-on" : ""), hidden: () => s.call.direction == "in" && !inward.includes(name) },
                    t.input({ type: "radio", name: "outcome", value: name, checked: () => s.call.outcome == name, onchange: () => choose("outcome", name) }),
                    icon(sign),
                    t.span({}, tr("call." + name)),
                )
            ),
        ),
    );
}

/** How a call of the visitor's may end. */
const inward = ["answered", "voicemail"];
