// The people who work here: role, team, what they take, how much they have, and
// when they are away.
import { tr, words } from "../lib/i18n.js";
import { avatar, button, chip, icon, select } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { popover } from "../lib/popover.js";
import { localeName, names } from "../desk/labels.js";
import { onLeave } from "../desk/absence.js";
import { brief, exact } from "../lib/time.js";
import { recordsScreen } from "./records.js";

await words("teams", "settings");

const roles = ["agent", "supervisor", "admin", "integration", ""];
const fields = ["id", "name", "role", "team", "capacity", "no_turn", "skills", "away_from", "away_until", "substitute", "on_leave"];

/** @param {import("../start.js").Context} ctx @param {Object} s what the screen loaded @param {Function} load */
export function peopleScreen(ctx, s, load) {
    return recordsScreen(ctx, {
        key: "agents",
        name: "people",
        list: async () => {
            const list = await ctx.api.list("agents", { sort: "name" });
            const now = new Map(s.view.value.people.map((p) => [p.id, p]));
            // a record without a role is of a superuser who works here, or of somebody who left
            return list.map((r) => ({ ...r, now: now.get(r.id) })).sort((a, b) => !!b.now - !!a.now);
        },
        blank: { name: "", role: "agent", team: "", capacity: 0, no_turn: false, skills: null, substitute: "", on_leave: "", email: "", password: "" },
        specs: (r) => specs(ctx, r),
        prepare: (v, isNew) => {
            const out = Object.fromEntries(fields.filter((k) => k in v).map((k) => [k, v[k]]));
            return isNew ? { ...out, email: v.email, password: v.password, passwordConfirm: v.password, emailVisibility: true } : out;
        },
        line: (r) => line(ctx, r),
        tools: (r) => r.now?.open ? [button({ icon: "user-shared-line", title: tr("people.handover"), kind: "quiet square small", run: (e) => handover(ctx, r, e.currentTarget, load) })] : [],
        saved: async () => {
            await renewed(ctx);
            load();
        },
    });
}

function specs(ctx, r) {
    const f = (name, type, more) => ({ name, type, label: tr("people." + name), ...more });
    const others = ctx.me.agents.filter((a) => a.id != r.id && a.role != "integration").map((a) => [a.id, a.name]);
    return [
        f("name", "text", { max: 100 }),
        ...(r.id ? [] : [f("email", "email", { max: 255 }), f("password", "password", { help: tr("people.password.help"), max: 72 })]),
        f("role", "select", { help: tr("people.role.help"), options: roles.map((x) => [x, tr("people.role." + (x || "none"))]) }),
        f("team", "select", { options: [["", tr("none")], ...(ctx.me.teams || []).map((x) => [x.id, x.name])] }),
        { name: "h_take", type: "heading", label: tr("people.h.take"), help: tr("people.h.take.help") },
        f("capacity", "number", { help: tr("people.capacity.help"), placeholder: tr("people.capacity.none") }),
        f("no_turn", "bool", { help: tr("people.no_turn.help") }),
        f("skills.categories", "ticks", { help: tr("people.skills.help"), wide: true, options: names(ctx).categories().map((c) => [c.id, names(ctx).category(c.id)]) }),
        f("skills.languages", "ticks", { wide: true, options: ctx.me.locales.map((l) => [l, localeName(l)]) }),
        { name: "h_away", type: "heading", label: tr("people.h.away"), help: tr("people.h.away.help") },
        f("away_from", "date"),
        f("away_until", "date", { help: tr("people.away_until.help") }),
        f("substitute", "select", { options: [["", tr("people.nosubstitute")], ...others] }),
        f("on_leave", "select", { help: tr("people.on_leave.help"), options: onLeave.map((v) => [v, tr("people.on_leave." + (v || "substitute"))]) }),
    ];
}

function line(ctx, r) {
    const team = (ctx.me.teams || []).find((x) => x.id == r.team)?.name;
    const away = r.now?.away, soon = !away && r.away_from && new Date(r.away_from) > new Date();
    const standIn = ctx.me.agents.find((a) => a.id == (r.now?.stand_in || r.substitute))?.name;
    return [
        avatar(r.name, "is-small"),
        t.span(
            { className: "pd-record-main" },
            t.strong({}, r.name),
            " ",
            t.span({ className: "pd-hint" }, [tr("people.role." + (r.role || (r.now ? "superuser" : "none"))), team].filter(Boolean).join(" · ")),
        ),
        away || soon
            ? t.span(
                { className: "pd-person-away" },
                chip(away ? (r.away_until ? tr("people.away.until", { when: brief(r.away_until) }) : tr("people.away.now")) : tr("people.away.from", { when: brief(r.away_from) }), away ? "warn" : "plain", exact(away ? r.away_until : r.away_from), "plane-line"),
                t.span({ className: "pd-hint" }, standIn ? tr("people.instead", { name: standIn }) : tr("people.instead.nobody")),
            )
            : null,
        r.now ? load(r) : null,
    ];
}

/** Names of teams and people stand in many menus. */
export async function renewed(ctx) {
    const me = await ctx.api.me().catch(() => null);
    if (me) Object.assign(ctx.me, { teams: me.teams, agents: me.agents });
}

/** How much somebody has, against what he takes. */
function load(r) {
    const { open, capacity } = r.now;
    const words = capacity ? tr("people.load", { n: open, most: capacity }) : tr("people.open", { n: open });
    return t.span(
        { className: "pd-load" + (capacity && open >= capacity ? " is-full" : "") },
        r.no_turn ? icon("pause-circle-line") : null,
        t.span({ className: "pd-hint", title: r.no_turn ? tr("people.no_turn") : undefined }, words),
        capacity ? t.meter({ min: 0, max: capacity, value: Math.min(open, capacity), ariaLabel: words }) : null,
    );
}

/** Gives somebody's open cases to others now; says before where they would go. */
function handover(ctx, r, anchor, load) {
    const s = store({ said: "", bad: "", busy: true });
    let to = "", turn = 0;
    const look = async () => {
        const mine = ++turn;
        s.busy = true;
        try {
            const made = await ctx.api.handover(r.id, { to, preview: true });
            if (mine == turn) Object.assign(s, { said: outcome(made), bad: "", busy: false });
        } catch (err) {
            if (mine == turn) Object.assign(s, { said: "", bad: sentence(err), busy: false });
        }
    };
    const others = ctx.me.agents.filter((a) => a.id != r.id && a.role != "integration").map((a) => [a.id, a.name]);
    look();
    popover(
        anchor,
        (close) => t.div(
            { className: "pd-me-form" },
            t.h3({}, tr("people.handover.of", { name: r.name })),
            select({ label: tr("people.handover.to"), value: "", options: [["", tr("people.handover.leave")], ...others], onchange: (v) => ((to = v), look()) }),
            t.p({ className: "pd-hint", role: "status" }, () => s.said || "…"),
            () => s.bad ? t.p({ className: "pd-field-error", role: "alert" }, s.bad) : null,
            t.div(
                { className: "pd-pop-foot" },
                button({ label: tr("action.cancel"), kind: "quiet", run: close }),
                button({
                    label: tr("people.handover.do"), kind: "primary", disabled: () => s.busy || !!s.bad,
                    run: async () => {
                        s.busy = true;
                        try {
                            const made = await ctx.api.handover(r.id, { to });
                            close();
                            ctx.host.toast.ok(outcome(made));
                            load();
                        } catch (err) {
                            Object.assign(s, { bad: sentence(err), busy: false });
                        }
                    },
                }),
            ),
        ),
        { end: true, label: tr("people.handover"), className: "pd-edit pd-handover" },
    );
}

/** Where the cases go: "Ben 3, Cleo 2, in the queue 1". */
function outcome({ to, queue, kept, more }) {
    const parts = to.map((x) => tr("people.handed.to", { name: x.name, n: x.count }));
    if (queue) parts.push(tr("people.handed.queue", { n: queue }));
    if (kept) parts.push(tr("people.handed.kept", { n: kept }));
    return parts.length ? parts.join(" · ") + (more ? " · " + tr("people.handed.more") : "") : tr("people.handed.none");
}
