// Where agents write: an answer by mail or text message, a note that stays, or
// what was said on the phone. This is what is seen of it, and all that a key
// needs; what works with the text is in writing.js, which is fetched when
// somebody comes near. The text stands in the same box before and after.
import { language, tr } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { lazy } from "../lib/lazy.js";
import { sentence } from "../lib/api.js";
import { draftKey, keepDraft } from "./drafts.js";
import { draftOf, keepFiles, kept, turn } from "./draft.js";
import { moreButton, recipient, sendButtons, tab } from "./composebar.js";

/**
 * @typedef {Object} Composer what writing.js and extras of the composer get
 * @property {import("./draft.js").Draft} s
 * @property {HTMLElement} slot under the text: extras append their elements
 * @property {HTMLTextAreaElement} area
 * @property {() => void} keep keeps the draft
 * @property {(mode: string) => void} to
 */

/**
 * @param {import("./page.js").Desk} desk
 * @param {import("./case.js").CaseView} view
 */
export function composer(desk, view) {
    const s = draftOf(desk, view);
    const ui = store({ work: box(null) });
    let keeping, asked;
    const save = () => {
        clearTimeout(keeping);
        keeping = 0;
        keepDraft(view.id, kept(s));
    };
    const keep = () => (keeping ||= setTimeout(save, 250));
    const flush = () => keeping && save();
    /** Fetches what works with the text. @returns {Promise<ReturnType<typeof import("./writing.js").writing>>} */
    const work = () => asked ??= import("./writing.js").then((m) => (ui.work = box(m.writing(desk, view, all))).value).catch((err) => {
        asked = null; // the next touch tries again
        throw err;
    });
    const near = () => asked || work().catch((err) => console.warn("the composer could not be loaded:", err));
    /** Runs a function of writing.js; what was typed stays where it is when it can't be had. */
    const does = (name) => (...args) => work().then((w) => w[name](...args), (err) => desk.host.toast.error(sentence(err)));
    const send = does("send"), pick = does("pick");
    /** A sign that may open a list: a slash or an @. */
    const begin = (sign) => {
        const at = area.selectionStart, { body } = s;
        if (sign && "/／@＠".includes(sign)) work().then((w) => w.begin(sign, at, body)).catch(() => {});
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
            keep();
            if (ui.work.value) ui.work.value.typed();
            else near();
            if (!e.isComposing) begin(e.data?.at(-1));
        },
        oncompositionend: (e) => begin(e.data?.at(-1)),
        onfocus: near,
    });
    const written = () => s.mode == "reply" || s.mode == "sms";
    const to = (mode) => {
        turn(s, mode);
        keep();
        ui.work.value?.turned();
        if (mode != "call") area.focus();
    };
    const chooser = t.button(
        { type: "button", className: "pd-btn pd-btn-quiet", hidden: () => !written(), title: tr("compose.template"), onclick: (e) => pick(e.currentTarget) },
        icon("file-text-line"),
        t.span({ className: "pd-btn-text" }, tr("compose.template")),
    );
    const slot = t.div({ className: "pd-compose-extras" });
    const all = { s, slot, area, keep, to, written };
    const working = (load, make) => lazy(() => Promise.all([load(), work()]), ([m, w]) => make(m, w));
    const parts = {
        copies: lazy(() => import("./copies.js"), (m) => m.copies(desk, view, s, keep)),
        call: lazy(() => import("./call.js"), (m) => m.callPanel(s, keep)),
        sms: working(() => import("./smsfoot.js"), (m, w) => m.smsFoot(desk, view, s, w.put)),
        concerns: working(() => import("./concernbar.js"), (m, w) => m.concernBar({ s, area, keep, settle: w.settle, send })),
        answered: working(() => import("./answered.js"), (m) => m.answeredBar({ desk, view, s, area, send })),
    };
    const leave = () => document.hidden && flush();
    const elsewhere = (e) => e.key == draftKey(view.id) && does("elsewhere")(e); // written in another window
    // what is dropped or pasted is at hand only as long as the event lasts
    const files = (e, list) => {
        if (!list?.length) return;
        e.preventDefault();
        does("attach")([...list]);
    };
    const dropped = (e) => e.dataTransfer?.types?.includes("Files");

    const el = t.form(
        {
            className: () => `pd-compose is-${s.mode}` + (s.has || s.mode == "call" ? " has-text" : ""),
            ariaLabel: tr("compose.label"),
            onsubmit: (e) => {
                e.preventDefault();
                send("");
            },
            onpointerover: near,
            onkeydown: (e) => {
                const here = e.target == area, hard = e.ctrlKey || e.metaKey;
                if (e.isComposing || e.keyCode == 229 || (e.defaultPrevented && !hard)) return; // an input method is at work
                if (e.key == "Enter" && (hard || (here && s.mode == "call" && !e.shiftKey))) {
                    if (document.querySelector(".pd-pop:popover-open")) return;
                    e.preventDefault();
                    send("");
                } else if (here && e.key == "Escape") {
                    area.blur();
                }
            },
            onmount: () => {
                if (s.has || s.promise.value || s.files.value.length) near(); // a draft is gone on with
                addEventListener("pagehide", flush);
                addEventListener("storage", elsewhere);
                document.addEventListener("visibilitychange", leave);
            },
            onunmount: () => {
                flush();
                ui.work.value?.stop();
                keepFiles(desk, view.id, s);
                removeEventListener("pagehide", flush);
                removeEventListener("storage", elsewhere);
                document.removeEventListener("visibilitychange", leave);
            },
            ondragover: (e) => {
                if (!dropped(e)) return;
                e.preventDefault();
                near();
            },
            ondrop: (e) => dropped(e) && files(e, e.dataTransfer.files),
            onpaste: (e) => files(e, e.clipboardData?.files),
        },
        t.div(
            { className: "pd-compose-tabs" },
            t.div(
                { className: "pd-tablist", role: "tablist", ariaLabel: tr("compose.label") },
                tab(s, "reply", "reply-line", to),
                tab(s, "note", "sticky-note-line", to),
                tab(s, "call", "phone-line", to),
                () => canText(desk, view) ? tab(s, "sms", "message-2-line", to) : null,
            ),
            t.span({ className: "pd-row-fill" }),
            () => recipient(desk, view, s),
        ),
        () => s.mode == "reply" && s.copies ? parts.copies() : null,
        () => s.mode == "reply" && s.withSubject
            ? t.input({ className: "pd-input pd-compose-subject", maxLength: 300, value: s.subject, placeholder: tr("compose.subject"), ariaLabel: tr("compose.subject"), oninput: (e) => ((s.subject = e.target.value), keep()) })
            : null,
        () => s.mode == "call" ? parts.call() : null,
        area,
        () => ui.work.value?.signature(),
        slot,
        () => s.concerns.value.length ? parts.concerns() : null,
        () => s.answered.value ? parts.answered() : null,
        () => s.mode == "sms" ? parts.sms() : null,
        () => ui.work.value?.files ?? null,
        t.div(
            { className: "pd-compose-foot" },
            t.span({ hidden: () => s.mode == "sms" || s.mode == "call" }, button({ icon: "attachment-2", title: tr("compose.attach"), kind: "quiet square", run: does("choose") })),
            chooser,
            () => s.mode == "reply" ? moreButton(s, does("more")) : null,
            t.span({ className: "pd-row-fill" }),
            () => s.has ? t.span({ className: "pd-hint pd-wide-only" }, tr("compose.kept")) : null,
            () => sendButtons(s, view, (off) => ui.work.value?.ways(off) || []),
        ),
    );
    return {
        el,
        ...all,
        pick: () => (written() || to("reply"), pick(chooser)),
        ask: does("ask"),
        restore: does("restore"),
        focus(mode) {
            near();
            turn(s, mode == "sms" && !canText(desk, view) ? "call" : mode);
            ui.work.value?.settle();
            area.focus(); // now: the next key is a letter already
            requestAnimationFrame(() => {
                if (s.mode == "call") el.querySelector(".pd-call-outcomes input:checked, .pd-call-outcomes input")?.focus();
                area.scrollIntoView({ block: "nearest" });
            });
        },
    };
}

/** A text message needs a number and a gateway. */
const canText = (desk, view) => desk.sms.on && (view.get().contact?.identities || []).some((i) => i.kind == "phone");
