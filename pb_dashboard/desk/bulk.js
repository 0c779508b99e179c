// Deciding about many held messages at once: what is ticked, how far it has
// come, and what could not be decided.
import { tr, words } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { leave } from "./decide.js";
import { blockPanel } from "./block.js";
import { senderName } from "./heldrow.js";

await words("desk", "held");

const step = 25; // messages a request, so that the progress moves

/**
 * @param {import("./page.js").Desk} desk
 * @param {{marks: ReturnType<typeof import("./marks.js").marks>, outcome: string}} o
 */
export function bulk(desk, { marks, outcome }) {
    const s = store({ done: 0, of: 0, failed: box([]) });

    async function run(action, more = {}) {
        const all = marks.list();
        if (!all.length || s.of) return;
        const byFeedback = new Map(all.map((v) => [v.feedback.id, v]));
        const ids = [...byFeedback.keys()];
        Object.assign(s, { done: 0, of: ids.length, failed: box([]) });
        const done = [], failed = [], cases = {};
        for (let i = 0; i < ids.length; i += step) {
            const part = ids.slice(i, i + step);
            try {
                const answer = await desk.api.bulk({ ids: part, action, ...more });
                done.push(...(answer.done || []));
                failed.push(...(answer.failed || []));
                Object.assign(cases, answer.cases);
            } catch (err) {
                failed.push(...part.map((id) => ({ id, message: sentence(err) })));
            }
            s.done = Math.min(ids.length, i + step);
        }
        // a mail that went to a case which it answers is no case of its own
        const own = Object.entries(cases).filter(([id]) => !byFeedback.get(id)?.for_case).map(([, c]) => c);
        finish(action, byFeedback, { done, failed, cases: own });
    }

    function finish(action, byFeedback, { done, failed, cases }) {
        s.of = 0;
        s.failed = box(failed.map((f) => ({ ...f, who: senderName(byFeedback.get(f.id)?.feedback) })));
        marks.keep(failed.map((f) => byFeedback.get(f.id)?.id));
        leave(desk, done.map((id) => byFeedback.get(id)?.id).filter(Boolean));
        desk.recount();
        if (!done.length) return;
        desk.undo.offer(tr("bulk.done." + action, { n: done.length }), action != "release" ? again.release(done) : cases.length ? again.spam(cases) : undefined);
    }

    /** What takes a decision back. A message that was let in is a case, and closed as one. */
    const again = {
        spam: (cases) => ({
            title: tr("undo.spam.why"),
            run: () => back("bulk.done.spam", cases, 1, async ([id]) => {
                await desk.api.caseSpam(id);
                return 1;
            }),
        }),
        release: (ids) => ({
            label: tr(ids.length > 1 ? "undo.release.many" : "undo.release"),
            title: tr("undo.release.why"),
            run: () => back("bulk.done.release", ids, step, async (part) => (await desk.api.bulk({ ids: part, action: "release" })).done?.length || 0),
        }),
    };

    /** Goes through the ids in parts; one that fails keeps none of the others back. */
    async function back(said, ids, size, some) {
        let n = 0, fault;
        for (let i = 0; i < ids.length; i += size) {
            try {
                n += await some(ids.slice(i, i + size));
            } catch (err) {
                fault = err;
            }
        }
        desk.list?.reload?.();
        desk.recount();
        if (fault && !n) throw fault;
        return tr(said, { n });
    }

    const acts = {
        async release() {
            const n = marks.list().length;
            // every release opens a case and writes to somebody
            if (n > 1 && !(await desk.host.confirm(tr("bulk.release.sure", { n }), { yes: tr("held.release"), no: tr("action.cancel") }))) return;
            return run("release");
        },
        spam: () => outcome == "blocked" ? undefined : run("confirm"),
        block: (anchor) => blockPanel(desk, anchor || document.querySelector(".pd-bulk"), { messages: marks.list(), block: (choice) => run("block", choice) }),
    };

    const bar = () => {
        if (s.of) {
            return t.div(
                { rid: "progress", className: "pd-bulk", role: "status" },
                t.span({}, tr("bulk.progress", { done: s.done, of: s.of })),
                t.progress({ max: s.of, value: () => s.done }),
            );
        }
        const n = marks.s.ids.value.size;
        if (!n) return null;
        return t.div(
            { rid: "bulk" + n, className: "pd-bulk" },
            t.div(
                { className: "pd-bulk-count" },
                t.strong({}, tr("bulk.selected", { n })),
                button({ icon: "close-line", title: tr("bulk.none"), kind: "quiet square small", run: () => marks.all(false) }),
            ),
            t.div(
                { className: "pd-bulk-acts" },
                button({ label: tr("held.release"), icon: "door-open-line", kind: "small", hint: "e", run: acts.release }),
                outcome == "blocked" ? null : button({ label: tr("held.spam"), icon: "spam-2-line", kind: "small", hint: "#", run: acts.spam }),
                outcome == "blocked" ? null : button({ label: tr("held.block"), icon: "forbid-line", kind: "small", hint: "b", run: (e) => acts.block(e.currentTarget) }),
            ),
        );
    };
    const failures = () => {
        const list = s.failed.value;
        if (!list.length) return null;
        return t.div(
            { rid: "failed" + list.map((f) => f.id), className: "pd-bulk-failed", role: "alert" },
            t.p({}, icon("error-warning-line"), tr("bulk.failed", { n: list.length })),
            t.ul({}, list.map((f) => t.li({}, t.strong({}, f.who), " ", f.message))),
            button({ label: tr("action.close"), kind: "quiet small", run: () => (s.failed = box([])) }),
        );
    };
    return { ...acts, el: t.div({ className: "pd-bulk-frame" }, bar, failures) };
}
