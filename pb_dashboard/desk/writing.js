// What works with a text that is written: it sends, takes files and templates in,
// and looks at the text when the hands rest. The composer fetches it when somebody
// comes near.
import { tr, words } from "../lib/i18n.js";
import { box } from "../lib/dom.js";
import { menu } from "../lib/popover.js";
import { openBlanks } from "../lib/fit.js";
import { attachments } from "./attachments.js";
import { held, inward, kept, turn } from "./draft.js";
import { promiseChoice, promiseExtra } from "./promise.js";
import { sendMessage } from "./send.js";

await words("rare");

const rest = 450; // milliseconds without a key

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {import("./composer.js").Composer} c */
export function writing(desk, view, c) {
    const { s, area, keep, to, written } = c;
    const grow = () => growing(area);
    const marks = (e) => area.form.classList.toggle("is-drop", e.type == "dragover" && e.dataTransfer?.types?.includes("Files"));
    for (const name of ["dragover", "dragleave", "drop"]) area.form.addEventListener(name, marks);
    area.addEventListener("input", grow);
    requestAnimationFrame(grow);
    const rested = [];
    let resting;
    const later = () => {
        clearTimeout(resting);
        resting = setTimeout(() => rested.forEach((fn) => fn(s.body)), rest);
    };
    // once the new text stands in it
    const settle = () => {
        s.has = /\S/.test(s.body);
        later();
        requestAnimationFrame(() => grow());
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
    /** A slash where a word begins, an @ in a note: a list opens beside it. */
    const begin = (sign, at, body) => {
        const before = body.slice(0, at - 1);
        if ("/／".includes(sign) && written() && !s.busy) {
            if (/(?:^|[\s，。！？：；、（）「」『』])$/.test(before.slice(-1))) import("./slash.js").then((m) => m.slash({ desk, view, s, area, insert, at: at - 1 }));
        } else if ("@＠".includes(sign) && s.mode == "note") {
            if (!/[\w.+-]$/.test(before.slice(-1))) import("./mention.js").then((m) => m.mention({ desk, view, s, area, put, keep, at: at - 1 }));
        }
    };
    const files = attachments(desk, s, put);
    files.el.rid = "files";
    const send = (status, sure) => {
        const { mode } = s;
        return sendMessage({ desk, view, s, status, sure, done: () => (settle(), (s.mode == mode || mode == "call") && leave(area)) });
    };

    /** Puts a template's text in; from at to end stands a slash with letters that it replaces. */
    let inserted = 0;
    const insert = (made, at, end) => {
        if (!written()) { // a note was begun while the template was on its way
            to("reply");
            return requestAnimationFrame(() => insert(made, at, end));
        }
        inserted = Date.now();
        if (at !== undefined && !/^[/／]/.test(s.body.slice(at, end))) at = undefined; // typed away meanwhile
        if (at !== undefined) s.body = s.body.slice(0, at) + s.body.slice(end);
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
    // the Enter that took a template may still reach the button, which has the focus again
    const pick = async (anchor) => Date.now() - inserted > 400 && (await import("./picker.js")).templatePicker({ desk, view, anchor, insert, sms: s.mode == "sms" });
    const flip = (field) => () => {
        s[field] = !s[field];
        keep();
    };
    const write = { ...c, put, onrest: (fn) => rested.push(fn) };
    /** What few answers need. */
    const choices = () => [
        { label: tr("compose.copies"), icon: "group-line", checked: s.copies, run: flip("copies") },
        { label: tr("compose.subject.change"), icon: "heading", checked: s.withSubject, run: flip("withSubject") },
        { label: tr("compose.receipt"), icon: "eye-line", checked: s.receipt, run: flip("receipt") },
        ...(desk.me.agent?.signature ? [{ label: tr("compose.signature"), icon: "quill-pen-line", checked: s.sign, run: flip("sign") }] : []),
        promiseChoice(desk, view, write),
    ];
    write.onrest(() => worry(desk, view, s));
    promiseExtra(desk, view, write);
    import("./format.js").then((m) => m.formatting(desk, view, write)).catch((err) => console.warn("a part of the composer could not be loaded:", err));
    if (s.has) later();
    return {
        send, begin, put, settle, pick,
        /** The other side's text stands in the area: a list beside the old one closes. */
        turned() {
            area.dispatchEvent(new Event("blur"));
            settle();
        },
        typed: later,
        /** Another window wrote this draft. What is untouched here follows; else the newer text is offered. */
        elsewhere({ oldValue, newValue }) {
            const theirs = JSON.parse(newValue) || { mode: s.mode }, [mine, was, now] = [kept(s), JSON.parse(oldValue) || {}, theirs].map(sides);
            if (mine == now) return void (s.key = theirs.key || "");
            if (s.busy || mine != was || (document.hasFocus() && document.activeElement == area)) return import("./otherdraft.js").then((m) => m.offerDraft({ ...write, view, settle }, theirs));
            Object.assign(s, held(theirs));
            settle();
        },
        stop: () => clearTimeout(resting),
        files: files.el,
        signature: () => signature(desk, s),
        choose: files.choose,
        attach: files.addShown,
        /** Sending it, and what the case is from then on. */
        ways: (disabled) => [["pending", "hourglass-line"], ["resolved", "check-line"], ["open", "inbox-line"]].map(([status, icon]) => ({ label: tr("compose.send." + status), icon, disabled, run: () => send(status) })),
        more: (anchor) => menu(anchor, choices(), { label: tr("compose.more") }),
        ask(text) {
            if (!written()) to("reply");
            put((/\S$/.test(s.body) ? "\n\n" : "") + text, s.body.length, s.body.length);
        },
        /** Puts a mail back that was taken back; what was typed since stays below it. */
        restore(mail, list) {
            turn(s, mail.channel == "sms" ? "sms" : "reply");
            Object.assign(s, {
                body: [mail.body, s.body.trim()].filter(Boolean).join("\n\n"), subject: mail.subject || "", template: mail.template || "",
                cc: box(mail.cc || []), bcc: box(mail.bcc || []), copies: !!(mail.cc?.length || mail.bcc?.length), receipt: !!mail.receipt_asked,
                files: box([...list, ...s.files.value]),
            });
            keep();
            settle();
            requestAnimationFrame(() => {
                area.focus();
                area.setSelectionRange(s.body.length, s.body.length);
            });
        },
    };
}

/** The words of a kept draft: for the visitor, and for colleagues. */
const sides = (d) => JSON.stringify((inward(d.mode) ? [d.other, d.body] : [d.body, d.other]).map((x) => x?.trim() || ""));

/** What was written is sent: single keys work again, unless the person is elsewhere by now. */
function leave(area) {
    const at = document.activeElement;
    if (at && at != document.body && !area.form.contains(at)) return;
    area.blur();
    area.closest(".pd-talk")?.querySelector(".pd-messages")?.focus({ preventScroll: true });
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

const selfSizing = globalThis.CSS?.supports?.("field-sizing", "content");

/** As tall as its text, up to what the pane can spare. */
function growing(area) {
    if (selfSizing) return; // by CSS
    area.style.height = "auto";
    area.style.height = Math.min(area.scrollHeight + 2, innerHeight * 0.42) + "px";
}
