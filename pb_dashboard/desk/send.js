// Sends what the composer holds, and clears it only once the server has it.
import { tr, words } from "../lib/i18n.js";
import { box } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { seconds } from "../lib/time.js";
import { badCopy } from "./addresses.js";
import { inward, kept, newCall, turn } from "./draft.js";
import { keepDraft } from "./drafts.js";

await words("rare");

/** What a lost line is given to come back before the one further try, in milliseconds. */
const pause = 1500;

/** For how long an answer can be taken back. */
const undoSeconds = 10;

/**
 * @param {{desk: import("./page.js").Desk, view: import("./case.js").CaseView, s: import("./draft.js").Draft, status: string, sure?: "read"|"answered", done: Function}} o
 * status: what the case becomes with it; "" leaves that to the server. sure: the person has read the warnings, or knows what was written meanwhile
 */
export async function sendMessage({ desk, view, s, status, sure, done }) {
    const { mode } = s;
    if (s.busy || !(s.body.trim() || (mode == "call" && s.call.outcome))) return;
    const bad = mode == "reply" && badCopy(s);
    if (mode == "reply" && !view.get().reply_to) return desk.host.toast.error(tr("compose.noaddress"));
    if (bad) return desk.host.toast.error(tr("copies.bad", { addr: bad }));
    s.busy = true;
    try {
        if (!sure && (mode == "reply" || mode == "sms") && (await worrying(desk, view, s, status))) return;
        const files = mode == "reply" ? s.files.value : [];
        s.key ||= crypto.getRandomValues(new Uint32Array(4)).join("-");
        keepDraft(view.id, kept(s)); // with its key: a try whose answer is lost is known by it
        const record = await twice(() => desk.api.write(payload(view, s, status, { read: "liquid", answered: true }[sure])));
        clear(s, mode);
        keepDraft(view.id, kept(s));
        done();
        tell(desk, view, mode, record, files);
        await view.reload();
        desk.list?.reload();
        desk.recount();
    } catch (err) {
        refused(desk, view, s, status, err); // the text stays where it is
    } finally {
        s.busy = false;
    }
}

/**
 * Empties what was sent, once the server has it; what waits on the other side stays.
 * The person may write there by now. @param {import("./draft.js").Draft} s
 */
function clear(s, mode) {
    const now = s.mode;
    turn(s, mode);
    Object.assign(s, { body: "", has: false, files: box([]), promise: box(null), key: "", concerns: box([]), asked: null, answered: box(null) });
    if (!inward(mode)) Object.assign(s, { subject: "", template: "", withSubject: false, warnings: box([]), cc: box([]), bcc: box([]), copies: false, receipt: false, made: box([]) });
    if (mode == "note") s.mentions = box([]);
    if (mode == "call") s.call = newCall();
    turn(s, now == "call" && mode == "call" ? "reply" : now);
}

/** A lost line is tried once more: the key keeps it from being done twice. */
const twice = (call) => call().catch(async (err) => {
    if (err?.status) throw err;
    await new Promise((done) => setTimeout(done, pause));
    return call();
});

/** Asks before something leaves that was hardly meant. */
async function worrying(desk, view, s, status) {
    const { concerns } = await import("./concerns.js");
    const found = concerns(desk, view.get(), s);
    s.concerns = box(found);
    s.asked = found.length ? box({ status }) : null;
    return found.length > 0;
}

function refused(desk, view, s, status, err) {
    const by = [409, 422].includes(err?.status) && err.response?.data?.answered;
    if (!by) return desk.host.toast.error(sentence(err));
    const own = err.status == 422; // an earlier try had come through, with other words
    if (own) s.key = "";
    s.concerns = box([]);
    s.asked = null;
    s.answered = box({ ...by, own, status });
    view.reload();
}

function tell(desk, view, mode, record, files) {
    if (mode == "reply" || mode == "sms") return desk.unsend.offer({ message: record.id, caseID: view.id, files, seconds: undoSeconds });
    const said = { note: "compose.noted", call: "compose.called" }[mode];
    desk.host.toast.ok(tr(said));
}

/** How long a call took, with a timer that still runs. */
export const callSeconds = (call) => (call.since ? Math.round((Date.now() - call.since) / 1000) : seconds(call.length));

function payload(view, s, status, anyway) {
    const answer = {
        undo_seconds: undoSeconds, template: s.template || undefined, seen: view.shown || "none", anyway: anyway || undefined,
        promise: s.promise.value?.due_at, promise_text: s.promise.value?.text,
    };
    const fields = {
        note: () => ({ direction: "note", channel: "email", mentions: mentioned(s) }),
        reply: () => ({
            ...answer, direction: "out", channel: "email", subject: s.subject.trim() || undefined, sign: s.sign || undefined,
            cc: s.cc.value.length ? s.cc.value : undefined, bcc: s.bcc.value.length ? s.bcc.value : undefined, receipt_asked: s.receipt || undefined,
        }),
        call: () => ({ promise: answer.promise, promise_text: answer.promise_text, direction: s.call.direction, channel: "phone", call: { outcome: s.call.outcome || "answered", seconds: callSeconds(s.call) } }),
        sms: () => ({ ...answer, direction: "out", channel: "sms" }),
    }[s.mode]();
    Object.assign(fields, { case: view.id, key: s.key, body: s.body.trim(), status: (s.mode != "note" && status) || undefined });
    const files = s.mode == "reply" || s.mode == "note" ? s.files.value : [];
    if (!files.length) return JSON.parse(JSON.stringify(fields));
    const form = new FormData();
    for (const [k, v] of Object.entries(fields)) if (v !== undefined) form.append(k, typeof v == "object" ? JSON.stringify(v) : v);
    for (const f of files) form.append("attachments", f);
    return form;
}

/** Those who were chosen and whose names still stand in the note. */
const mentioned = (s) => s.mentions.value.filter((who) => s.body.includes("@" + who.name)).map((who) => who.id);
