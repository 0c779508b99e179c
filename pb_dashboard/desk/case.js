// One case: its header, conversation, composer and what is known beside it.
import { tr } from "../lib/i18n.js";
import { box, button, failed, keyed, skeleton } from "../lib/dom.js";
import { calmLine } from "../lib/calm.js";
import { lazy, whenSeen } from "../lib/lazy.js";
import { sentence } from "../lib/api.js";
import { canBeSpam, caseHeader, spamMark } from "./header.js";
import { conversation } from "./conversation.js";
import { composer } from "./composer.js";

/**
 * @typedef {Object} CaseView what the parts of a case share
 * @property {string} id
 * @property {{data: import("../lib/dom.js").Box, phase: string, error: string, side: boolean}} s
 * @property {() => Object} get the latest answer of GET /api/desk/cases/{id}
 * @property {(fields: Object) => Promise<boolean>} change saves facts; false when it was refused
 * @property {() => Promise<void>} earlier puts the messages before those on the screen there
 * @property {string} shown the latest message that was on the screen
 * @property {string} seenAt up to when the person had read the case as it was opened
 * @property {() => Promise<void>} reload
 */

/** @param {import("./page.js").Desk} desk @param {string} id */
export function caseView(desk, id) {
    const s = store({ data: null, phase: "loading", error: "", side: false, conflict: box(null) });
    let off, turn = 0;

    /** @type {CaseView} */
    const view = {
        id,
        s,
        get: () => s.data?.value,
        shown: "",
        async reload() {
            if (s.phase == "left") return;
            const mine = ++turn;
            try {
                const data = await desk.api.case(id);
                if (mine != turn) return;
                view.seenAt ??= data.seen_at;
                s.data = box(withEarlier(s.data?.value, data));
                s.phase = "ready";
                desk.reads.seen(id, data.case.last_in_at);
                desk.host.title(`#${data.case.number} ${calmLine(data.case.subject)}`.trim());
            } catch (err) {
                if (mine != turn) return;
                if (s.data && err?.status != 404) return; // what is on the screen stays readable
                if (err?.status == 404) desk.presence.left(id);
                if (s.data) return leave(false, "case.gone");
                s.error = err?.status == 404 ? tr("case.gone") : sentence(err);
                s.phase = "error";
            }
        },
        change: (fields) => change(desk, view, fields),
        async earlier() {
            const part = await desk.api.earlier(id, view.get().messages[0].id);
            const had = view.get(), known = new Set(had.messages.map((m) => m.id));
            s.data = box({ ...had, messages: [...part.items.filter((m) => !known.has(m.id)), ...had.messages], earlier: part.earlier });
        },
    };

    /** The case is no longer this person's to see, or perhaps not: nothing of it stays on the screen. */
    const leave = (perhaps, why = "case.left") => {
        desk.view = null;
        turn++; // what is on its way is too late
        s.phase = perhaps ? "loading" : "left";
        if (perhaps) return view.reload();
        desk.presence.left(id);
        desk.host.toast.info(tr(why));
        if (desk.place.kind == "c" && desk.place.id == id) desk.go({ kind: "", id: "" }, true);
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
                desk.notices.opened(id);
                off = desk.live.on((changes, all) => {
                    const left = changes.find((c) => c.action == "left" && (c.record.id == id || c.record.id == "*"));
                    if (left) return leave(left.record.id == "*");
                    const ours = (c) => (c.collection == "cases" && c.record.id == id) || (c.collection == "messages" && c.record.case == id);
                    if (all || changes.some(ours)) view.reload();
                });
            },
            onunmount: () => off?.(),
        },
        keyed(() => s.phase, (phase) => {
            if (phase == "error") return t.div({ className: "pd-case-wait" }, backButton(desk), failed(s.error, retry));
            if (phase == "loading" || phase == "left") return t.div({ className: "pd-case-wait" }, backButton(desk), skeleton(5, "is-case"));
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
    let root;
    desk.view = {
        id: view.id,
        get: view.get,
        reply: () => write.focus("reply"),
        note: () => write.focus("note"),
        call: () => write.focus("call"),
        sms: () => write.focus("sms"),
        text: () => write.focus("sms"),
        templates: () => write.pick(),
        ask: write.ask,
        ...Object.fromEntries(["checklist", "assign", "team", "category", "status", "priority", "tags"].map((name) => [name, () => import("./verbs.js").then((m) => m.caseVerbs(view, () => root)[name]())])),
        remind: () => import("./remind.js").then((m) => m.remind(desk, view, headButton(root), { snooze: false })),
        snooze: () => import("./remind.js").then((m) => m.remind(desk, view, headButton(root), { snooze: true })),
        promise: (anchor) => import("./promiseform.js").then((m) => m.promiseMenu(desk, view, anchor || headButton(root))),
        merge: (kind = "case") => import("./visitor.js").then((m) => m.openMerge(desk, view, { kind })),
        restore: write.restore,
        reload: view.reload,
        keys: { "#": () => canBeSpam(view.get()) && import("./spamcase.js").then((m) => m.markSpam(desk, view)), c: () => write.focus("call") },
    };
    const conflict = lazy(() => import("./conflict.js"), (m) => t.div({ rid: "conflict" }, keyed(() => view.s.conflict.value?.n, (n) => n && m.conflictBar(desk, view, view.s.conflict.value))));
    const joined = lazy(() => import("./mergedbar.js"), (m) => m.mergedBar(desk, view));
    const bar = (load, name) => lazy(load, (m) => t.div({ rid: name }, () => m[name](desk, view)));
    const spam = bar(() => import("./spamcase.js"), "spamBar");
    const reach = bar(() => import("./reach.js"), "reachBar");
    const reminder = bar(() => import("./followup.js"), "reminderBar");
    const asked = lazy(() => import("./escalate.js"), (m) => m.escalationBar(desk, view));
    return root = t.div(
        { className: () => "pd-case-body" + (view.s.side ? " has-side" : "") + (view.get().merged ? " is-merged" : "") },
        caseHeader(desk, view),
        () => view.s.conflict.value ? conflict() : null,
        () => spamMark(view.get()) ? spam() : null,
        () => view.get().merged || view.get().merges?.length ? joined() : null,
        () => undeliverable(view.get()) ? reach() : null,
        () => view.get().events?.some((e) => /^(escal|track)/.test(e.kind)) ? asked() : null,
        () => view.get().case.reminded_at && view.get().case.follow_up_at ? reminder() : null,
        t.div(
            { className: "pd-case-main" },
            t.div({ className: "pd-talk" }, conversation(desk, view), write.el),
            t.aside(
                { className: "pd-side", ariaLabel: tr("side.label") },
                button({ icon: "close-line", title: tr("action.close"), kind: "quiet square side-close", run: () => (view.s.side = false) }),
                whenSeen(() => import("./side.js"), (m) => m.side(desk, view)),
            ),
        ),
    );
}

/** Mail to the address that we answer to comes back. */
const undeliverable = (data) => (data.contact?.identities || []).some((i) => i.kind == "email" && i.value == data.reply_to && i.state == "undeliverable");

/** Beside what menus open that a key asked for. */
const headButton = (root) => root?.querySelector(".pd-case-actions button") || document.body;

/** The latest answer, with the earlier messages that are on the screen already. */
function withEarlier(had, data) {
    const from = data.messages[0], fresh = new Set(data.messages.map((m) => m.id));
    const before = from ? (had?.messages || []).filter((m) => !fresh.has(m.id) && m.created < from.created).slice(-2000) : [];
    return before.length ? { ...data, messages: [...before, ...data.messages], earlier: Math.max(0, data.earlier - before.length) } : data;
}

/** Saves facts of a case under the version that the agent saw. */
async function change(desk, view, fields) {
    const before = view.get();
    try {
        const record = await desk.api.changeCase(view.id, fields, before.case.version);
        // the next change may come before the reload: it needs this version
        view.s.data = box({ ...view.get(), case: { ...view.get().case, ...fields, version: record.version ?? before.case.version, status: record.status ?? before.case.status } });
        view.s.conflict = box(null);
        view.reload();
        return true;
    } catch (err) {
        if (err?.status == 409) return (await import("./conflict.js")).collided(desk, view, { fields, version: before.case.version, changed: err.response?.data?.changed || [], change: (again) => change(desk, view, again) });
        desk.host.toast.error(sentence(err));
        view.s.data = box(view.get()); // the controls go back to what is saved
        return false;
    }
}
