// One calendar: the week, public holidays, single days, and what comes of it.
import { tr, words } from "../lib/i18n.js";
import { select } from "../lib/dom.js";
import { answers, holidayList, preview, weeks } from "./calendarpreview.js";
import { dayList } from "./daylist.js";
import { weekFault, weekGrid } from "./weekgrid.js";

await words("calendars", "settings");

const codes = ["timezone_unknown", "country_unknown", "never_open", "order", "overlap", "many", "time", "date", "twice", "name", "shape", "day_unknown"];
const faults = () => Object.fromEntries(codes.map((c) => ["calendar_" + c, tr("calendars.fault." + c)]));

/** Refuses what cannot be saved, in the Desk's language. */
export function checked(values) {
    const code = weekFault(values.week);
    if (code) throw { response: { data: { week: { code: "calendar_" + code, message: tr("calendars.fault." + code) } } } };
    return values;
}

/** Takes along the days that are typed but not yet added; refuses them where something is missing, which is said beside them. */
export function takeAlong(pending) {
    if (pending.take && !pending.take()) throw { response: { data: { days: { code: "calendar_half", message: "" } } } };
}

/**
 * @param {import("../start.js").Context} ctx
 * @param {Object} record what the form begins with
 * @param {{take: (() => boolean)|null}} pending by which days that are typed but not yet added go along
 */
export function calendarSpecs(ctx, record, pending) {
    pending.take = null;
    const plan = { timezone: record.timezone || "", country: record.country || "auto", week: structuredClone(record.week || {}), days: structuredClone(record.days || []) };
    const admin = !!ctx.me.can?.admin;
    const p = admin ? preview(ctx, () => plan) : null;
    // what one control changes, the preview shows
    const part = (name, make) => ({
        name,
        type: "own",
        faults: faults(),
        label: tr("calendars." + name),
        make: (value, changed) => make((v) => {
            plan[name] = v;
            changed(v);
            p?.ask();
        }),
    });
    const head = (name) => ({ name: "h_" + name, type: "heading", label: tr("calendars.h." + name), help: tr(`calendars.h.${name}.help`) });
    const choice = (name, options) => part(name, (changed) => select({ label: tr("calendars." + name), value: plan[name], options, onchange: changed }));
    return [
        { name: "name", type: "text", label: tr("calendars.name"), max: 100 },
        { ...choice("timezone", zones(ctx, plan.timezone)), help: tr("calendars.timezone.help") },
        head("week"),
        { ...part("week", (changed) => weekGrid({ week: plan.week, changed, readonly: !admin })), bare: true, wide: true, type: "own" },
        head("holidays"),
        { ...choice("country", ["auto", "TW", "JP", "none"].map((v) => [v, tr("calendars.country." + v)])), help: tr("calendars.country.help") },
        p ? shown("list", () => holidayList(p)) : null,
        head("days"),
        { ...part("days", (changed) => dayList({ ctx, days: plan.days, changed, readonly: !admin, pending })), bare: true },
        p ? head("preview") : null,
        p ? shown("preview", () => t.div({}, answers(ctx, p), weeks(p), p.start())) : null,
    ].filter(Boolean);
}

const shown = (name, make) => ({ name: "h_shown_" + name, type: "own", bare: true, label: "", make });

function zones(ctx, now) {
    const all = Intl.supportedValuesOf?.("timeZone") || ["Asia/Taipei", "Asia/Tokyo", "Asia/Shanghai", "Asia/Hong_Kong", "Europe/Berlin", "Europe/London", "America/New_York", "UTC"];
    const list = now && !all.includes(now) ? [now, ...all] : all;
    return [["", tr("calendars.timezone.shop", { zone: ctx.me.shop?.timezone || "UTC" })], ...list.map((z) => [z, z.replaceAll("_", " ")])];
}
