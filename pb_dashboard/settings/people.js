// The people who work here: who may sign in and as what, how somebody new comes in
// and somebody leaves, what each takes, and when each is away.
import { tr, words } from "../lib/i18n.js";
import { avatar, box, button, chip, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { menuButton } from "../lib/popover.js";
import { brief, exact, when } from "../lib/time.js";
import { copyRow } from "./copyrow.js";
import { giveAway } from "./giveaway.js";
import { specs } from "./personform.js";
import { recordsScreen } from "./records.js";

await words("teams", "people", "settings");

const fields = ["id", "name", "email", "role", "team", "locale", "capacity", "no_turn", "skills", "away_from", "away_until", "substitute", "on_leave"];

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ phase: "loading", error: "", staff: box(null), load: box(new Map()), handed: null, changed: 0 });
    const load = async () => {
        try {
            const [staff, view] = await Promise.all([ctx.api.people(), ctx.api.assignment()]);
            s.staff = box(staff);
            s.load = box(new Map(view.people.map((p) => [p.id, p])));
            s.phase = "ready";
            s.changed++;
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    load();
    return t.div(
        { className: "pd-people" },
        () => s.handed ? handOn(ctx, s) : null,
        () => {
            if (s.phase == "loading") return skeleton(6);
            if (s.phase == "error") return failed(s.error, load);
            return t.div({ rid: "people" + s.changed }, ways(s.staff.value), list(ctx, s, load));
        },
    );
}

/** How people come in, and what that lacks. */
function ways({ ways: w, mail, desk, page }) {
    const on = ["password", "code", "accounts"].filter((k) => w[k]).map((k) => tr("people.way." + k));
    return t.div(
        {},
        desk ? t.p({ className: "pd-hint" }, tr("people.page"), " ", t.code({}, page), " · ", tr("people.ways", { ways: on.join(tr("people.ways.and")) }), w.two_steps ? " · " + tr("people.way.two_steps") : "") : t.p({ className: "pd-notice" }, icon("information-line"), tr("people.nodesk")),
        mail ? null : t.p({ className: "pd-notice" }, icon("mail-close-line"), tr("people.nomail")),
    );
}

function list(ctx, s, load) {
    const { people, me } = s.staff.value;
    const api = Object.create(ctx.api);
    // somebody new comes by a verb of its own, which sends the link
    api.save = (key, { isNew, ...v }) => isNew ? ctx.api.addPerson(v).then((made) => ({ ...made.person, sent: made.invitation })) : ctx.api.save(key, v);
    return recordsScreen({ ...ctx, api }, {
        key: "agents",
        name: "people",
        list: async () => {
            const records = new Map((await ctx.api.list("agents")).map((r) => [r.id, r]));
            return people.map((p) => ({ ...records.get(p.id), ...p, now: s.load.value.get(p.id), mine: p.id == me }));
        },
        blank: { name: "", email: "", role: "agent", team: "", locale: "", password: "" },
        specs: (r) => specs(ctx, r),
        prepare: (v, isNew) => isNew ? v : Object.fromEntries(fields.filter((k) => k in v).map((k) => [k, v[k]])),
        line: (r) => line(ctx, r),
        tools: (r) => [tools(ctx, s, r, load)],
        after: async (kept) => tell(s, kept),
        saved: async () => {
            await renewed(ctx);
            load();
        },
    });
}

/** What is said once somebody new, or his link, has been sent off. */
function tell(s, { name, email, sent }) {
    if (!sent) return undefined;
    if (!sent.mailed) {
        s.handed = box({ name, ...sent });
        return undefined;
    }
    return { toast: tr("people.invited", { mail: email }) };
}

/** The link where no mail could take it along. */
function handOn(ctx, s) {
    const { name, link, problem } = s.handed.value;
    return t.div(
        { className: "pd-handon", role: "status", rid: link },
        t.p({}, problem == "no_mail_server" ? tr("people.handon", { name }) : tr("people.handon.failed", { name, why: problem })),
        copyRow(ctx, tr("people.link"), link),
        button({ label: tr("action.close"), kind: "small", run: () => (s.handed = null) }),
    );
}

const chips = { invited: ["info", "mail-send-line"], superuser: ["plain", "shield-star-line"], deactivated: ["plain", "user-unfollow-line"] };

function line(ctx, r) {
    const team = (ctx.me.teams || []).find((x) => x.id == r.team)?.name;
    return [
        avatar(r.name, "is-small"),
        t.span(
            { className: "pd-record-main" },
            t.strong({}, r.name),
            r.mine ? t.span({ className: "pd-hint" }, " " + tr("people.you")) : null,
            t.span({ className: "pd-hint pd-person-mail" }, r.email),
            t.span({ className: "pd-hint" }, [r.role ? tr("people.role." + r.role) : "", team].filter(Boolean).join(" · ")),
        ),
        chips[r.state] ? chip(tr("people.state." + r.state), chips[r.state][0], r.state == "invited" ? exact(r.invited_at) : r.state == "deactivated" ? exact(r.deactivated_at) : undefined, chips[r.state][1]) : null,
        away(ctx, r),
        r.state == "active" && r.role != "integration"
            ? t.span({ className: "pd-hint pd-person-in" }, r.last_seen ? [tr("people.seen"), " ", when(r.last_seen)] : tr("people.unseen"), r.mfa ? t.span({ title: tr("people.mfa"), role: "img", ariaLabel: tr("people.mfa") }, icon("shield-keyhole-line")) : null, r.accounts.length ? t.span({ title: tr("people.accounts", { names: r.accounts.join(", ") }), role: "img", ariaLabel: tr("people.accounts", { names: r.accounts.join(", ") }) }, icon("links-line")) : null)
            : null,
        r.now && r.state != "deactivated" ? much(r) : null,
    ];
}

function away(ctx, r) {
    const now = r.now?.away, soon = !now && r.away_from && new Date(r.away_from) > new Date();
    if (!now && !soon) return null;
    const standIn = ctx.me.agents.find((a) => a.id == (r.now?.stand_in || r.substitute))?.name;
    return t.span(
        { className: "pd-person-away" },
        chip(now ? (r.away_until ? tr("people.away.until", { when: brief(r.away_until) }) : tr("people.away.now")) : tr("people.away.from", { when: brief(r.away_from) }), now ? "warn" : "plain", exact(now ? r.away_until : r.away_from), "plane-line"),
        t.span({ className: "pd-hint" }, standIn ? tr("people.instead", { name: standIn }) : tr("people.instead.nobody")),
    );
}

/** How much somebody has, against what he takes. */
function much(r) {
    const { open, capacity } = r.now;
    const words = capacity ? tr("people.load", { n: open, most: capacity }) : tr("people.open", { n: open });
    return t.span(
        { className: "pd-load" + (capacity && open >= capacity ? " is-full" : "") },
        r.no_turn ? icon("pause-circle-line") : null,
        t.span({ className: "pd-hint", title: r.no_turn ? tr("people.no_turn") : undefined }, words),
        capacity ? t.meter({ min: 0, max: capacity, value: Math.min(open, capacity), ariaLabel: words }) : null,
    );
}

/** What can be done with somebody, beside his line. */
function tools(ctx, s, r, load) {
    const person = r.role && r.role != "integration";
    const last = r.role == "admin" && s.staff.value.people.filter((p) => p.role == "admin").length == 1;
    const invite = async () => {
        try {
            const said = tell(s, { ...r, sent: await ctx.api.invitePerson(r.id) });
            if (said) ctx.host.toast.ok(said.toast);
            load();
        } catch (err) {
            ctx.host.toast.error(sentence(err));
        }
    };
    const give = (leaves) => (anchor) => giveAway(ctx, { of: r, leaves, last, anchor, done: async () => (leaves && await renewed(ctx), load()) });
    const items = (anchor) => [
        person ? { label: tr(r.state == "invited" ? "people.invite.again" : "people.invite.reset"), icon: "mail-send-line", run: invite } : null,
        r.now?.open ? { label: tr("people.handover"), icon: "user-shared-line", run: () => give(false)(anchor()) } : null,
        r.role && !r.mine ? { label: tr("people.deactivate"), icon: "user-unfollow-line", danger: true, run: () => give(true)(anchor()) } : null,
    ].filter(Boolean);
    const el = menuButton({ icon: "more-2-line", title: tr("people.more", { name: r.name }), kind: "quiet square small", end: true, caret: false, items: () => items(() => el) });
    return items(() => el).length ? el : null;
}

/** Names of teams and people stand in many menus. */
export async function renewed(ctx) {
    const me = await ctx.api.me().catch(() => null);
    if (me) Object.assign(ctx.me, { teams: me.teams, agents: me.agents });
}
