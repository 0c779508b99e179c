// Where agents write: an answer that leaves by mail, or a note that stays.
import { tr } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { menuButton } from "../lib/popover.js";
import { openBlanks } from "../lib/text.js";
import { keepDraft, readDraft } from "./drafts.js";
import { attachments } from "./attachments.js";
import { templatePicker } from "./picker.js";
import { sendMessage } from "./send.js";

/**
 * @typedef {{mode: "reply"|"note", body: string, subject: string, template: string, warnings: import("../lib/dom.js").Box, files: import("../lib/dom.js").Box, busy: boolean, withSubject: boolean}} Draft
 * @param {import("./page.js").Desk} desk
 * @param {import("./case.js").CaseView} view
 */
export function composer(desk, view) {
    const kept = readDraft(view.id);
    /** @type {Draft} */
    const s = store({
        mode: kept?.mode || "reply", body: kept?.body || "", subject: kept?.subject || "", template: kept?.template || "",
        warnings: box([]), files: box([]), busy: false, withSubject: !!kept?.subject,
    });
    const keep = () => keepDraft(view.id, { mode: s.mode, body: s.body, subject: s.subject, template: s.template });
    const area = t.textarea({
        className: "pd-compose-text",
        rows: 3,
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
            if (e.key == "Enter" && (e.ctrlKey || e.metaKey)) {
                e.preventDefault();
                send("");
            } else if (e.key == "Escape") {
                area.blur();
            }
        },
        onmount: (el) => requestAnimationFrame(() => grow(el)),
    });
    const files = attachments(desk, s);
    const send = (status) => sendMessage({ desk, view, s, status, done: () => grow(area) });

    const insert = (made) => {
        const at = area.selectionStart ?? s.body.length;
        const whole = !s.body.trim();
        s.body = whole ? made.body : s.body.slice(0, at) + made.body + s.body.slice(area.selectionEnd ?? at);
        if (made.subject && whole) {
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
    const pick = (anchor) => templatePicker({ desk, view, anchor, insert });

    const el = t.form(
        {
            className: () => `pd-compose is-${s.mode}` + (s.body ? " has-text" : ""),
            ariaLabel: tr("compose.label"),
            onsubmit: (e) => {
                e.preventDefault();
                send("");
            },
            ...files.drop,
        },
        t.div(
            { className: "pd-compose-tabs", role: "tablist" },
            tab(s, "reply", "reply-line", keep),
            tab(s, "note", "sticky-note-line", keep),
            t.span({ className: "pd-row-fill" }),
            () => recipient(desk, view, s),
        ),
        () => s.mode == "reply" && s.withSubject
            ? t.input({ className: "pd-input pd-compose-subject", maxLength: 300, value: s.subject, placeholder: tr("compose.subject"), ariaLabel: tr("compose.subject"), oninput: (e) => ((s.subject = e.target.value), keep()) })
            : null,
        area,
        () => warnings(s),
        files.el,
        t.div(
            { className: "pd-compose-foot" },
            button({ icon: "attachment-2", title: tr("compose.attach"), kind: "quiet square", run: files.choose }),
            t.button(
                { type: "button", className: "pd-btn pd-btn-quiet", hidden: () => s.mode != "reply", title: tr("compose.template"), onclick: (e) => pick(e.currentTarget) },
                icon("file-text-line"),
                t.span({ className: "pd-btn-text" }, tr("compose.template")),
            ),
            t.button(
                { type: "button", className: () => "pd-btn pd-btn-quiet pd-btn-square" + (s.withSubject ? " is-on" : ""), hidden: () => s.mode != "reply", title: tr("compose.subject"), ariaLabel: tr("compose.subject"), onclick: () => (s.withSubject = !s.withSubject) },
                icon("heading"),
            ),
            t.span({ className: "pd-row-fill" }),
            () => s.body ? t.span({ className: "pd-hint pd-wide-only" }, tr("compose.kept")) : null,
            () => sendButtons(s, send),
        ),
    );
    return {
        el,
        focus(mode) {
            s.mode = mode;
            area.focus();
            area.scrollIntoView({ block: "nearest" });
        },
    };
}

function tab(s, mode, iconName, keep) {
    return t.button(
        {
            type: "button",
            role: "tab",
            className: () => "pd-tab" + (s.mode == mode ? " is-active" : ""),
            ariaSelected: () => s.mode == mode,
            onclick: () => {
                s.mode = mode;
                keep();
            },
        },
        icon(iconName),
        t.span({}, tr("compose." + mode)),
    );
}

/** To whom it goes, or why it can't go. */
function recipient(desk, view, s) {
    if (s.mode == "note") return t.span({ className: "pd-hint" }, icon("lock-line"), tr("compose.note.who"));
    const to = view.get().reply_to;
    if (!to) return t.span({ className: "pd-hint pd-warn" }, icon("alert-line"), tr("compose.noaddress"));
    return t.span(
        { className: "pd-hint pd-compose-to", title: to },
        tr("compose.to", { to }),
        desk.me.smtp === false ? t.span({ className: "pd-warn" }, " · ", tr("compose.willhold")) : null,
    );
}

function warnings(s) {
    const list = s.warnings.value;
    if (!list.length || s.mode == "note") return null;
    return t.p(
        { className: "pd-compose-warn", role: "status" },
        icon("alert-line"),
        t.span({}, tr("compose.empty", { names: list.join(", ") })),
        button({ icon: "close-line", title: tr("action.close"), kind: "quiet small square", run: () => (s.warnings = box([])) }),
    );
}

function sendButtons(s, send) {
    const off = () => s.busy || !s.body.trim();
    const main = t.button(
        { type: "submit", className: "pd-btn pd-btn-primary", disabled: off, title: tr("compose.keys") },
        icon(s.mode == "note" ? "sticky-note-add-line" : "send-plane-2-line"),
        t.span({}, tr(s.mode == "note" ? "compose.addnote" : "compose.send")),
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

