// How well service levels were kept: by what was owed, by level and by team.
import { language, tr, words } from "../lib/i18n.js";
import { box, empty, failed, select, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";

await words("service");

const kinds = { first_response: "first", next_response: "next", resolution: "done" };
const spans = [7, 30, 90];

/** @param {import("../start.js").Context} ctx */
export function serviceReport(ctx) {
    const s = store({ phase: "loading", error: "", days: 30, report: box(null) });
    let turn = 0;
    const load = async () => {
        const mine = ++turn;
        try {
            const report = await ctx.api.serviceReport(s.days);
            if (mine != turn) return;
            s.report = box(report);
            s.phase = "ready";
        } catch (err) {
            if (mine != turn) return;
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    load();
    return t.section(
        { className: "pd-service-report", ariaLabel: tr("service.report") },
        t.div(
            { className: "pd-service-report-top" },
            t.h2({}, tr("service.report")),
            select({
                label: tr("service.report.days"),
                value: String(s.days),
                options: spans.map((n) => [String(n), tr("service.report.days.n", { n })]),
                onchange: (v) => {
                    s.days = +v;
                    load();
                },
            }),
        ),
        t.p({ className: "pd-hint" }, () => tr("service.report.note", { days: s.days })),
        () => {
            if (s.phase == "loading") return skeleton(3);
            if (s.phase == "error") return failed(s.error, load);
            const r = s.report.value;
            if (!r.cases) return empty("timer-line", tr("service.report.none"));
            if (!Object.keys(kinds).some((k) => ended(r.counts[k]))) return empty("timer-line", tr("service.report.unmeasured"));
            return t.div(
                { rid: r.since + JSON.stringify(r.counts) },
                t.div({ className: "pd-service-totals" }, Object.keys(kinds).map((k) => total(k, r.counts[k]))),
                r.policies.length > 1 ? table(tr("service.report.level"), r.policies) : null,
                r.teams.length > 1 ? table(tr("service.report.team"), r.teams) : null,
            );
        },
    );
}

const ended = (c) => c.met + c.missed + c.late;
const share = (c) => (ended(c) ? new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 }).format(c.met / ended(c)) : "–");

function total(kind, c) {
    return t.div(
        { className: "pd-service-total" },
        t.span({ className: "pd-hint" }, tr("service." + kinds[kind])),
        t.strong({}, share(c)),
        t.span({}, tr("service.report.met", { n: c.met })),
        t.span({ className: c.missed ? "is-late" : "pd-hint" }, tr("service.report.missed", { n: c.missed })),
        c.late ? t.span({ className: "is-late" }, tr("service.report.late", { n: c.late })) : null,
    );
}

function table(heading, rows) {
    return t.div(
        { className: "pd-service-table", tabIndex: 0, role: "region", ariaLabel: heading },
        t.table(
            {},
            t.thead({}, t.tr({}, t.th({ scope: "col" }, heading), t.th({ scope: "col" }, tr("service.report.cases")), Object.values(kinds).map((k) => t.th({ scope: "col" }, tr("service." + k))))),
            t.tbody(
                {},
                rows.map((r) =>
                    t.tr(
                        {},
                        t.th({ scope: "row" }, r.name || tr("service.report.noteam")),
                        t.td({}, String(r.cases)),
                        Object.keys(kinds).map((k) => t.td({ title: [tr("service.report.met", { n: r.counts[k].met }), tr("service.report.missed", { n: r.counts[k].missed }), tr("service.report.late", { n: r.counts[k].late })].join(" · ") }, share(r.counts[k]), ended(r.counts[k]) ? t.span({ className: "pd-hint" }, ` ${r.counts[k].met}/${ended(r.counts[k])}`) : null)),
                    ),
                ),
            ),
        ),
    );
}
