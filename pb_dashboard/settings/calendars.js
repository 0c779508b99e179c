// When the shop is open: its calendar, and others for teams and service levels.
import { tr, words } from "../lib/i18n.js";
import { action, box, chip, failed, field, icon, select, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { calendarSpecs, checked, takeAlong } from "./calendarform.js";
import { answers, preview } from "./calendarpreview.js";
import { recordsScreen } from "./records.js";
import { inWords, standardWeek } from "./weekgrid.js";

await words("calendars", "settings");

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ settings: null, list: null, error: "" });
    const load = async () => {
        s.error = "";
        try {
            const [settings, list] = await Promise.all([ctx.api.read("desk_settings", ctx.me.settings_id), ctx.api.list("calendars", { sort: "name" })]);
            s.list = box(list);
            s.settings = box(settings);
        } catch (err) {
            s.error = sentence(err);
        }
    };
    load();
    return t.div(
        { className: "pd-calendars" },
        () => {
            if (s.error) return failed(s.error, load);
            if (!s.settings) return skeleton(6);
            return t.div({ rid: "calendars " + s.settings.value.calendar + JSON.stringify(s.list.value) }, shopCard(ctx, s, load), records(ctx, s, load));
        },
    );
}

function records(ctx, s, load) {
    const pending = { take: null };
    return recordsScreen(ctx, {
        key: "calendars",
        name: "calendars",
        sort: "name",
        blank: { name: "", timezone: "", country: "auto", week: standardWeek(), days: [] },
        specs: (r) => calendarSpecs(ctx, r, pending),
        prepare: (v) => {
            takeAlong(pending);
            return checked({ id: v.id, name: v.name.trim(), timezone: v.timezone || "", country: v.country || "auto", week: v.week, days: v.days || [] });
        },
        after: (kept, v) => v.id ? null : first(ctx, kept),
        saved: load,
        line: (r) => [
            t.span({ className: "pd-record-main" }, t.strong({}, r.name), " ", t.span({ className: "pd-hint" }, [inWords(r.week), r.timezone].filter(Boolean).join(" · "))),
            r.id == s.settings.value.calendar ? chip(tr("calendars.ours"), "ok") : null,
        ],
    });
}

/** The shop goes by its first calendar, unless it has one; gives the toast that says so. */
async function first(ctx, kept) {
    const [settings, list] = await Promise.all([ctx.api.read("desk_settings", ctx.me.settings_id), ctx.api.list("calendars")]);
    if (settings.calendar || list.length != 1) return null;
    await ctx.api.save("desk_settings", { id: ctx.me.settings_id, calendar: kept.id });
    return { toast: tr("calendars.first") };
}

/** Which one the shop goes by, and what that means today. */
function shopCard(ctx, s, load) {
    const admin = !!ctx.me.can?.admin, now = s.settings.value.calendar || "";
    const list = s.list.value, plan = list.find((r) => r.id == now) || { timezone: "", country: "auto", week: {}, days: [] };
    const choose = async (id) => {
        try {
            await ctx.api.save("desk_settings", { id: ctx.me.settings_id, calendar: id });
            ctx.host.toast.ok(tr("form.saved"));
        } catch (err) {
            ctx.host.toast.error(sentence(err));
        }
        load();
    };
    const p = admin ? preview(ctx, () => plan) : null;
    return t.section(
        { className: "pd-setcard pd-cal-shop" },
        t.h3({}, tr("calendars.shop")),
        t.div(
            { className: "pd-cal-choice" },
            field({
                label: tr("calendars.shop.which"),
                help: tr("calendars.shop.help"),
                control: select({ value: now, disabled: !admin, options: [["", tr("calendars.standard")], ...list.map((r) => [r.id, r.name])], onchange: choose }),
            }),
            p ? answers(ctx, p) : null,
        ),
        t.p({ className: "pd-hint" }, tr("calendars.text"), " ", t.a({ href: "#/settings/desk" }, tr("calendars.text.link"))),
        p ? p.start() : null,
    );
}
