// Where agents write: an answer by mail or text message, a note that stays, or
// what was said on the phone.
import { tr } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { menuButton } from "../lib/popover.js";
import { openBlanks } from "../lib/text.js";
import { keepDraft, readDraft } from "./drafts.js";
import { attachments } from "./attachments.js";
import { callPanel, newCall } from "./call.js";
import { copies, copyCount } from "./copies.js";
import { templatePicker } from "./picker.js";
import { recipient } from "./recipient.js";
import { sendMessage } from "./send.js";
import { smsFoot } from "./smsfoot.js";

/**
 * @typedef {{mode: "reply"|"note"|"call"|"sms", body: string, subject: string, template: string, cc: import("../lib/dom.js").Box, bcc: import("../lib/dom.js").Box,
 *   copies: boolean, receipt: boolean, call: Object, warnings: import("../lib/dom.js").Box, files: import("../lib/dom.js").Box, busy: boolean, withSubject: boolean}} Draft
 * @param {import("./page.js").Desk} desk
 * @param {import("./case.js").CaseView} view
 */
export function composer(desk, view) {
    const kept = readDraft(view.id);
    /** @type {Draft} */
    const s = store({
        mode: kept?.mode || "reply", body: kept?.body || "", subject: kept?.subject || "", template: kept?.template || "",
        cc: box(kept?.cc || []), bcc: box(kept?.bcc || []), copies: !!(kept?.cc?.length || kept?.bcc?.length), receipt: !!kept?.receipt,
        call: newCall(), warnings: box([]), files: box(desk.unsend.files(view.id)), busy: false, withSubject: !!kept?.subject,
    });
    const keep = () => keepDraft(view.id, { mode: s.mode, body: s.body, subject: s.subject, template: s.template, cc: s.cc.value, bcc: s.bcc.value, receipt: s.receipt });
    const area = t.textarea({
        className: "pd-compose-text",
        rows: () => (s.mode == "call" ? 1 : 3),
        maxLength: 50000,
        lang: () => view.get().case.locale || undefined,
        ariaLabel: () => tr("compose." + s.mode),
        placeholder: () => tr(`compose.${s.mode}.placeholder`),
        value: () => s.body,
        oninput: (e) => {
            s.body = e.target.value;
            grow(area);
            keep();
        },
        onkeydown: (e) => {
            if (e.isComposing || e.keyCode == 229) return; // an input method is at work
            if (e.key == "Enter" && (e.ctrlKey || e.metaKey || (s.mode == "call" && !e.shiftKey))) {
                e.preventDefault();
                send("");
            } else if (e.key == "Escape") {
                area.blur();
            }
        },
        onmount: (el) => requestAnimationFrame(() => grow(el)),
    });
    // once the new text stands in it
    const settle = () => requestAnimationFrame(() => grow(area));
    const put = (text) => {
        const at = area.selectionStart ?? s.body.length;
        s.body = s.body.slice(0, at) + text + s.body.slice(area.selectionEnd ?? at);
        keep();
        requestAnimationFrame(() => {
            grow(area);
            area.focus();
            area.setSelectionRange(at + text.length, at + text.length);
        });
    };
    const files = attachments(desk, s, put);
    const send = (status) => sendMessage({ desk, view, s, status, done: settle });

    const insert = (made) => {
        const whole = !s.body.trim();
        if (whole) s.body = made.body;
        else put(made.body);
        if (made.subject && whole && s.mode == "reply") {
            s.subject = made.subject;
        }
        s.template = made.template;
        s.warnings = box(made.empty || []);
        keep();
        requestAnimationFrame(() => {
            grow(area);
            area.focus();
            // what the template leaves open is selected: typing replaces it
            const [blank] = openBlanks(area.value);
            if (blank) area.setSelectionRange(blank.index, blank.index + blank[0].length);
        });
    };
    const to = (mode) => {
        s.mode = mode;
        keep();
        settle();
        if (mode != "call") area.focus();
    };
    const written = () => s.mode == "reply" || s.mode == "sms";

    const el = t.form(
        {
            className: () => `pd-compose is-${s.mode}` + (s.body || s.mode == "call" ? " has-text" : ""),
            ariaLabel: tr("compose.label"),
            onsubmit: (e) => {
                e.preventDefault();
                send("");
            },
            ...files.drop,
        },
        t.div(
            { className: "pd-compose-tabs", role: "tablist" },
            tab(s, "reply", "reply-line", to),
            tab(s, "note", "sticky-note-line", to),
            tab(s, "call", "phone-line", to),
            () => canText(desk, view) ? tab(s, "sms", "message-2-line", to) : null,
            t.span({ className: "pd-row-fill" }),
            () => recipient(desk, view, s),
        ),
        () => s.mode == "reply" && s.copies ? copies(desk, view, s, keep) : null,
        () => s.mode == "reply" && s.withSubject
            ? t.input({ className: "pd-input pd-compose-subject", maxLength: 300, value: s.subject, placeholder: tr("compose.subject"), ariaLabel: tr("compose.subject"), oninput: (e) => ((s.subject = e.target.value), keep()) })
            : null,
        () => s.mode == "call" ? callPanel(s) : null,
        area,
        () => warnings(s),
        () => s.mode == "sms" ? smsFoot(desk, view, s, put) : null,
        files.el,
        t.div(
            { className: "pd-compose-foot" },
            t.span({ hidden: () => s.mode == "sms" || s.mode == "call" }, button({ icon: "attachment-2", title: tr("compose.attach"), kind: "quiet square", run: files.choose })),
            t.button(
                { type: "button", className: "pd-btn pd-btn-quiet", hidden: () => !written(), title: tr("compose.template"), onclick: (e) => templatePicker({ desk, view, anchor: e.currentTarget, insert, sms: s.mode == "sms" }) },
                icon("file-text-line"),
                t.span({ className: "pd-btn-text" }, tr("compose.template")),
            ),
            () => s.mode == "reply" ? more(s, keep) : null,
            t.span({ className: "pd-row-fill" }),
            () => s.body ? t.span({ className: "pd-hint pd-wide-only" }, tr("compose.kept")) : null,
            () => sendButtons(s, send),
        ),
    );
    return {
        el,
        focus(mode) {
            s.mode = mode == "sms" && !canText(desk, view) ? "call" : mode;
            requestAnimationFrame(() => {
                (s.mode == "call" ? el.querySelector(".pd-call-outcomes input:checked, .pd-call-outcomes input") : area)?.focus();
                area.scrollIntoView({ block: "nearest" });
            });
        },
        /** Puts a mail back that was taken back; what was typed since stays below it. */
        restore(mail, list) {
            Object.assign(s, {
                mode: mail.channel == "sms" ? "sms" : "reply", body: [mail.body, s.body.trim()].filter(Boolean).join("\n\n"), subject: mail.subject || "", template: mail.template || "",
                cc: box(mail.cc || []), bcc: box(mail.bcc || []), copies: !!(mail.cc?.length || mail.bcc?.length), receipt: !!mail.receipt_asked,
                files: box([...list, ...s.files.value]),
            });
            keep();
            settle();
        },
    };
}

/** A text message needs a number and a gateway. */
const canText = (desk, view) => desk.sms.on && (view.get().contact?.identities || []).some((i) => i.kind == "phone");

function tab(s, mode, iconName, to) {
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
    );
}

/** What few answers need. */
function more(s, keep) {
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
        ],
    });
}

function warnings(s) {
    const list = s.warnings.value;
    if (!list.length || s.mode == "note" || s.mode == "call") return null;
    return t.p(
        { className: "pd-compose-warn", role: "status" },
        icon("alert-line"),
        t.span({}, tr("compose.empty", { names: list.join(", ") })),
        button({ icon: "close-line", title: tr("action.close"), kind: "quiet small square", run: () => (s.warnings = box([])) }),
    );
}

const mains = { reply: ["send-plane-2-line", "compose.send"], sms: ["send-plane-2-line", "compose.send"], note: ["sticky-note-add-line", "compose.addnote"], call: ["phone-line", "compose.logcall"] };

function sendButtons(s, send) {
    const off = () => s.busy || (s.mode == "call" ? !s.call.outcome && !s.body.trim() : !s.body.trim());
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

/** As tall as its text, up to what the pane can spare. */
function grow(area) {
    area.style.height = "auto";
    area.style.height = Math.min(area.scrollHeight + 2, innerHeight * 0.42) + "px";
}
