// What to look at before an answer leaves. Nothing here forbids anything.
import { openBlanks } from "../lib/fit.js";
import { isTheirs } from "./addresses.js";
import { findPrivate } from "./private.js";

const attached = /附件|附檔|附上|附圖|附图|隨信附|随信附|如附|見附|见附|添付|同封|\b(?:attach(?:ed|ing|ment|ments)?|enclosed)\b/i;
const liquid = /\{\{[^{}\n]{0,200}\}\}|\{%[^{}\n]{0,200}%\}/g;

/**
 * @typedef {{kind: "private"|"variables"|"empty"|"blanks"|"attachment", what?: string[], places?: {start: number, end: number, kind?: string, text: string}[], to?: string}} Concern
 * @param {import("./page.js").Desk} desk @param {Object} data the case's view @param {import("./draft.js").Draft} s
 * @returns {Concern[]}
 */
export function concerns(desk, data, s) {
    const text = s.body, out = [];
    const places = (matches) => [...matches].map((m) => ({ start: m.index, end: m.index + m[0].length, text: m[0] }));
    const strange = unproven(data, s);
    if (strange) {
        const found = findPrivate(text, { known: known(desk, data), spare: s.made.value });
        if (found.length) out.push({ kind: "private", places: found, to: strange });
    }
    const left = places(text.matchAll(liquid)), blanks = places(openBlanks(text));
    if (left.length) out.push({ kind: "variables", places: left });
    if (blanks.length) out.push({ kind: "blanks", places: blanks });
    // the template left something out, and nobody has touched the place since
    if (s.warnings.value.length && s.made.value.some((made) => text.includes(made.trim()))) out.push({ kind: "empty", what: s.warnings.value });
    if (s.mode == "reply" && !s.files.value.length && attached.test(own(text))) out.push({ kind: "attachment" });
    return out;
}

/** What was typed, without the lines that repeat an earlier mail. */
const own = (text) => text.split("\n").filter((l) => !/^\s*>/.test(l)).join("\n");

/** To whom it goes whose address nobody has proven; "" where all is well. */
function unproven(data, s) {
    const to = s.mode == "sms" ? data.sms_to : data.reply_to;
    const identity = (data.contact?.identities || []).find((i) => i.kind == (s.mode == "sms" ? "phone" : "email") && i.value?.toLowerCase() == to?.toLowerCase());
    if (identity?.state != "verified") return to || "?";
    return s.mode == "reply" ? [...s.cc.value, ...s.bcc.value].find((a) => !isTheirs(data, a.addr))?.addr || "" : "";
}

/** What this visitor wrote himself on this case, not what another one did whose case was merged into it, and what the shop tells everybody. */
function known(desk, data) {
    const said = (data.messages || []).filter((m) => m.direction == "in" && (!m.contact || !data.contact || m.contact == data.contact.id) && (!m.from_addr || isTheirs(data, m.from_addr))).flatMap((m) => [m.body, m.subject]);
    const f = data.feedback || {}, shop = desk.me.shop || {};
    return [...said, f.message, f.subject, f.order_no, f.email, f.phone, data.reply_to, data.sms_to, shop.email, shop.phone, desk.me.agent?.email, desk.me.agent?.signature];
}
