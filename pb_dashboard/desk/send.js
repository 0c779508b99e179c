// Sends what the composer holds, and clears it only once the server has it.
import { tr } from "../lib/i18n.js";
import { box } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { openBlanks } from "../lib/text.js";
import { callSeconds, newCall } from "./call.js";
import { badCopy } from "./copies.js";
import { keepDraft } from "./drafts.js";

/** For how long an answer can be taken back. */
const undoSeconds = 10;

/**
 * @param {{desk: import("./page.js").Desk, view: import("./case.js").CaseView, s: import("./composer.js").Draft, status: string, done: Function}} o
 * status: what the case becomes with it; "" leaves that to the server
 */
export async function sendMessage({ desk, view, s, status, done }) {
    const { mode } = s;
    if (s.busy || !(s.body.trim() || (mode == "call" && s.call.outcome))) return;
    const bad = mode == "reply" && badCopy(s);
    if (mode == "reply" && !view.get().reply_to) return desk.host.toast.error(tr("compose.noaddress"));
    if (bad) return desk.host.toast.error(tr("copies.bad", { addr: bad }));
    const blanks = mode == "note" || mode == "call" ? [] : openBlanks(s.body);
    if (blanks.length && !(await desk.host.confirm(tr("compose.blanks", { what: blanks[0][0] }), { yes: tr("compose.blanks.yes"), no: tr("compose.blanks.no") }))) return;
    s.busy = true;
    try {
        const files = mode == "reply" ? s.files.value : [];
        const record = await desk.api.write(payload(view, s, status));
        clear(s);
        keepDraft(view.id, null);
        done();
        tell(desk, view, mode, record, files);
        await view.reload();
        desk.list?.reload();
        desk.recount();
    } catch (err) {
        desk.host.toast.error(sentence(err)); // the text stays where it is
    } finally {
        s.busy = false;
    }
}

function clear(s) {
    Object.assign(s, {
        body: "", subject: "", template: "", withSubject: false, warnings: box([]), files: box([]),
        cc: box([]), bcc: box([]), copies: false, receipt: false, call: newCall(), mode: s.mode == "call" ? "reply" : s.mode,
    });
}

function tell(desk, view, mode, record, files) {
    if (mode == "reply" || mode == "sms") return desk.unsend.offer({ message: record.id, caseID: view.id, files, seconds: undoSeconds });
    const said = { note: "compose.noted", call: "compose.called" }[mode];
    desk.host.toast.ok(tr(said));
}

function payload(view, s, status) {
    const fields = {
        note: () => ({ direction: "note", channel: "email" }),
        reply: () => ({
            direction: "out", channel: "email", undo_seconds: undoSeconds, subject: s.subject.trim() || undefined, template: s.template || undefined,
            cc: s.cc.value.length ? s.cc.value : undefined, bcc: s.bcc.value.length ? s.bcc.value : undefined, receipt_asked: s.receipt || undefined,
        }),
        call: () => ({ direction: s.call.direction, channel: "phone", call: { outcome: s.call.outcome || "answered", seconds: callSeconds(s.call) } }),
        sms: () => ({ direction: "out", channel: "sms", undo_seconds: undoSeconds, template: s.template || undefined }),
    }[s.mode]();
    Object.assign(fields, { case: view.id, body: s.body.trim(), status: (s.mode != "note" && status) || undefined });
    const files = s.mode == "reply" || s.mode == "note" ? s.files.value : [];
    if (!files.length) return JSON.parse(JSON.stringify(fields));
    const form = new FormData();
    for (const [k, v] of Object.entries(fields)) if (v !== undefined) form.append(k, typeof v == "object" ? JSON.stringify(v) : v);
    for (const f of files) form.append("attachments", f);
    return form;
}
