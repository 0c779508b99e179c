// What was promised to visitors: open, kept and broken, with the rate. Everyone
// sees his own, supervisors those of all.
import { language, tr, words } from "../lib/i18n.js";
import { box, button, chip, empty, failed, select, skeleton } from "../lib/dom.js";
import { calmLine } from "../lib/calm.js";
import { clock, exact, parse } from "../lib/time.js";
import { dated } from "../lib/zone.js";
import { paged, moreMark } from "./paged.js";

await words("later");

const states = ["open", "broken", "kept", "withdrawn"];
const tones = { open: "info", broken: "bad", kept: "ok", withdrawn: "plain" };
const percent = (rate) => (rate == null ? "–" : new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 }).format(rate));

/** @param {import("./page.js").Desk} desk */
export function promisesPane(desk) {
    const s = store({ state: "open", days: 30, who: "", report: box(null), ready: false });
    const list = paged((cursor) => desk.api.promises({ state: s.state, agent: s.who, cursor }));
    const count = async () => (s.report = box(await desk.api.promiseReport(s.days).catch(() => null)));
    let off, before;
    const restart = () => {
        list.restart();
        count();
    };
    return t.section(
        {
            className: "pd-outbox pd-promises",
            ariaLabel: () => (s.ready, tr("queue.promises")),
            onmount: async () => {
                await words("later");
                s.ready = true;
                restart();
                off = desk.live.on(() => (list.refresh(), count()));
                before = desk.list;
                desk.list = { move() {}, reload: list.refresh };
            },
            onunmount: () => {
                off?.();
                desk.list = before;
            },
        },
        () => s.ready ? t.div({ rid: "promises" }, head(desk, s, restart, count), t.div({ className: "pd-rows" }, rows(desk, s, list))) : skeleton(5),
    );
}

function head(desk, s, restart, count) {
    return t.header(
        { className: "pd-list-head" },
        t.div(
            { className: "pd-list-title" },
            button({ icon: "arrow-left-line", title: tr("action.back"), kind: "quiet square back", run: () => desk.go({ queue: "open" }) }),
            t.h2({}, tr("queue.promises")),
            t.span({ className: "pd-row-fill" }),
            select({ label: tr("promises.days"), value: String(s.days), options: [7, 30, 90, 365].map((n) => [String(n), tr("promises.last", { n })]), onchange: (v) => ((s.days = Number(v)), count()) }),
        ),
        t.p({ className: "pd-hint" }, tr("promises.explained")),
        () => tiles(s),
        () => table(desk, s, restart),
        t.div(
            { className: "pd-promise-tabs", role: "group", ariaLabel: tr("promises.which") },
            states.map((name) =>
                t.button(
                    {
                        type: "button",
                        className: () => "pd-tab" + (s.state == name ? " is-active" : ""),
                        ariaPressed: () => String(s.state == name),
                        onclick: () => {
                            s.state = name;
                            restart();
                        },
                    },
                    tr("promises." + name),
                )),
        ),
    );
}

function tiles(s) {
    const r = s.report.value;
    if (!r) return null;
    const tile = (label, value, tone = "") => t.div({ className: "pd-tile " + tone }, t.dt({}, label), t.dd({}, String(value)));
    return t.dl(
        { rid: JSON.stringify(r), className: "pd-promise-tiles" },
        tile(tr("promises.rate"), percent(r.rate)),
        tile(tr("promises.kept"), r.kept),
        tile(tr("promises.broken"), r.broken, r.broken ? "is-bad" : ""),
        tile(tr("promises.open"), r.open),
        tile(tr("promises.latenow"), r.late, r.late ? "is-bad" : ""),
    );
}

/** How it went by person, for those who see more than their own. */
function table(desk, s, restart) {
    const r = s.report.value;
    if (!r || desk.me.agent?.role == "agent" || !r.by_agent.length) return null;
    const pick = (id) => () => {
        s.who = s.who == id ? "" : id;
        restart();
    };
    return t.div(
        { rid: "by" + JSON.stringify(r.by_agent) + s.who, className: "pd-promise-table" },
        t.table(
            {},
            t.thead({}, t.tr({}, ["agent", "kept", "broken", "open", "rate"].map((k) => t.th({ scope: "col" }, tr("promises." + k))))),
            t.tbody(
                {},
                r.by_agent.map((a) =>
                    t.tr(
                        { className: s.who == a.id ? "is-active" : "" },
                        t.th({ scope: "row" }, t.button({ type: "button", className: "pd-btn pd-btn-quiet pd-btn-small", ariaPressed: String(s.who == a.id), onclick: pick(a.id) }, a.name || tr("none"))),
                        [a.kept, a.broken, a.open, percent(a.rate)].map((v) => t.td({}, String(v))),
                    )),
            ),
        ),
    );
}

function rows(desk, s, list) {
    return [
        () => {
            const p = list.s;
            if (p.phase == "loading") return skeleton(5);
            if (p.phase == "error") return failed(p.error, list.restart);
            if (!p.rows.value.length) return empty("shake-hands-line", tr("promises.none." + s.state), tr("promises.none.hint"));
            return p.rows.value.map((x) => line(desk, x));
        },
        () => list.s.phase == "ready" || list.s.phase == "more" ? moreMark(list, tr("list.more")) : null,
    ];
}

function line(desk, p) {
    const late = p.state == "open" && parse(p.due_at) < clock.now;
    const to = { kind: "c", id: p.case };
    return t.article(
        { rid: p.id + p.state + late, className: "pd-out" },
        t.div(
            { className: "pd-out-main" },
            t.div(
                { className: "pd-row-top" },
                chip(tr("promises.state." + p.state), tones[p.state]),
                t.time({ dateTime: parse(p.due_at)?.toISOString(), title: exact(p.due_at), className: late ? "is-late" : "" }, dated(p.due_at)),
                p.agent_name ? t.bdi({ className: "pd-hint" }, p.agent_name) : null,
            ),
            t.a(
                {
                    href: desk.link(to),
                    className: "pd-promise-case",
                    dir: "auto",
                    onclick: (e) => {
                        if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                        e.preventDefault();
                        desk.go(to);
                    },
                },
                `#${p.number} ${calmLine(p.subject || "") || tr("case.nosubject")}`,
            ),
            p.text ? t.p({ className: "pd-hint", dir: "auto" }, (language() == "en" ? "“%”" : "「%」").replace("%", () => calmLine(p.text))) : null,
        ),
    );
}
