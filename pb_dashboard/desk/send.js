// Sends what the composer holds, and clears it only once the server has it.
import { tr } from "../lib/i18n.js";
import { box } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { openBlanks } from "../lib/text.js";
import { keepDraft } from "./drafts.js";

/**
 * @param {{desk: import("./page.js").Desk, view: import("./case.js").CaseView, s: import("./composer.js").Draft, status: string, done: Function}} o
 * status: what the case becomes with it; "" leaves that to the server
 */
export async function sendMessage({ desk, view, s, status, done }) {
    if (s.busy || !s.body.trim()) return;
    const note = s.mode == "note";
    if (!note && !view.get().reply_to) {
        desk.host.toast.error(tr("compose.noaddress"));
        return;
    }
    const blanks = note ? [] : openBlanks(s.body);
    if (blanks.length && !(await desk.host.confirm(tr("compose.blanks", { what: blanks[0][0] }), { yes: tr("compose.blanks.yes"), no: tr("compose.blanks.no") }))) return;
    s.busy = true;
    try {
        await desk.api.write(payload(view, s, note, status));
        s.body = s.subject = s.template = "";
        s.withSubject = false;
        s.warnings = box([]);
        s.files = box([]);
        keepDraft(view.id, null);
        done();
        desk.host.toast.ok(tr(note ? "compose.noted" : desk.me.smtp === false ? "compose.held" : "compose.queued"));
        await view.reload();
        desk.list?.reload();
        desk.recount();
    } catch (err) {
        desk.host.toast.error(sentence(err)); // the text stays where it is
    } finally {
        s.busy = false;
    }
}

function payload(view, s, note, status) {
    const fields = { case: view.id, direction: note ? "note" : "out", channel: "email", body: s.body.trim() };
    if (!note && s.subject.trim()) fields.subject = s.subject.trim();
    if (!note && s.template) fields.template = s.template;
    if (status && !note) fields.status = status;
    const files = s.files.value;
    if (!files.length) return fields;
    const form = new FormData();
    for (const [k, v] of Object.entries(fields)) form.append(k, v);
    for (const f of files) form.append("attachments", f);
    return form;
}
