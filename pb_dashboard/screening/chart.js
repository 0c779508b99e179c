// Days as bars: accepted, held and blocked on one another, drawn by uPlot, and
// the same numbers as a table.
import { language, tr, words } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { outcomes, whole } from "./tiles.js";

await words("screening");

const stack = ["blocked", "held", "accepted"]; // from the bottom up
const tone = { blocked: "--pd-bad", held: "--pd-bar-held", accepted: "--pd-bar-accepted" };

/** @param {import("../desk/page.js").Desk} desk @param {{day: string}[]} days oldest first */
export function dayChart(desk, days) {
    const rows = [...days].sort((a, b) => a.day.localeCompare(b.day));
    const s = store({ at: -1 });
    const name = (day, form = { month: "short", day: "numeric" }) =>
        new Intl.DateTimeFormat(language(), { ...form, timeZone: "UTC" }).format(new Date(day + "T00:00:00Z"));
    return t.section(
        { className: "pd-panel pd-panel-chart" },
        t.h3({}, tr("screening.chart")),
        t.div(
            { className: "pd-legend", ariaHidden: true },
            [...stack].reverse().map((o) => t.span({ className: "is-" + o }, tr("screening." + o), () => s.at >= 0 ? " " + whole(rows[s.at][o]) : "")),
            () => s.at >= 0 ? t.strong({}, name(rows[s.at].day, { dateStyle: "medium" })) : null,
        ),
        plot(desk, rows, s, name),
        t.details(
            { className: "pd-fold-table" },
            t.summary({}, icon("table-line"), tr("screening.table"), icon("arrow-down-s-line")),
            table(rows, name),
        ),
    );
}

function plot(desk, rows, s, name) {
    let u, eye, scheme, el;
    const draw = async () => {
        const Plot = await desk.host.plot();
        if (!Plot || !rows.length || !el.clientWidth || !el.isConnected) return;
        u?.destroy();
        u = new Plot(options(Plot, el, rows, s, name), sums(rows), el);
    };
    el = t.div({
        className: "pd-plot",
        role: "img",
        ariaLabel: tr("screening.chart.label"),
        onmount: () => {
            eye = new ResizeObserver(draw);
            eye.observe(el);
            scheme = new MutationObserver(draw); // the colours are drawn, so they don't follow by themselves
            scheme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-color-scheme", "class", "style"] });
        },
        onunmount: () => {
            eye?.disconnect();
            scheme?.disconnect();
            u?.destroy();
        },
    });
    return el;
}

/** uPlot's columns: each outcome on top of those below it, the tallest first so that it is drawn behind. */
function sums(rows) {
    let below = rows.map(() => 0);
    const columns = stack.map((o) => (below = below.map((n, i) => n + (rows[i][o] || 0))));
    return [rows.map((_, i) => i), ...columns.reverse()];
}

function options(Plot, el, rows, s, name) {
    const style = getComputedStyle(el);
    const color = (v) => style.getPropertyValue(v).trim();
    const font = "12px " + style.fontFamily;
    const bars = Plot.paths.bars({ size: [0.72, 34] });
    const every = Math.max(1, Math.ceil(rows.length / Math.max(2, Math.floor(el.clientWidth / 70))));
    return {
        width: el.clientWidth,
        height: 200,
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        scales: { x: { time: false, range: [-0.6, rows.length - 0.4] }, y: { range: (_, __, max) => [0, Math.max(4, max * 1.08)] } },
        axes: [
            {
                stroke: color("--pd-hint"),
                font,
                size: 26,
                gap: 6,
                grid: { show: false },
                ticks: { show: false },
                splits: () => rows.map((_, i) => i).filter((i) => i % every == 0),
                values: (_, at) => at.map((i) => rows[i] ? name(rows[i].day) : ""),
            },
            { stroke: color("--pd-hint"), font, size: 44, grid: { stroke: color("--pd-line"), width: 1 }, ticks: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000], values: (_, at) => at.map(whole) },
        ],
        series: [{}, ...[...stack].reverse().map((o) => ({ fill: color(tone[o]), stroke: color(tone[o]), width: 0, paths: bars, points: { show: false } }))],
        hooks: { setCursor: [(plot) => (s.at = plot.cursor.idx ?? -1)] },
    };
}

function table(rows, name) {
    return t.div(
        { className: "pd-table-wrap" },
        t.table(
            { className: "pd-table" },
            t.thead({}, t.tr({}, t.th({ scope: "col" }, tr("screening.day")), outcomes.map((o) => t.th({ scope: "col", className: "is-number" }, tr("screening." + o))))),
            t.tbody({}, [...rows].reverse().map((d) => t.tr({}, t.th({ scope: "row" }, name(d.day, { dateStyle: "medium" })), outcomes.map((o) => t.td({ className: "is-number" }, whole(d[o])))))),
        ),
    );
}
