// One case: its header, conversation, composer and what is known beside it.
import { tr } from "../lib/i18n.js";
import { box, button, failed, keyed, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { caseHeader } from "./header.js";
import { conversation } from "./conversation.js";
import { composer } from "./composer.js";
import { visitorCard } from "./visitor.js";
import { facts } from "./facts.js";
import { signalsCard } from "./signals.js";
import { timeline } from "./timeline.js";
import { reachBar } from "./reach.js";
import { canBeSpam, markSpam, spamBar } from "./spamcase.js";

/**
 * @typedef {Object} CaseView what the parts of a case share
 * @property {string} id
 * @property {{data: import("../lib/dom.js").Box, phase: string, error: string, side: boolean}} s
 * @property {() => Object} get the latest answer of GET /api/desk/cases/{id}
 * @property {(fields: Object) => Promise<boolean>} change saves facts; false when it was refused
 * @property {() => Promise<void>} reload
 */

/** @param {import("./page.js").Desk} desk @param {string} id */
export function caseView(desk, id) {
    const s = store({ data: null, phase: "loading", error: "", side: false });
    let off, turn = 0;

    /** @type {CaseView} */
    const view = {
        id,
        s,
        get: () => s.data?.value,
        async reload() {
            const mine = ++turn;
            try {
                const data = await desk.api.case(id);
                if (mine != turn) return;
                s.data = box(data);
                s.phase = "ready";
                desk.host.title(`#${data.case.number} ${data.case.subject || ""}`.trim());
            } catch (err) {
                if (mine != turn) return;
                if (s.data && err?.status != 404) return; // what is on the screen stays readable
                s.error = err?.status == 404 ? tr("case.gone") : sentence(err);
                s.phase = "error";
            }
        },
        change: (fields) => change(desk, view, fields),
    };

    const retry = () => {
        s.phase = "loading";
        view.reload();
    };
    return t.div(
        {
            className: "pd-case",
            onmount: () => {
                view.reload();
                desk.news.seen(id);
                off = desk.live.on((changes, all) => {
                    const ours = (c) => (c.collection == "cases" && c.record.id == id) || (c.collection == "messages" && c.record.case == id);
                    if (all || changes.some(ours)) view.reload();
                });
            },
            onunmount: () => off?.(),
        },
        keyed(() => s.phase, (phase) => {
            if (phase == "error") return t.div({ className: "pd-case-wait" }, backButton(desk), failed(s.error, retry));
            if (phase == "loading") return t.div({ className: "pd-case-wait" }, backButton(desk), skeleton(5, "is-case"));
            return caseBody(desk, view);
        }),
    );
}

export const backButton = (desk) =>
    button({
        icon: "arrow-left-line",
        title: tr("action.back"),
        kind: "quiet square back",
        run: () => desk.go({ kind: "", id: "" }),
    });

function caseBody(desk, view) {
    const write = composer(desk, view);
    desk.view = {
        id: view.id,
        reply: () => write.focus("reply"),
        note: () => write.focus("note"),
        call: () => write.focus("call"),
        text: () => write.focus("sms"),
        restore: write.restore,
        reload: view.reload,
        keys: { "#": () => canBeSpam(view.get()) && markSpam(desk, view), c: () => write.focus("call") },
    };
    return t.div(
        { className: () => "pd-case-body" + (view.s.side ? " has-side" : "") },
        caseHeader(desk, view),
        () => spamBar(desk, view),
        () => reachBar(desk, view),
        t.div(
            { className: "pd-case-main" },
            t.div({ className: "pd-talk" }, conversation(desk, view), write.el),
            t.aside(
                { className: "pd-side", ariaLabel: tr("side.label") },
                button({ icon: "close-line", title: tr("action.close"), kind: "quiet square side-close", run: () => (view.s.side = false) }),
                facts(desk, view),
                visitorCard(desk, view),
                signalsCard(view),
                timeline(desk, view),
            ),
        ),
    );
}

/** Saves facts of a case under the version that the agent saw. */
async function change(desk, view, fields) {
    const before = view.get();
    try {
        const record = await desk.api.changeCase(view.id, fields, before.case.version);
        // the next change may come before the reload: it needs this version
        view.s.data = box({ ...view.get(), case: { ...view.get().case, ...fields, version: record.version ?? before.case.version, status: record.status ?? before.case.status } });
        view.reload();
        return true;
    } catch (err) {
        if (err?.status == 409) {
            await view.reload();
            const who = view.get().events?.findLast((e) => e.actor_name)?.actor_name;
            desk.host.toast.info(who ? tr("case.conflict", { who }) : tr("case.conflict.someone"));
        } else {
            desk.host.toast.error(sentence(err));
            view.s.data = box(view.get()); // the controls go back to what is saved
        }
        return false;
    }
}
