// The composer's tabs and buttons.
import { tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { menuButton } from "../lib/popover.js";
import { minutes } from "../lib/time.js";
import { copyCount } from "./addresses.js";

export function tab(s, mode, iconName, to) {
    return t.button(
        {
            type: "button",
            role: "tab",
            rid: "tab " + mode,
            className: () => "pd-tab" + (s.mode == mode ? " is-active" : ""),
            ariaSelected: () => s.mode == mode,
            title: tr("compose." + mode),
            onmousedown: (e) => e.preventDefault(), // on a phone the focus would open the foot and move the tab away under the finger
            onclick: () => to(mode),
        },
        icon(iconName),
        t.span({}, tr("compose." + mode)),
        // a call that goes on while something else is written
        () => mode == "call" && s.call.since && s.mode != "call" ? running(s.call.since) : null,
    );
}

function running(since) {
    const ui = store({ now: Date.now() });
    let timer;
    return t.span(
        { className: "pd-tab-clock", onmount: () => (timer = setInterval(() => (ui.now = Date.now()), 1000)), onunmount: () => clearInterval(timer) },
        () => minutes(Math.max(0, ui.now - since) / 1000),
    );
}

/** What few answers need. */
export function more(desk, s, keep, choices) {
    const flip = (field) => () => {
        s[field] = !s[field];
        keep();
    };
    return menuButton({
        icon: "more-2-line",
        title: tr("compose.more"),
        kind: "quiet square" + (s.withSubject || s.receipt || copyCount(s) ? " on" : ""),
        caret: false,
        items: () => [
            { label: tr("compose.copies"), icon: "group-line", checked: s.copies, run: flip("copies") },
            { label: tr("compose.subject.change"), icon: "heading", checked: s.withSubject, run: flip("withSubject") },
            { label: tr("compose.receipt"), icon: "eye-line", checked: s.receipt, run: flip("receipt") },
            ...(desk.me.agent?.signature ? [{ label: tr("compose.signature"), icon: "quill-pen-line", checked: s.sign, run: flip("sign") }] : []),
            ...choices(),
            ...choices(),
        ],
    });
}

const mains = { reply: ["send-plane-2-line", "compose.send"], sms: ["send-plane-2-line", "compose.send"], note: ["sticky-note-add-line", "compose.addnote"], call: ["phone-line", "compose.logcall"] };

export function sendButtons(s, send) {
    const off = () => s.busy || (s.mode == "call" ? !s.call.outcome && !s.has : !s.has);
    const [iconName, label] = mains[s.mode];
    const main = t.button(
        { type: "submit", className: "pd-btn pd-btn-primary", disabled: off, title: tr("compose.keys") },
        icon(iconName),
        t.span({}, tr(label)),
    );
    if (s.mode == "note") return main;
    return t.div(
        { className: "pd-btn-pair" },
        main,
        menuButton({
            title: tr("compose.sendand"),
            kind: "primary square",
            end: true,
            items: () => [
                { label: tr("compose.send.pending"), icon: "hourglass-line", disabled: off(), run: () => send("pending") },
                { label: tr("compose.send.resolved"), icon: "check-line", disabled: off(), run: () => send("resolved") },
                { label: tr("compose.send.open"), icon: "inbox-line", disabled: off(), run: () => send("open") },
            ],
        }),
    );
}
