// Taking an answer back in the seconds before it leaves: the text is in the
// composer again, with its files.
import { tr, words } from "../lib/i18n.js";
import { sentence } from "../lib/api.js";
import { inward } from "./draft.js";
import { keepDraft, readDraft } from "./drafts.js";

await words("rare");

/** @param {import("./page.js").Desk} desk @param {Map<string, File[]>} files by message or case @param {(key: string) => File[]} take */
export function unsend(desk, files, take) {
    /** Gives the sentence that says what was done, or throws. */
    const back = async (message, caseID) => {
        const mail = await desk.api.unsend(message);
        const list = take(message);
        if (desk.view?.id == caseID) {
            desk.view.restore(mail, list);
            desk.view.reload();
        } else {
            const draft = readDraft(caseID) || {};
            const [body, other] = inward(draft.mode) ? [draft.other, draft.body] : [draft.body, draft.other];
            keepDraft(caseID, { ...mail, mode: mail.channel == "sms" ? "sms" : "reply", receipt: mail.receipt_asked, body: [mail.body, body].filter(Boolean).join("\n\n"), other, mentions: draft.mentions, call: draft.call });
            files.set(caseID, list);
            desk.go({ kind: "c", id: caseID });
        }
        desk.list?.reload?.();
        desk.recount();
        return tr(mail.attachments?.length > list.length ? "unsend.done.nofiles" : "unsend.done");
    };
    const gone = (err) => (err?.status == 409 || err?.status == 404 ? tr("unsend.toolate") : sentence(err));

    return {
        offer({ message, caseID, until }) {
            desk.undo.offer(tr(desk.me.smtp === false ? "compose.held" : "compose.queued"), {
                title: tr("unsend.why"),
                until,
                run: () => back(message, caseID).catch((err) => {
                    throw err?.status ? Object.assign(new Error(gone(err)), { status: 0 }) : err;
                }),
            });
        },
        /** From the message itself. */
        async run(message, caseID) {
            try {
                desk.undo.offer(await back(message, caseID));
            } catch (err) {
                desk.host.toast.info(gone(err));
            }
        },
    };
}
