// What the composer of a case holds, from the browser's memory and back.
import { box } from "../lib/dom.js";
import { readDraft } from "./drafts.js";

/**
 * @typedef {{mode: "reply"|"note"|"call"|"sms", body: string, has: boolean, subject: string, template: string, cc: import("../lib/dom.js").Box, bcc: import("../lib/dom.js").Box,
 *   copies: boolean, receipt: boolean, sign: boolean, call: Object, warnings: import("../lib/dom.js").Box, files: import("../lib/dom.js").Box, busy: boolean, withSubject: boolean,
 *   mentions: import("../lib/dom.js").Box, made: import("../lib/dom.js").Box, promise: import("../lib/dom.js").Box,
 *   concerns: import("../lib/dom.js").Box, asked: import("../lib/dom.js").Box|null, answered: import("../lib/dom.js").Box}} Draft
 * has: there are words. made: texts of templates that went in. mentions: colleagues {id, name} that were chosen. promise: {due_at, text} or null.
 * concerns: what to look at before it leaves; asked: {status} of an answer that waits for the yes. answered: {answered, status} of a colleague's answer that came between
 */

export const newCall = () => ({ direction: "out", outcome: "", length: "", since: 0 });

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @returns {Draft} */
export function draftOf(desk, view) {
    const d = readDraft(view.id) || {};
    return store({
        mode: d.mode || "reply", body: d.body || "", has: /\S/.test(d.body || ""), subject: d.subject || "", template: d.template || "",
        cc: box(d.cc || []), bcc: box(d.bcc || []), copies: !!(d.cc?.length || d.bcc?.length), receipt: !!d.receipt, sign: d.sign !== false,
        call: { ...newCall(), ...d.call }, warnings: box([]), files: box(desk.unsend.files(view.id)), busy: false, withSubject: !!d.subject,
        mentions: box(d.mentions || []), made: box(d.made || []), promise: box(d.promise || null), concerns: box([]), asked: null, answered: box(null),
    });
}

/** @param {Draft} s */
export const kept = (s) => ({
    mode: s.mode, body: s.body, subject: s.subject, template: s.template, cc: s.cc.value, bcc: s.bcc.value, receipt: s.receipt, sign: s.sign,
    call: s.call.since || s.call.length ? { ...s.call } : undefined, mentions: s.mentions.value, made: s.made.value.map((x) => x.slice(0, 5000)), promise: s.promise.value,
});

/** Empty again, once the server has it. @param {Draft} s */
export function clear(s) {
    Object.assign(s, {
        body: "", has: false, subject: "", template: "", withSubject: false, warnings: box([]), files: box([]), cc: box([]), bcc: box([]), copies: false, receipt: false,
        call: newCall(), mode: s.mode == "call" ? "reply" : s.mode, mentions: box([]), made: box([]), promise: box(null), concerns: box([]), asked: null, answered: box(null),
    });
}

/** How many get copies. @param {Draft} s */
export const copyCount = (s) => s.cc.value.length + s.bcc.value.length;

/** The visitor's numbers, those that work first. */
export const phones = (data) =>
    (data.contact?.identities || []).filter((i) => i.kind == "phone").sort((a, b) => (a.state == "undeliverable") - (b.state == "undeliverable")).map((i) => i.value);
