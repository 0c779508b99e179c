// Taking an answer back in the seconds before it leaves: the text is in the
// composer again, with its files.
import { tr } from "../lib/i18n.js";
import { sentence } from "../lib/api.js";
import { keepDraft, readDraft } from "./drafts.js";

/** @param {import("./page.js").Desk} desk */
export function unsend(desk) {
    const files = new Map(); // message or case -> what was attached, as long as the page lives
    const take = (key) => {
        const list = files.get(key) || [];
        files.delete(key);
        return list;
    };

    /** Gives the sentence that says what was done, or throws. */
    const back = async (message, caseID) => {
        const mail = await desk.api.unsend(message);
        const list = take(message);
        if (desk.view?.id == caseID) {
            desk.view.restore(mail, list);
            desk.view.reload();
        } else {
            const draft = readDraft(caseID);
            keepDraft(caseID, { ...mail, mode: mail.channel == "sms" ? "sms" : "reply", receipt: mail.receipt_asked, body: [mail.body, draft?.body].filter(Boolean).join("\n\n") });
            files.set(caseID, list);
            desk.go({ kind: "c", id: caseID });
        }
        desk.list?.reload?.();
        desk.recount();
        return tr(mail.attachments?.length > list.length ? "unsend.done.nofiles" : "unsend.done");
    };
    const gone = (err) => (err?.status == 409 || err?.status == 404 ? tr("unsend.toolate") : sentence(err));

    return {
        offer({ message, caseID, files: list, seconds }) {
            files.set(message, list);
            desk.undo.offer(tr(desk.me.smtp === false ? "compose.held" : "compose.queued"), {
                title: tr("unsend.why"),
                until: Date.now() + seconds * 1000 - 500,
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
        /** What a case's composer starts with. */
        files: take,
        /** Files that were chosen and not sent, while another case is looked at. */
        keep: (caseID, list) => files.set(caseID, list),
    };
}
