// What visitors choose from on the form, and what each choice means for us.
import { byLocale, comma, tr, words } from "../lib/i18n.js";
import { button, chip } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { priorities, priorityName } from "../desk/labels.js";
import { recordsScreen } from "./records.js";

await words("settings", "side");

const step = 10; // room to put something between by the API

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    let last = 0;
    const byPosition = (rows) => [...rows].sort((a, b) => (a.position || 0) - (b.position || 0));
    // the Desk keeps its own list of categories: bring it up to date
    const saved = async () => {
        ctx.me.categories = await ctx.api.list("categories", { sort: "position" });
    };
    const move = (r, rows, by, reload) => async () => {
        const i = rows.findIndex((x) => x.id == r.id), order = [...rows];
        order.splice(i + by, 0, ...order.splice(i, 1));
        try {
            for (const [at, x] of order.entries()) {
                const position = (at + 1) * step;
                if (x.position != position) await ctx.api.save("categories", { id: x.id, position });
            }
            await reload();
            await saved();
        } catch (err) {
            ctx.host.toast.error(sentence(err));
        }
    };
    return recordsScreen(ctx, {
        key: "categories",
        name: "categories",
        sort: "position",
        order: (rows) => {
            last = Math.max(0, ...rows.map((r) => r.position || 0));
            return byPosition(rows);
        },
        saved,
        blank: { key: "", labels: {}, default_priority: "normal", team: "", checklist: {}, enabled: true, position: 0 },
        prepare: ({ key, ...r }, isNew) => (isNew ? { ...r, id: key, position: last + step } : r),
        specs: () => [
            { name: "labels", type: "locales", label: tr("categories.labels"), help: tr("categories.labels.help"), max: 100 },
            { name: "key", type: "text", label: tr("categories.key"), help: tr("categories.key.help"), max: 40, when: (v) => !v.id },
            { name: "default_priority", type: "select", label: tr("categories.priority"), options: priorities.map((p) => [p, priorityName(p)]) },
            { name: "team", type: "select", label: tr("fact.team"), options: [["", tr("none")], ...(ctx.me.teams || []).map((x) => [x.id, x.name])] },
            { name: "checklist", type: "localeLines", label: tr("categories.checklist"), help: tr("categories.checklist.help") },
            { name: "enabled", type: "bool", label: tr("categories.enabled") },
        ],
        line: (r) => [
            t.span({ className: "pd-record-main" }, t.strong({}, byLocale(r.labels) || r.id), " ", t.span({ className: "pd-hint" }, r.id)),
            r.default_priority && r.default_priority != "normal" ? chip(priorityName(r.default_priority), "warn") : null,
            ...missing(ctx, r),
            r.enabled === false ? chip(tr("form.off"), "plain") : null,
        ],
        tools: (r, rows, reload) => [
            button({ icon: "arrow-up-line", title: tr("categories.up"), kind: "quiet square", disabled: rows[0].id == r.id, run: move(r, rows, -1, reload) }),
            button({ icon: "arrow-down-line", title: tr("categories.down"), kind: "quiet square", disabled: rows.at(-1).id == r.id, run: move(r, rows, 1, reload) }),
        ],
    });
}

const missing = (ctx, r) => {
    const without = ctx.me.locales.filter((l) => !r.labels?.[l]);
    return without.length ? [chip(tr("categories.missing", { n: without.length }), "warn", without.join(comma()))] : [];
};
