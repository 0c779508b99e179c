// The form of one person, new or known.
import { tr, words } from "../lib/i18n.js";
import { onLeave } from "../desk/absence.js";
import { localeName, names } from "../desk/labels.js";

await words("teams", "people");

const roles = ["agent", "supervisor", "admin", "integration"];
const spoken = ["en", "zh-TW", "ja"]; // the Desk's languages

/** @param {import("../start.js").Context} ctx @param {Object} r the record; without an id it is somebody new */
export function specs(ctx, r) {
    const f = (name, type, more) => ({ name, type, label: tr("people." + name), ...more });
    const options = (list) => list.map((x) => [x, tr("people.role." + (x || "none"))]);
    const person = [
        f("name", "text", { max: 100 }),
        f("email", "email", { max: 255 }),
        // one's own role is another admin's to change; a superuser has none here
        r.mine ? null : f("role", "select", { help: tr("people.role.help"), options: r.id && !r.role ? [["", tr("people.role.none")], ...options(roles)] : options(roles) }),
        f("team", "select", { options: [["", tr("none")], ...(ctx.me.teams || []).map((x) => [x.id, x.name])] }),
        f("locale", "select", { help: tr("people.locale.help"), options: [["", tr("people.locale.shop")], ...spoken.map((l) => [l, localeName(l)])] }),
    ].filter(Boolean);
    if (!r.id) return [...person, f("password", "password", { help: tr("people.password.help"), placeholder: tr("people.password.mailed"), max: 71 })];
    const others = ctx.me.agents.filter((a) => a.id != r.id && a.role != "integration").map((a) => [a.id, a.name]);
    return [
        ...person,
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
