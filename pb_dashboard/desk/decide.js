// Decisions about held messages: let in, spam, block. Each opens the next
// message and can be taken back for a while.
import { tr, words } from "../lib/i18n.js";
import { sentence } from "../lib/api.js";

await words("desk", "held", "mail");

/** @param {import("./page.js").Desk} desk */
export function decisions(desk) {
    const { api } = desk;
    const busy = new Set();

    /** Runs one decision; the message leaves the list once the server has agreed. */
    const decide = async (v, call, done) => {
        if (busy.has(v.id)) return;
        busy.add(v.id);
        desk.undo.clear(); // "z" means the last decision, and this is it
        try {
            done(await call(v.feedback.id));
            leave(desk, [v.id]);
            desk.recount();
        } catch (err) {
            desk.host.toast.error(sentence(err));
            desk.list?.reload?.();
        } finally {
            busy.delete(v.id);
        }
    };
    const back = (v, rule) => ({ title: tr("undo.undecide.why"), run: () => undecide(desk, v, rule) });

    return {
        /** @param {"case"|"new"} [into] of a mail that answers a case; it goes there unless said otherwise */
        release: (v, into = v.for_case ? "case" : "") => v.case ? openCase(desk, v) : decide(v, (id) => api.release(id, into), (answer) => into == "case" ? joined(desk, answer) : desk.undo.offer(released(answer), {
            title: tr("undo.spam.why"),
            run: async () => {
                await api.caseSpam(answer.case);
                desk.recount();
                return tr("undo.spam.done");
            },
        })),
        spam: (v) => decide(v, api.confirmSpam, () => desk.undo.offer(tr("held.spammed"), back(v))),
        /** What a rule would have kept out lately; nothing is decided yet. */
        wouldBlock: (v, choice) => api.block(v.feedback.id, { ...choice, check: true }),
        /** Gives the server's error back, so that the panel which asked can say it. */
        block: async (v, choice) => {
            const rule = await api.block(v.feedback.id, choice);
            leave(desk, [v.id]);
            desk.recount();
            desk.undo.offer(tr("block.done", { value: rule.value || "" }), back(v, rule));
        },
    };
}

const released = (answer) => answer?.number ? tr("held.released.number", { number: answer.number }) : tr("held.released");

/** It stands on somebody else's case now: that is not closed as spam by a slip. */
const joined = (desk, { case: id, number }) =>
    desk.undo.offer(tr("held.joined", { number }), {
        label: tr("held.opencase"),
        icon: "arrow-right-line",
        leads: true,
        run: async () => {
            desk.go({ kind: "c", id, queue: "open" });
            return tr("held.joined", { number });
        },
    });

/** A blocked message that had become a case is let in there, by saying that it is not spam. */
function openCase(desk, v) {
    desk.go({ kind: "c", id: v.case });
    desk.host.toast.info(tr("held.iscase"));
}

/**
 * The way back from spam: the message waits again, and a rule that was made with
 * it goes; one that stood before stays. Its files went at once.
 */
async function undecide(desk, v, rule) {
    await desk.api.undecide(v.feedback.id);
    desk.list?.reload?.();
    desk.recount();
    const said = [tr("undo.undecide.done")];
    if (v.feedback.files?.length) said.push(tr("undo.undecide.files"));
    if (rule && !(rule.made && await removed(desk, rule.rule))) said.push(tr("block.rulestays"));
    return said.join(" ");
}

const removed = (desk, ruleID) => desk.api.remove("block_rules", ruleID).then(() => true, () => false);

/** Takes messages off the list; when the open one is among them the next one opens. */
export function leave(desk, ids) {
    const { list, place } = desk;
    const open = ids.includes(place.id);
    const next = open ? list?.after?.(place.id, ids) || "" : "";
    ids.forEach((id) => list?.drop?.(id));
    if (!open) return;
    // on a phone one goes back to the list after the last one
    desk.go(next ? { kind: "v", id: next } : { kind: "", id: "" }, true);
    if (next) requestAnimationFrame(() => list?.show?.(next));
}
