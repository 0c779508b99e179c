// Messages that screening held: a list with the heaviest reasons, and one of
// them whole, to let in or to confirm as spam.
import { tr } from "../lib/i18n.js";
import { action, box, chip, empty, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { linked } from "../lib/text.js";
import { brief, when } from "../lib/time.js";
import { backButton } from "./case.js";
import { fileList } from "./files.js";
import { mover } from "./keys.js";
import { localeName, signalSentence, sourceName } from "./labels.js";
import { paged, moreMark } from "./paged.js";
import { network, scoreChip, signalList } from "./signals.js";

const who = (f) => f?.name || f?.email || f?.phone || tr("person.unnamed");

/** @param {import("./page.js").Desk} desk */
export function heldList(desk) {
    const list = paged((cursor) => desk.api.quarantine(cursor));
    const { s } = list;
    let body, off;
    const after = (id) => {
        const rows = s.rows.value, i = rows.findIndex((r) => r.id == id);
        return (rows[i + 1] || rows[i - 1])?.id || "";
    };
    return t.div(
        {
            className: "pd-list",
            onmount: () => {
                list.restart();
                off = desk.live.on((changes, all) => (all || changes.some((c) => c.collection == "verdicts")) && list.refresh());
                desk.list = { move: mover(() => body, ".pd-row"), after, reload: list.refresh, drop: list.drop, held: () => s.rows.value, s };
                desk.heldReady.list = box(desk.list); // a store inside a store would lose its watchers
            },
            onunmount: () => {
                off?.();
                desk.heldReady.list = box(null);
            },
        },
        t.header(
            { className: "pd-list-head" },
            t.div(
                { className: "pd-list-title" },
                t.h2({}, tr("queue.quarantine")),
                () => t.span({ className: "pd-count" }, s.rows.value.length + (s.next ? "+" : "")),
            ),
            t.p({ className: "pd-hint" }, tr("held.explained")),
        ),
        (body = t.div(
            { className: "pd-rows", ariaBusy: () => s.phase == "loading" },
            () => {
                if (s.phase == "loading") return skeleton(6);
                if (s.phase == "error") return failed(s.error, list.restart);
                if (!s.rows.value.length) return empty("shield-check-line", tr("queue.empty.quarantine"), tr("queue.empty.hint.quarantine"));
                return s.rows.value.map((v) => heldRow(desk, v));
            },
            () => s.phase == "ready" || s.phase == "more" ? moreMark(list, tr("list.more")) : null,
        )),
    );
}

function heldRow(desk, v) {
    const f = v.feedback || {};
    const to = { kind: "v", id: v.id, queue: "quarantine" };
    const top = [...(v.signals || [])].sort((a, b) => b.weight - a.weight).filter((x) => x.weight > 0).slice(0, 2);
    return t.a(
        {
            rid: v.id,
            href: () => desk.link(to),
            className: () => "pd-row" + (desk.place.id == v.id ? " is-active" : ""),
            ariaCurrent: () => desk.place.id == v.id ? "true" : undefined,
            onclick: (e) => {
                if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                e.preventDefault();
                desk.go(to);
            },
        },
        t.div(
            { className: "pd-row-top" },
            t.span({ className: "pd-row-who", lang: f.locale || undefined }, who(f)),
            t.span({ className: "pd-row-time" }, when(v.created, brief)),
        ),
        t.div({ className: "pd-row-subject", lang: f.locale || undefined }, f.subject || (f.message || "").slice(0, 120)),
        t.ul({ className: "pd-row-reasons" }, top.map((sig) => t.li({}, signalSentence(sig)))),
        t.div({ className: "pd-row-chips" }, scoreChip(v), f.locale ? chip(localeName(f.locale)) : null),
    );
}

/** One held message. It comes from the list, which is fetched when the URL was opened directly. */
export function heldView(desk, id) {
    const s = store({ phase: "loading", error: "", item: null });
    let w;
    const find = () => {
        const list = desk.heldReady.list.value;
        if (!list) return;
        const { phase, error, rows } = list.s;
        const item = rows.value.find((v) => v.id == id);
        if (item) {
            s.item = box(item);
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
    const decide = (call, done) => async () => {
        try {
            const answer = await call(f.id);
            done(answer);
            const next = desk.list?.after?.(v.id) || "";
            desk.list?.drop?.(v.id);
            desk.go(next ? { kind: "v", id: next } : { kind: "", id: "" }, true);
            desk.recount();
        } catch (err) {
            desk.host.toast.error(sentence(err));
            desk.list?.reload();
        }
    };
    const facts = [[tr("person.email"), f.email], [tr("person.phone"), f.phone], [tr("visitor.order"), f.order_no], [tr("fact.category"), desk.names.category(f.category)], [tr("fact.locale"), f.locale && localeName(f.locale)], [tr("held.source"), f.source && sourceName(f.source)]].filter(([, x]) => x);
    return t.div(
        { className: "pd-case-body" },
        t.header(
            { className: "pd-case-head" },
            t.div(
                { className: "pd-case-title" },
                backButton(desk),
                t.h1({ lang: f.locale || undefined }, f.subject || tr("held.nosubject")),
                t.div(
                    { className: "pd-case-actions" },
                    action({ label: tr("held.spam"), icon: "spam-2-line", title: tr("held.spam.why"), run: decide(desk.api.confirmSpam, () => desk.host.toast.ok(tr("held.spammed"))) }),
                    action({ label: tr("held.release"), icon: "door-open-line", kind: "primary", title: tr("held.release.why"), run: decide(desk.api.release, () => desk.host.toast.ok(tr("held.released"))) }),
                ),
            ),
            t.div(
                { className: "pd-case-line" },
                scoreChip(v),
                t.span({ className: "pd-case-who" }, icon("user-line"), t.span({ lang: f.locale || undefined }, who(f))),
                t.span({ className: "pd-hint" }, when(v.created)),
            ),
        ),
        t.div(
            { className: "pd-held-scroll" },
            t.article(
                { className: "pd-msg is-in" },
                t.div(
                    { className: "pd-msg-body" },
                    t.dl({ className: "pd-about" }, facts.map(([k, x]) => [t.dt({}, k), t.dd({}, x)])),
                    t.div({ className: "pd-text", lang: f.locale || undefined }, linked(f.message)),
                    f.files?.length ? fileList(desk, f.files) : null,
                ),
            ),
            t.section({ className: "pd-card" }, t.h3({}, tr("held.why")), signalList(v.signals), network(v)),
        ),
    );
}
