// How screening does: what it let in, held and turned away, by which signs,
// what other limits would have done, and what it has learned.
import { tr, words } from "../lib/i18n.js";
import { box, button, failed, icon, keyed, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { dayChart } from "./chart.js";
import { learning } from "./learning.js";
import { replay } from "./replay.js";
import { signalTable } from "./signaltable.js";
import { tiles } from "./tiles.js";

await words("screening");

const spans = ["7", "30", "90"];
const again = 4000; // ms until numbers that are being counted are asked for once more

/** @param {import("../desk/page.js").Desk} desk */
export function screeningPane(desk) {
    const { place } = desk;
    const s = store({ data: null, error: "", loading: true });
    const days = () => (spans.includes(place.days) ? place.days : "7");
    let turn = 0, timer, off, w, before;

    const load = async (quiet) => {
        const mine = ++turn;
        clearTimeout(timer);
        if (!quiet) s.loading = true;
        try {
            const data = await desk.api.screening(days());
            if (mine != turn) return;
            if (data.thresholds) desk.limits.know(data.thresholds);
            s.data = box(data);
            s.error = "";
        } catch (err) {
            if (mine != turn) return;
            if (!quiet || !s.data) s.error = sentence(err);
        }
        s.loading = false;
        if (!s.error && s.data?.value.counting) timer = setTimeout(() => load(true), again);
    };
    return t.section(
        {
            className: "pd-screening",
            ariaLabel: tr("queue.screening"),
            onmount: () => {
                w = watch(days, () => load());
                off = desk.live.on((changes, all) => (all || changes.some((c) => c.collection == "verdicts")) && load(true));
                before = desk.list; // the covered list comes back with its keys
                desk.list = { move() {}, reload: () => load(true) };
            },
            onunmount: () => {
                turn++; // an answer on its way comes too late
                clearTimeout(timer);
                off?.();
                w?.unwatch();
                desk.list = before;
            },
        },
        t.header(
            { className: "pd-list-head pd-screening-head" },
            t.div(
                { className: "pd-list-title" },
                button({ icon: "arrow-left-line", title: tr("action.back"), kind: "quiet square back", run: () => desk.go({ queue: "open", days: "" }) }),
                t.h2({}, tr("queue.screening")),
                t.div({ className: "pd-segments", role: "group", ariaLabel: tr("screening.span") }, spans.map((n) => span(desk, days, n))),
                t.span({ className: "pd-row-fill" }),
                desk.me.can?.admin ? t.a({ href: "#/settings/desk/screening", className: "pd-btn pd-btn-quiet pd-btn-small", ariaLabel: tr("screening.settings") }, icon("settings-3-line"), t.span({}, tr("screening.settings"))) : null,
            ),
            t.p({ className: "pd-hint" }, tr("screening.explained")),
        ),
        t.div(
            { className: "pd-screening-body", ariaBusy: () => s.loading, tabIndex: 0, role: "region", ariaLabel: tr("queue.screening") },
            () => {
                if (s.error) return failed(s.error, () => load());
                if (!s.data) return skeleton(5, "is-case");
                return t.div(
                    { rid: "counts " + JSON.stringify(s.data.value), className: "pd-screening-counts" },
                    s.data.value.counting ? t.p({ className: "pd-notice", role: "status" }, icon("loader-4-line"), tr("screening.counting")) : null,
                    tiles(desk, s.data.value),
                    dayChart(desk, s.data.value.days || []),
                    signalTable(s.data.value.signals || [], s.data.value.days || []),
                );
            },
            keyed(() => (s.data ? "replay" : ""), (here) => here && replay(desk, s.data.value.thresholds)),
            learning(desk),
        ),
    );
}

const span = (desk, days, n) =>
    t.button(
        {
            type: "button",
            className: () => "pd-segment" + (days() == n ? " is-on" : ""),
            ariaPressed: () => days() == n,
            onclick: () => desk.go({ days: n }, true),
        },
        tr("screening.days", { n }),
    );

/** A part of the page with its heading and one line that says what it is for. */
export const part = (name, ...children) =>
    t.section({ className: "pd-panel pd-panel-" + name }, t.h3({}, tr("screening." + name)), t.p({ className: "pd-hint" }, tr(`screening.${name}.why`)), ...children);
