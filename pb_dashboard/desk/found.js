// What a search found, in place of the queue's rows: cases with the places where
// the words stand, the best and newest first.
import { colon, language, tr, trOr, words } from "../lib/i18n.js";
import { box, button, empty, failed, icon, skeleton } from "../lib/dom.js";
import { brief, when } from "../lib/time.js";
import { paged, moreMark } from "./paged.js";
import { filters } from "./route.js";
import { caseRow } from "./row.js";
import { mover } from "./keys.js";
import { queueName } from "./queues.js";

await words("rare", "search");

const icons = {
    in: "chat-1-line", out: "reply-line", note: "sticky-note-line", file: "attachment-2", subject: "text", summary: "text", tag: "price-tag-3-line",
    order: "shopping-bag-3-line", receipt: "coupon-3-line", name: "user-3-line", email: "mail-line", phone: "phone-line", member: "vip-crown-line",
};

/** @param {import("./page.js").Desk} desk */
export function foundList(desk) {
    const { place, api } = desk;
    const s = store({ about: box(null) });
    const query = () => {
        const here = place.scope == "here";
        const all = ["q", ...(here ? ["queue", "unread", ...filters] : [])];
        return Object.fromEntries(all.filter((f) => place[f]).map((f) => [f, place[f]]));
    };
    const list = paged(async (cursor) => {
        const left = Date.now();
        const page = await api.search({ ...query(), cursor, limit: 20 });
        desk.reads?.fetched(left);
        s.about = box(page);
        return page;
    });
    let w, landing, off, body, before;
    const move = mover(() => body, ".pd-row");
    /** After Enter the first that was found has the focus, unless it went elsewhere meanwhile. */
    const land = () => {
        if (list.s.phase != "ready" || !desk.toHits || desk.toHits != place.q) return;
        desk.toHits = "";
        requestAnimationFrame(() => document.activeElement?.matches(".pd-search-input") && body?.querySelector(".pd-row")?.focus());
    };
    const el = t.div(
        {
            className: "pd-hitlist",
            onmount: () => {
                list.restart();
                w = watch(() => JSON.stringify(query()), (now, then) => {
                    if (now == then || !place.q) return;
                    list.restart();
                    body?.scrollTo(0, 0);
                });
                landing = watch(() => list.s.phase, land);
                off = desk.live.on((changes) => {
                    for (const c of changes) if (c.action == "left") list.drop(c.record.id);
                    if (changes.some((c) => list.s.rows.value.some((r) => r.id == c.record?.id || r.id == c.record?.case))) list.refresh();
                });
                before = desk.list;
                const after = (id) => {
                    const rows = list.s.rows.value, i = rows.findIndex((r) => r.id == id);
                    return (rows[i + 1] || rows[i - 1])?.id;
                };
                desk.list = { ...before, move, land, after, reload: list.refresh };
            },
            onunmount: () => {
                w?.unwatch();
                landing?.unwatch();
                off?.();
                if (before) desk.list = before;
            },
        },
        scope(desk, list),
        () => notes(s.about.value),
        (body = t.div(
            { className: "pd-rows", ariaBusy: () => list.s.phase == "loading" },
            () => rows(desk, list, s.about.value),
            () => (list.s.phase == "ready" || list.s.phase == "more") ? moreMark(list, tr("list.more")) : null,
            () => ending(list, s.about.value),
        )),
    );
    return el;
}

function rows(desk, list, page) {
    if (list.s.phase == "loading") return skeleton(5);
    if (list.s.phase == "error") return failed(list.s.error, list.restart);
    const all = list.s.rows.value;
    if (all.length) return all.map((row) => found(desk, row));
    if (onlyUnknown(page?.understood)) return null; // the note above says it
    const here = desk.place.scope == "here";
    return empty("search-line", tr("list.nohits"), tr("search.nohits.hint"),
        here ? button({ label: tr("search.everywhere"), icon: "search-line", run: () => desk.go({ scope: "" }, true) }) : null);
}

/** Nothing of what was typed could be searched for. */
const onlyUnknown = (u) => u?.unknown.length && !u.words.length && !u.not.length && !u.filters.length;

/** All cases, or the queue that one came from. */
function scope(desk, list) {
    const { place, go } = desk;
    const choice = (value, label) =>
        t.button(
            { type: "button", className: () => "pd-scope" + (place.scope == value ? " is-on" : ""), ariaPressed: () => String(place.scope == value), onclick: () => go({ scope: value }, true) },
            label,
        );
    return t.div(
        { className: "pd-scopes", role: "group", ariaLabel: tr("search.scope") },
        choice("", tr("search.all")),
        () => place.queue != "all" ? choice("here", () => tr("search.here", { queue: queueName(desk, place.queue) })) : null,
        t.span({ className: "pd-row-fill" }),
        t.span({ className: "pd-scope-count", role: "status" }, () => (list.s.phase == "ready" && list.s.rows.value.length ? tr("search.count", { n: list.s.rows.value.length }) + (list.s.next ? "+" : "") : "")),
    );
}

/** What the asker should know of the answer. */
function notes(page) {
    const u = page?.understood;
    if (!u) return null;
    const said = [
        u.unknown.length ? tr("search.unknown", { what: u.unknown.join("  ") }) : "",
        u.cut ? tr("search.cut") : "",
        u.building?.state == "off" ? tr("search.off") : "",
        u.building?.state == "building" ? tr("search.building", { part: part(u.building) }) : "",
        page.timed_out ? tr("search.timedout") : "",
    ].filter(Boolean);
    return said.length ? t.div({ rid: said.join(), className: "pd-search-notes", role: "note" }, said.map((line) => t.p({}, icon("information-line"), t.bdi({}, line)))) : null;
}

const part = ({ done, total }) => new Intl.NumberFormat(language(), { style: "percent" }).format(total ? done / total : 0);

const ending = (list, page) =>
    list.s.phase == "ready" && !list.s.next && page?.more && list.s.rows.value.length ? t.p({ className: "pd-hint pd-search-end" }, tr("search.older")) : null;

/** One case with its hits. */
function found(desk, row) {
    return t.div(
        { rid: "found " + row.id + row.version + JSON.stringify(row.hits), className: "pd-hitcase" },
        caseRow(desk, { ...row, snippet: "", parts: [] }),
        row.hits?.length ? t.ul({ className: "pd-hits", ariaLabel: tr("search.hits") }, row.hits.map((hit) => hitLine(desk, row, hit))) : null,
    );
}

function hitLine(desk, row, hit) {
    const by = hit.author ? desk.names.agent(hit.author) : "";
    const what = trOr("search.kind." + hit.kind, hit.kind);
    return t.li(
        { className: "pd-hit is-" + hit.kind, onclick: () => desk.go({ kind: "c", id: row.id }) },
        t.span({ className: "pd-hit-kind", title: by ? what + colon() + by : what, role: "img", ariaLabel: by ? what + colon() + by : what }, icon(icons[hit.kind] || "text")),
        t.bdi({ className: "pd-hit-text", lang: row.locale || undefined }, hit.parts.map((p) => (p.hit ? t.mark({}, p.text) : p.text))),
        hit.message ? t.span({ className: "pd-row-time" }, when(hit.created, brief)) : null,
    );
}
