// What the composer of a case holds, from the browser's memory and back.
import { box } from "../lib/dom.js";
import { readDraft } from "./drafts.js";

/**
 * @typedef {{mode: "reply"|"note"|"call"|"sms", body: string, other: string, has: boolean, subject: string, template: string, cc: import("../lib/dom.js").Box, bcc: import("../lib/dom.js").Box,
 *   copies: boolean, receipt: boolean, sign: boolean, call: Object, warnings: import("../lib/dom.js").Box, files: import("../lib/dom.js").Box, busy: boolean, withSubject: boolean,
 *   mentions: import("../lib/dom.js").Box, made: import("../lib/dom.js").Box, promise: import("../lib/dom.js").Box, otherFiles: import("../lib/dom.js").Box, otherPromise: import("../lib/dom.js").Box, key: string, otherKey: string,
 *   concerns: import("../lib/dom.js").Box, asked: import("../lib/dom.js").Box|null, answered: import("../lib/dom.js").Box}} Draft
 * body, files, promise and key are those of the side that is written: for the visitor, or for colleagues; other, otherFiles, otherPromise and otherKey wait on the other side.
 * has: there are words. made: texts of templates that went in. mentions: colleagues {id, name} that were chosen. promise: {due_at, text} or null.
 * key: under which the server knows the text once it was tried to be sent. concerns: what to look at before it leaves; asked: {status} of an answer that waits for the yes. answered: {answered, status} of a colleague's answer that came between
 */

/** Written for colleagues: never on the side of what the visitor gets. */
export const inward = (mode) => mode == "note" || mode == "call";

/** Writes in another way; between the two sides the texts change places. @param {Draft} s */
export function turn(s, mode) {
    if (s.mode == mode) return;
    if (inward(s.mode) != inward(mode)) {
        [s.body, s.other, s.files, s.otherFiles, s.promise, s.otherPromise, s.key, s.otherKey] = [s.other, s.body, s.otherFiles, s.files, s.otherPromise, s.promise, s.otherKey, s.key];
        s.has = /\S/.test(s.body);
    }
    s.mode = mode;
    s.concerns = box([]);
    s.asked = null;
}

export const newCall = () => ({ direction: "out", outcome: "", length: "", since: 0 });

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @returns {Draft} */
export function draftOf(desk, view) {
    const d = readDraft(view.id) || {}, side = inward(d.mode);
    return store({
        ...held(d), files: box(desk.unsend.files(filesOf(view.id, side))), otherFiles: box(desk.unsend.files(filesOf(view.id, !side))),
        warnings: box([]), busy: false, concerns: box([]), asked: null, answered: box(null),
    });
}

/** What a kept draft says, as the composer holds it. */
export function held(d) {
    return {
        mode: d.mode || "reply", body: d.body || "", other: d.other || "", has: /\S/.test(d.body || ""), subject: d.subject || "", template: d.template || "",
        cc: box(d.cc || []), bcc: box(d.bcc || []), copies: !!(d.cc?.length || d.bcc?.length), receipt: !!d.receipt, sign: d.sign !== false,
        call: { ...newCall(), ...d.call }, withSubject: !!d.subject, key: d.key || "", otherKey: d.otherKey || "",
        mentions: box(d.mentions || []), made: box(d.made || []), promise: box(d.promise || null), otherPromise: box(d.otherPromise || null),
    };
}

/** Under what the page keeps the files of one side. */
const filesOf = (id, side) => (side ? id + " inward" : id);

/** Keeps the files as long as the page lives. @param {Draft} s */
export function keepFiles(desk, id, s) {
    const side = inward(s.mode);
    for (const [files, at] of [[s.files.value, side], [s.otherFiles.value, !side]]) if (files.length) desk.unsend.keep(filesOf(id, at), files);
}

/** @param {Draft} s */
export const kept = (s) => ({
    mode: s.mode, body: s.body, other: s.other || undefined, subject: s.subject, template: s.template, cc: s.cc.value, bcc: s.bcc.value, receipt: s.receipt, sign: s.sign,
    call: s.call.since || s.call.length ? { ...s.call } : undefined, mentions: s.mentions.value, made: s.made.value.map((x) => x.slice(0, 5000)), promise: s.promise.value, otherPromise: s.otherPromise.value || undefined, key: s.key || undefined, otherKey: s.otherKey || undefined,
});

/** How many get copies. @param {Draft} s */
export const copyCount = (s) => s.cc.value.length + s.bcc.value.length;

/** The visitor's numbers, those that work first. */
export const phones = (data) =>
    (data.contact?.identities || []).filter((i) => i.kind == "phone").sort((a, b) => (a.state == "undeliverable") - (b.state == "undeliverable")).map((i) => i.value);
