// Teams, and how their cases find somebody. The people in them have a screen of
// their own.
import { tr, words } from "../lib/i18n.js";
import { box, chip, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { recordsScreen } from "./records.js";
import { recordForm } from "./form.js";
import { renewed } from "./people.js";
import { workTime } from "./worktime.js";

await words("teams", "settings");

const modes = ["manual", "round_robin", "least_busy"];
const waits = ["30m", "1h", "2h", "4h", "8h", "1d", "2d"];
const never = "never";

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ phase: "loading", error: "", view: box(null), calendars: box([]), settings: box(null), changed: 0 });
    const load = async () => {
        try {
            const [view, settings, calendars] = await Promise.all([
                ctx.api.assignment(),
                ctx.api.read("desk_settings", ctx.me.settings_id),
                ctx.api.list("calendars", { sort: "name" }).catch(() => []),
            ]);
            s.view = box(view);
            s.settings = box(settings);
            s.calendars = box(calendars);
            s.phase = "ready";
            s.changed++;
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    load();
    return t.div(
        { className: "pd-teams" },
        () => {
            if (s.phase == "loading") return skeleton(6);
            if (s.phase == "error") return failed(s.error, load);
            return t.div({ rid: "teams" + s.changed }, teams(ctx, s, load), t.p({ className: "pd-teams-people" }, t.a({ href: "#/settings/desk/people" }, icon("user-settings-line"), " ", tr("people.title")))); // who is in them
        },
    );
}

function teams(ctx, s, load) {
    const view = (id) => s.view.value.teams.find((x) => x.id == id) || {};
    return t.div(
        {},
        recordsScreen(ctx, {
            key: "teams",
            name: "teams",
            sort: "name",
            blank: { name: "", lead: "", mode: "manual", by_skill: false, same_agent: false, alarm_after: "", calendar: "" },
            specs: (r) => [
                { name: "name", type: "text", label: tr("teams.name"), max: 100 },
                { name: "lead", type: "select", label: tr("teams.lead"), help: tr("teams.lead.help"), options: [["", tr("none")], ...leads(ctx, r).map((a) => [a.id, a.name])] },
                ...ways("", r.alarm_after, s.settings.value.assignment?.alarm_after),
                { name: "calendar", type: "select", label: tr("teams.calendar"), options: [["", tr("teams.calendar.shop")], ...s.calendars.value.map((c) => [c.id, c.name])] },
            ],
            prepare: (v) => ({ id: v.id, name: v.name, lead: v.lead, mode: v.mode, by_skill: v.by_skill, same_agent: v.same_agent, alarm_after: v.alarm_after || "", calendar: v.calendar }),
            line: (r) => line(r.name, r.mode, view(r.id), people(s, r.id), r.alarm_after || s.settings.value.assignment?.alarm_after, ctx.me.agents.find((a) => a.id == r.lead)?.name),
            saved: async () => {
                await renewed(ctx);
                load();
            },
        }),
        without(ctx, s, load, view("")),
    );
}

/** How cases find somebody: the same of a team and of the cases without one. own: its time of alarm; shop: that of teams without. */
const ways = (prefix, own, shop) => [
    { name: prefix + "mode", type: "select", label: tr("teams.mode"), help: tr("teams.mode.help"), options: modes.map((m) => [m, tr("teams.mode." + m)]) },
    { name: prefix + "alarm_after", type: "select", label: tr("teams.alarm_after"), help: tr(prefix ? "teams.alarm_after.all" : "teams.alarm_after.help"), options: alarms(own, prefix ? null : shop) },
    { name: prefix + "by_skill", type: "bool", label: tr("teams.by_skill"), help: tr("teams.by_skill.help") },
    { name: prefix + "same_agent", type: "bool", label: tr("teams.same_agent"), help: tr("teams.same_agent.help") },
];

/** When the lead hears of a case that nobody has. shop: when a team without a time of its own does; null: there is no other. */
function alarms(own, shop) {
    const listed = own && own != never && !waits.includes(own) ? [own, ...waits] : waits; // somebody may have written another by the API
    return [
        ...(shop === null ? [] : [["", tr("teams.alarm.shop", { time: shop && shop != never ? workTime(shop) : tr("teams.alarm.never") })]]),
        ...listed.map((x) => [x, workTime(x)]),
        [never, tr("teams.alarm.never")],
    ];
}

/** Who may answer for a team: supervisors, admins, and its own agents. */
const leads = (ctx, r) => ctx.me.agents.filter((a) => a.role != "agent" || (r.id && a.team == r.id) || a.id == r.lead);

const people = (s, team) => s.view.value.people.filter((p) => p.team == team);

function line(name, mode, v, list, alarm, lead) {
    const away = list.filter((p) => p.away).length;
    return [
        t.span(
            { className: "pd-record-main" },
            t.strong({}, name),
            " ",
            t.span({ className: "pd-hint" }, [tr("teams.people", { n: list.length }), away ? tr("teams.away", { n: away }) : "", lead ? tr("teams.led", { name: lead }) : "", alarm && alarm != never ? tr("teams.alarmed", { time: workTime(alarm) }) : tr("teams.alarmed.never")].filter(Boolean).join(" · ")),
        ),
        chip(tr("teams.mode." + (mode || "manual") + ".short"), mode && mode != "manual" ? "info" : "plain"),
        v.unassigned ? chip(tr("teams.unassigned", { n: v.unassigned }), v.waiting ? "warn" : "plain", v.waiting ? tr("teams.waiting", { n: v.waiting }) : undefined) : null,
    ];
}

/** The cases that belong to no team. */
function without(ctx, s, load, v) {
    const o = store({ open: false });
    const form = () => {
        const kept = s.settings.value.assignment;
        const record = { id: ctx.me.settings_id, assignment: { mode: "manual", ...kept, alarm_after: kept?.alarm_after || never } };
        return recordForm({
            ctx,
            record,
            readonly: !ctx.me.can?.admin,
            specs: ways("assignment.", kept?.alarm_after),
            cancel: () => (o.open = false),
            save: async ({ assignment: a }) => {
                const assignment = { mode: a.mode || "manual", by_skill: !!a.by_skill, same_agent: !!a.same_agent, alarm_after: a.alarm_after };
                await ctx.api.save("desk_settings", { id: ctx.me.settings_id, assignment });
                ctx.host.toast.ok(tr("form.saved"));
                o.open = false;
                load();
            },
        });
    };
    return t.div(
        { className: () => "pd-record pd-team-none" + (o.open ? " is-open" : "") },
        t.div(
            { className: "pd-record-top" },
            t.button(
                { type: "button", className: "pd-record-line", ariaExpanded: () => String(o.open), onclick: () => (o.open = !o.open) },
                ...line(tr("teams.without"), s.settings.value.assignment?.mode, v, people(s, ""), s.settings.value.assignment?.alarm_after),
                icon("arrow-down-s-line"),
            ),
        ),
        () => o.open ? form() : null,
    );
}
