// Where agents write: an answer by mail or text message, a note that stays, or
// what was said on the phone. A key costs next to nothing; all that looks at the
// text waits until the hands rest, and most of it is fetched when it is needed.
import { language, tr } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { lazy } from "../lib/lazy.js";
import { openBlanks } from "../lib/text.js";
import { keepDraft } from "./drafts.js";
import { draftOf, kept } from "./draft.js";
import { attachments } from "./attachments.js";
import { more, sendButtons, tab } from "./composebar.js";
import { recipient } from "./recipient.js";
import { sendMessage } from "./send.js";

const rest = 450; // milliseconds without a key

/**
 * @typedef {Object} Composer what extras of the composer get
 * @property {import("./draft.js").Draft} s
 * @property {HTMLElement} slot under the text: extras append their elements
 * @property {HTMLTextAreaElement} area
 * @property {(text: string) => void} put writes at the cursor
 * @property {() => void} keep keeps the draft
 * @property {(fn: (text: string) => void) => void} onrest runs when the hands rest
 */

/**
 * desk.composerExtras lists functions that add something to every composer:
 * they get (desk, view, composer) once it is made. desk.composerChoices lists
 * functions of the same shape that give an entry of its menu.
 * @param {import("./page.js").Desk} desk
 * @param {import("./case.js").CaseView} view
 */
export function composer(desk, view) {
    const s = draftOf(desk, view);
    const rested = [];
    let resting, keeping;
    const save = () => {
        clearTimeout(keeping);
        keeping = 0;
        keepDraft(view.id, kept(s));
    };
    const keep = () => (keeping ||= setTimeout(save, 250));
    const flush = () => keeping && save();
    const later = () => {
        clearTimeout(resting);
        resting = setTimeout(() => rested.forEach((fn) => fn(s.body)), rest);
    };
    const area = t.textarea({
        className: "pd-compose-text",
        rows: () => (s.mode == "call" ? 1 : 3),
        maxLength: 50000,
        lang: () => (s.mode == "note" || s.mode == "call" ? language() : view.get().case.locale || undefined),
        dir: "auto",
        ariaLabel: () => tr("compose." + s.mode),
        placeholder: () => tr(`compose.${s.mode}.placeholder`) + (s.mode == "reply" || s.mode == "sms" ? " " + tr("compose.slash") : s.mode == "note" ? " " + tr("compose.at") : ""),
        value: () => s.body,
        oninput: (e) => {
            s.body = e.target.value;
            s.has = /\S/.test(s.body);
            grow(area);
            keep();
            later();
            if (!e.isComposing) begin(e.data);
        },
        oncompositionend: (e) => begin(e.data),
        onkeydown: (e) => {
            if (e.isComposing || e.keyCode == 229 || e.defaultPrevented) return; // an input method is at work
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
    const settle = () => {
        s.has = /\S/.test(s.body);
        later();
        requestAnimationFrame(() => grow(area));
    };
    const put = (text, from = area.selectionStart ?? s.body.length, to = area.selectionEnd ?? from) => {
        s.body = s.body.slice(0, from) + text + s.body.slice(to);
        keep();
        settle();
        requestAnimationFrame(() => {
            area.focus();
            area.setSelectionRange(from + text.length, from + text.length);
        });
    };
    const written = () => s.mode == "reply" || s.mode == "sms";
    /** A slash where a template may stand, an @ in a note: a list opens beside it. */
    const begin = (typed) => {
        const last = (typed || "").at(-1);
        if ("/／".includes(last || " ") && written() && !s.busy) {
            const at = area.selectionStart;
            const before = s.body.slice(0, at - 1), after = s.body.slice(at);
            if (/(^|\n)[ \t\u3000]*$/.test(before.slice(-80)) && !/\S/.test(after)) import("./slash.js").then((m) => m.slash({ desk, view, s, area, insert, at: at - 1 }));
        } else if ("@＠".includes(last || " ") && s.mode == "note") {
            const at = area.selectionStart;
            if (!/[\w.+-]$/.test(s.body.slice(Math.max(0, at - 2), at - 1))) import("./mention.js").then((m) => m.mention({ desk, view, s, area, put, keep, at: at - 1 }));
        }
    };
    const files = attachments(desk, s, put);
    const send = (status, sure) => sendMessage({ desk, view, s, status, sure, done: settle });

    /** Puts a template's text in; at: where a slash with letters stands that it replaces. */
    let inserted = 0;
    const insert = (made, at) => {
        inserted = Date.now();
        if (at !== undefined) s.body = s.body.slice(0, at) + s.body.slice(area.selectionEnd);
        const whole = !s.body.trim();
        if (whole) s.body = made.body;
        else put(made.body, at, at);
        if (made.subject && whole && s.mode == "reply") s.subject = made.subject;
        s.template = made.template;
        s.made = box([...s.made.value, made.body].slice(-5));
        s.warnings = box(made.empty || []);
        keep();
        settle();
        requestAnimationFrame(() => {
            area.focus();
            // what the template leaves open is selected: typing replaces it
            const [blank] = openBlanks(area.value);
            if (blank) area.setSelectionRange(blank.index, blank.index + blank[0].length);
        });
    };
    const to = (mode) => {
        s.mode = mode;
        s.concerns = box([]);
        keep();
        settle();
        if (mode != "call") area.focus();
    };
    // the Enter that took a template may still reach the button, which has the focus again
    const pick = async (anchor) => Date.now() - inserted > 400 && (await import("./picker.js")).templatePicker({ desk, view, anchor, insert, sms: s.mode == "sms" });
    const chooser = t.button(
        { type: "button", className: "pd-btn pd-btn-quiet", hidden: () => !written(), title: tr("compose.template"), onclick: (e) => pick(e.currentTarget) },
        icon("file-text-line"),
        t.span({ className: "pd-btn-text" }, tr("compose.template")),
    );
    const slot = t.div({ className: "pd-compose-extras" });
    const parts = {
        copies: lazy(() => import("./copies.js"), (m) => m.copies(desk, view, s, keep)),
        call: lazy(() => import("./call.js"), (m) => m.callPanel(s, keep)),
        sms: lazy(() => import("./smsfoot.js"), (m) => m.smsFoot(desk, view, s, put)),
        concerns: lazy(() => import("./concernbar.js"), (m) => m.concernBar({ s, area, keep, settle, send })),
        answered: lazy(() => import("./answered.js"), (m) => m.answeredBar({ desk, view, s, area, send })),
    };
    const choices = () => (desk.composerChoices || []).map((entry) => entry(desk, view, all));
    const leave = () => document.hidden && flush();

    const el = t.form(
        {
            className: () => `pd-compose is-${s.mode}` + (s.has || s.mode == "call" ? " has-text" : ""),
            ariaLabel: tr("compose.label"),
            onsubmit: (e) => {
                e.preventDefault();
                send("");
            },
            onmount: () => {
                addEventListener("pagehide", flush);
                document.addEventListener("visibilitychange", leave);
            },
            onunmount: () => {
                flush();
                clearTimeout(resting);
                if (s.files.value.length) desk.unsend.keep(view.id, s.files.value);
                removeEventListener("pagehide", flush);
                document.removeEventListener("visibilitychange", leave);
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
        () => s.mode == "reply" && s.copies ? parts.copies() : null,
        () => s.mode == "reply" && s.withSubject
            ? t.input({ className: "pd-input pd-compose-subject", maxLength: 300, value: s.subject, placeholder: tr("compose.subject"), ariaLabel: tr("compose.subject"), oninput: (e) => ((s.subject = e.target.value), keep()) })
            : null,
        () => s.mode == "call" ? parts.call() : null,
        area,
        () => signature(desk, s),
        slot,
        () => s.concerns.value.length ? parts.concerns() : null,
        () => s.answered.value ? parts.answered() : null,
        () => s.mode == "sms" ? parts.sms() : null,
        files.el,
        t.div(
            { className: "pd-compose-foot" },
            t.span({ hidden: () => s.mode == "sms" || s.mode == "call" }, button({ icon: "attachment-2", title: tr("compose.attach"), kind: "quiet square", run: files.choose })),
            chooser,
            () => s.mode == "reply" ? more(desk, s, keep, () => (desk.composerChoices || []).map((choice) => choice(desk, view, all))) : null,
            t.span({ className: "pd-row-fill" }),
            () => s.has ? t.span({ className: "pd-hint pd-wide-only" }, tr("compose.kept")) : null,
            () => sendButtons(s, send),
        ),
    );
    const all = { s, slot, area, put, keep, onrest: (fn) => rested.push(fn) };
    all.onrest(() => worry(desk, view, s));
    for (const add of desk.composerExtras || []) add(desk, view, all);
    return {
        el,
        ...all,
        pick: () => (written() || to("reply"), pick(chooser)),
        ask: (text) => {
            if (!written()) to("reply");
            put((/\S$/.test(s.body) ? "\n\n" : "") + text, s.body.length, s.body.length);
        },
        focus(mode) {
            s.mode = mode == "sms" && !canText(desk, view) ? "call" : mode;
            requestAnimationFrame(() => {
                (s.mode == "call" ? el.querySelector(".pd-call-outcomes input:checked, .pd-call-outcomes input") || area : area)?.focus();
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

/** While one writes, what was found is said and nothing is asked. */
async function worry(desk, view, s) {
    if (s.asked) return; // a question stands already
    if (s.mode != "reply" && s.mode != "sms" || !s.has) return void (s.concerns.value.length && (s.concerns = box([])));
    const { concerns } = await import("./concerns.js");
    const found = concerns(desk, view.get(), s).filter((c) => ["private", "variables", "empty"].includes(c.kind));
    if (!s.asked && (found.length || s.concerns.value.length)) s.concerns = box(found);
}

/** What ends the answer, as it will be sent; the text itself stays without it. */
function signature(desk, s) {
    const text = desk.me.agent?.signature?.trim();
    if (!text || s.mode != "reply" || !s.sign || !s.has || s.body.includes(text)) return null;
    return t.div({ className: "pd-signature", title: tr("compose.signature.why") }, text);
}

/** A text message needs a number and a gateway. */
const canText = (desk, view) => desk.sms.on && (view.get().contact?.identities || []).some((i) => i.kind == "phone");

const selfSizing = globalThis.CSS?.supports?.("field-sizing", "content");

/** As tall as its text, up to what the pane can spare. */
function grow(area) {
    if (selfSizing) return; // by CSS
    area.style.height = "auto";
    area.style.height = Math.min(area.scrollHeight + 2, innerHeight * 0.42) + "px";
}
