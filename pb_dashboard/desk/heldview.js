// One held message, whole, with the reasons: to let in, or to keep out.
import { tr, words as loadWords } from "../lib/i18n.js";
import { action, box, button, chip, empty, failed, icon, skeleton } from "../lib/dom.js";
import { linked } from "../lib/text.js";
import { when } from "../lib/time.js";
import { blockPanel, selectedIn } from "./block.js";
import { backButton } from "./case.js";
import { fileList } from "./files.js";
import { decidedBy, senderName } from "./heldrow.js";
import { localeName, sourceName } from "./labels.js";
import { scoreChip } from "./score.js";
import { network, scoreLine, signalList } from "./signals.js";

await loadWords("desk", "held", "mail", "side");

/** It comes from the list, which is fetched when the URL was opened directly. */
export function heldView(desk, id) {
    const s = store({ phase: "loading", error: "", item: null });
    let w;
    const find = () => {
        const list = desk.heldReady.list.value;
        if (!list) return;
        const { phase, error, rows } = list.s;
        const item = rows.value.find((v) => v.id == id);
        if (item) {
            if (JSON.stringify(item) != JSON.stringify(s.item?.value)) s.item = box(item);
            s.phase = "ready";
        } else if (phase == "ready" && s.phase != "ready") {
            s.phase = "gone";
        } else if (phase == "error") {
            s.error = error;
            s.phase = "error";
        }
    };
    return t.div(
        {
            className: "pd-case pd-held",
            onmount: () => (w = watch(() => [desk.heldReady.list.value?.s.phase, desk.heldReady.list.value?.s.rows], find)),
            onunmount: () => w?.unwatch(),
        },
        () => {
            if (s.phase == "loading") return t.div({ className: "pd-case-wait" }, backButton(desk), skeleton(4, "is-case"));
            if (s.phase == "gone") return t.div({ className: "pd-case-wait" }, backButton(desk), empty("shield-check-line", tr("held.gone"), tr("held.gone.hint")));
            if (s.phase == "error") return failed(s.error, () => desk.list?.reload());
            return heldBody(desk, s.item.value);
        },
    );
}

function heldBody(desk, v) {
    const f = v.feedback || {};
    const waits = v.outcome != "blocked";
    const words = t.div({ className: "pd-text", lang: f.locale || undefined }, linked(f.message));
    desk.view = { selected: () => selectedIn(words), keys: v.for_case && waits ? { e: () => desk.decide.release(v, "case") } : {} };
    return t.div(
        { className: "pd-case-body" },
        t.header(
            { className: "pd-case-head" },
            t.div(
                { className: "pd-case-title" },
                backButton(desk),
                t.h1({ lang: f.locale || undefined }, f.subject || tr("held.nosubject")),
                t.div({ className: "pd-case-actions" }, waits ? keepOut(desk, v, words) : null, letIn(desk, v)),
            ),
            t.div(
                { className: "pd-case-line" },
                v.for_case ? null : scoreChip(v),
                waits ? null : chip(decidedBy(desk, v), "plain", "", "forbid-line"),
                t.span({ className: "pd-case-who" }, icon("user-line"), t.span({ lang: f.locale || undefined }, senderName(f))),
                t.span({ className: "pd-hint" }, when(v.created)),
            ),
        ),
        t.div(
            { className: "pd-held-scroll" },
            v.for_case ? answersCase(desk, v) : null,
            t.article(
                { className: "pd-msg is-in" },
                t.div(
                    { className: "pd-msg-body" },
                    t.dl({ className: "pd-about" }, facts(desk, f).map(([k, x]) => [t.dt({}, k), t.dd({}, x)])),
                    words,
                    f.files?.length ? fileList(desk, f.files) : null,
                ),
            ),
            t.section(
                { className: "pd-card" },
                t.h3({}, tr(waits ? "held.why" : "held.why.blocked")),
                v.for_case ? null : scoreLine(desk, v), // it waits for another reason
                signalList(v.signals),
                network(v),
            ),
        ),
    );
}

/** Whose case it answers, and why it did not go there by itself. */
const answersCase = (desk, v) =>
    t.section(
        { className: "pd-held-for" },
        icon("user-shared-line"),
        t.div(
            {},
            t.strong({}, tr("held.for.title", { number: v.for_case.number })),
            t.p({}, tr("held.for.why", { who: senderName(v.feedback) })),
            t.a(
                { href: desk.link({ kind: "c", id: v.for_case.id, queue: "open" }), onclick: (e) => e.metaKey || e.ctrlKey || e.shiftKey || (e.preventDefault(), desk.go({ kind: "c", id: v.for_case.id, queue: "open" })) },
                `#${v.for_case.number} ${v.for_case.subject || tr("case.nosubject")}`,
            ),
        ),
    );

const keepOut = (desk, v, words) => [
    button({
        label: tr("held.block"),
        icon: "forbid-line",
        title: tr("held.block.why"),
        kind: "held-block",
        hint: "b",
        run: (e) => blockPanel(desk, e.currentTarget, { messages: [v], phrase: selectedIn(words), check: (choice) => desk.decide.wouldBlock(v, choice), block: (choice) => desk.decide.block(v, choice) }),
    }),
    action({ label: tr("held.spam"), icon: "spam-2-line", title: tr("held.spam.why"), hint: "#", run: () => desk.decide.spam(v) }),
];

/** One that was a case is let in there, with all that belongs to it. */
const letIn = (desk, v) => v.for_case && v.outcome != "blocked"
    ? [
        action({ label: tr("held.into.new"), icon: "folder-add-line", title: tr("held.into.new.why"), run: () => desk.decide.release(v, "new") }),
        action({ label: tr("held.into.case"), icon: "chat-upload-line", kind: "primary", title: tr("held.into.case.why", { number: v.for_case.number }), hint: "e", run: () => desk.decide.release(v, "case") }),
    ]
    : v.case
    ? button({ label: tr("held.opencase"), icon: "inbox-unarchive-line", kind: "primary", title: tr("held.iscase"), hint: "e", run: () => desk.decide.release(v) })
    : action({ label: tr("held.release"), icon: "door-open-line", kind: "primary", title: tr("held.release.why"), hint: "e", run: () => desk.decide.release(v) });

const facts = (desk, f) =>
    [
        [tr("person.email"), f.email],
        [tr("person.phone"), f.phone],
        [tr("visitor.order"), f.order_no],
        [tr("fact.category"), desk.names.category(f.category)],
        [tr("fact.locale"), f.locale && localeName(f.locale)],
        [tr("held.source"), f.source && sourceName(f.source)],
    ].filter(([, x]) => x);
