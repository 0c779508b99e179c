// Escalations: who is told of a case that needs somebody else, step by step; and
// when people are told of things by mail.
import { tr, words } from "../lib/i18n.js";
import { box, chip, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { names } from "../desk/labels.js";
import { whomInWords } from "../desk/escalate.js";
import { only, recordForm } from "./form.js";
import { recordsScreen } from "./records.js";
import { stepRows } from "./escalationsteps.js";
import { workTime } from "./worktime.js";

await words("escalate", "telling", "settings");

const fields = ["id", "name", "enabled", "on", "categories", "steps"];
const blank = { name: "", enabled: true, on: "", categories: [], steps: [{ to: { lead: true }, note: "" }] };

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const known = names(ctx), desk = { ...ctx, names: known };
    const lists = { webhooks: {} };
    if (ctx.me.can?.admin) ctx.api.list("webhooks", { sort: "name" }).then((all) => all.forEach((h) => (lists.webhooks[h.id] = h.name))).catch(() => {});
    return t.div(
        {},
        recordsScreen(ctx, {
            key: "escalations",
            name: "escalations",
            sort: "position,created",
            blank,
            specs: () => specs(desk, known, lists),
            prepare: (v) => Object.fromEntries(fields.filter((k) => k in v).map((k) => [k, v[k] ?? (k == "categories" ? [] : v[k])])),
            line: (r) => line(desk, known, lists, r),
        }),
        t.h2({ className: "pd-teams-heading" }, tr("telling.title")),
        telling(ctx),
    );
}

function specs(desk, known, lists) {
    return [
        { name: "name", type: "text", label: tr("escalations.name"), max: 100 },
        { name: "on", type: "select", label: tr("escalations.on"), help: tr("escalations.on.help"), options: ["", "warning", "breach"].map((v) => [v, tr("escalations.on." + (v || "none"))]) },
        { name: "enabled", type: "bool", label: tr("form.enabled") },
        { name: "categories", type: "ticks", wide: true, label: tr("escalations.categories"), options: known.categories().map((c) => [c.id, known.category(c.id)]) },
        { type: "heading", name: "h_steps", label: tr("escalations.steps"), help: tr("escalations.steps.help") },
        { name: "steps", type: "own", bare: true, label: tr("escalations.steps"), make: (value, changed) => stepRows({ desk, lists, value, changed }) },
    ];
}

function line(desk, known, lists, r) {
    const steps = (r.steps || []).map((x, i) => (i ? tr("escalations.line.after", { who: whomInWords(desk, x.to, lists.webhooks), time: workTime(x.after) }) : whomInWords(desk, x.to, lists.webhooks)));
    return [
        t.span({ className: "pd-record-main pd-macro-line" }, t.strong({}, r.name), t.span({ className: "pd-hint" }, steps.join(" → "))),
        r.on ? chip(tr("escalations.on." + r.on), "info", "", "timer-line") : null,
        r.categories?.length ? chip(r.categories.map(known.category).join(tr("escalate.comma")), "plain") : null,
        r.enabled ? null : chip(tr("form.off"), "plain"),
    ];
}

/** The shop's own hours of quiet, and how long what can wait is gathered. */
function telling(ctx) {
    const s = store({ record: null, error: "" });
    const load = () => ctx.api.read("desk_settings", ctx.me.settings_id).then((r) => (s.record = box(r))).catch((err) => (s.error = sentence(err)));
    load();
    const clock = (name) => ({
        name: "telling." + name, type: "own", label: tr("telling." + name), help: tr(`telling.${name}.help`),
        make: (value, changed) => t.input({ type: "time", className: "pd-input", value: value || "", oninput: (e) => changed(/^\d\d:\d\d/.exec(e.target.value)?.[0] || "") }),
    });
    const list = [clock("quiet_from"), clock("quiet_until"), { name: "telling.digest_minutes", type: "number", label: tr("telling.digest_minutes"), help: tr("telling.digest_minutes.help"), placeholder: "30" }];
    return t.div(
        { className: "pd-records" },
        t.div({ className: "pd-settings-intro" }, t.p({}, tr("telling.intro"))),
        ctx.me.smtp === false ? t.p({ className: "pd-notice" }, icon("mail-forbid-line"), tr("desk.nosmtp")) : null,
        () => {
            if (s.error) return failed(s.error, load);
            if (!s.record) return skeleton(2);
            return t.div({ rid: "telling", className: "pd-record is-open" }, recordForm({
                ctx, specs: list, record: { ...s.record.value, telling: s.record.value.telling || {} }, readonly: !ctx.me.can?.admin,
                save: (values) => ctx.api.save("desk_settings", only(values, list)),
            }));
        },
    );
}
