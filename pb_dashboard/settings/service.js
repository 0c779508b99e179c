// Service levels: by when cases are answered and resolved, in which order they
// are looked at, and how well they were kept.
import { tr, words } from "../lib/i18n.js";
import { button, chip, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { names, priorities, priorityName, sourceName } from "../desk/labels.js";
import { recordsScreen } from "./records.js";
import { serviceReport } from "./servicereport.js";
import { workTime } from "./worktime.js";

await words("service", "settings");

const step = 10; // room to put something between by the API
const channels = ["form", "email", "phone", "widget", "api", "host", "import"];
const lists = ["categories", "priorities", "channels", "contact_tags"];
const times = ["first_response", "next_response", "resolution"];
const fields = ["id", "name", "enabled", "position", ...lists, "calendar", ...times, "warn_at", "usual", "pause_on_hold"];
const blank = { name: "", enabled: true, position: 0, categories: [], priorities: [], channels: [], contact_tags: [], calendar: "", first_response: "", next_response: "", resolution: "", warn_at: 0, usual: false, pause_on_hold: false };

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ state: null, live: "" });
    const known = names(ctx);
    let calendars = [], last = 0, timer, quiet = 0;
    ctx.api.list("calendars", { sort: "name" }).then((all) => (calendars = all)).catch(() => {});
    const watchWork = async () => {
        clearTimeout(timer);
        try {
            s.state = { ...(await ctx.api.service()) };
        } catch {
            return; // said nowhere: the dates are found anew all the same
        }
        if (s.state.running || quiet-- > 0) timer = setTimeout(watchWork, 1500);
    };
    const changed = () => {
        quiet = 3; // it begins a moment later
        watchWork();
    };
    const move = (r, rows, by, reload) => async () => {
        const order = ordered(rows), at = order.findIndex((x) => x.id == r.id);
        order.splice(at + by, 0, ...order.splice(at, 1));
        try {
            for (const [i, x] of order.entries()) {
                if (x.position != (i + 1) * step) await ctx.api.save("sla_policies", { id: x.id, position: (i + 1) * step });
            }
            await reload();
            s.live = tr("service.moved", { name: r.name, n: at + by + 1 });
            changed();
        } catch (err) {
            ctx.host.toast.error(sentence(err));
        }
    };
    return t.div(
        { className: "pd-service", onmount: watchWork, onunmount: () => clearTimeout(timer) },
        t.p({ className: "pd-unseen", role: "status" }, () => s.live),
        recordsScreen(ctx, {
            key: "sla_policies",
            name: "service",
            sort: "usual,position,created",
            order: (rows) => {
                last = Math.max(0, ...ordered(rows).map((r) => r.position || 0));
                return rows;
            },
            blank,
            specs: () => specs(ctx, known, calendars),
            prepare: (values, isNew) => prepare(values, isNew && last + step),
            saved: changed,
            line: (r) => line(r, known),
            tools: (r, rows, reload) => r.usual ? [] : [
                button({ icon: "arrow-up-line", title: tr("service.up", { name: r.name }), kind: "quiet square", disabled: ordered(rows)[0].id == r.id, run: move(r, rows, -1, reload) }),
                button({ icon: "arrow-down-line", title: tr("service.down", { name: r.name }), kind: "quiet square", disabled: ordered(rows).at(-1).id == r.id, run: move(r, rows, 1, reload) }),
            ],
        }),
        t.p({ className: "pd-hint pd-service-work", role: "status" }, () => work(s.state)),
        serviceReport(ctx),
    );
}

/** Those that have an order; the usual ones come after them. */
const ordered = (rows) => rows.filter((r) => !r.usual);

function work(state) {
    if (!state || (!state.running && !state.ended)) return "";
    if (state.running) return tr("service.working", { done: state.done, total: state.total });
    return state.changed ? tr("service.worked", { n: state.total }) : "";
}

/** What is kept, as the server wants it; position: of a new one. */
function prepare(values, position) {
    const out = Object.fromEntries(fields.filter((k) => k in values).map((k) => [k, values[k]]));
    for (const k of lists) out[k] ||= [];
    for (const k of times) out[k] = (out[k] || "").normalize("NFKC").replace(/\s/g, "").toLowerCase();
    if (!out.usual && !times.some((k) => out[k])) throw { response: { data: { first_response: { code: "none", message: tr("service.fault.none") } } } };
    return position ? { ...out, position } : out;
}

function specs(ctx, known, calendars) {
    const ticks = (name, label, options) => ({ name, type: "ticks", label, options, wide: true });
    return [
        { name: "name", type: "text", label: tr("service.name"), max: 100 },
        { name: "calendar", type: "select", label: tr("service.calendar"), options: [["", tr("service.calendar.usual")], ...calendars.map((c) => [c.id, c.name])] },
        { name: "enabled", type: "bool", label: tr("service.enabled") },
        { type: "heading", name: "times", label: tr("service.times"), help: tr("service.times.help") },
        { name: "usual", type: "bool", label: tr("service.usual"), help: tr("service.usual.help") },
        { name: "first_response", type: "text", label: tr("service.first"), max: 5, placeholder: "1d" },
        { name: "next_response", type: "text", label: tr("service.next"), max: 5, placeholder: "1d" },
        { name: "resolution", type: "text", label: tr("service.done"), max: 5, placeholder: "5d" },
        { name: "warn_at", type: "number", label: tr("service.warn"), help: tr("service.warn.help"), placeholder: "80" },
        { name: "pause_on_hold", type: "bool", label: tr("service.pause"), help: tr("service.pause.help") },
        { type: "heading", name: "who", label: tr("service.who"), help: tr("service.who.help") },
        ticks("categories", tr("service.categories"), known.categories().map((c) => [c.id, known.category(c.id)])),
        ticks("priorities", tr("service.priorities"), priorities.map((p) => [p, priorityName(p)])),
        ticks("channels", tr("service.channels"), channels.map((c) => [c, sourceName(c)])),
        { name: "contact_tags", type: "words", label: tr("service.tags"), help: tr("service.tags.help"), rows: 2 },
    ];
}

function line(r, known) {
    const who = [
        ...(r.categories || []).map(known.category),
        ...(r.priorities || []).map(priorityName),
        ...(r.channels || []).map(sourceName),
        ...(r.contact_tags || []),
    ];
    const owed = [["first", r.first_response], ["next", r.next_response], ["done", r.resolution]].filter(([, x]) => x).map(([k, x]) => tr("service.line." + k, { time: workTime(x) }));
    if (r.usual && !(r.first_response && r.next_response)) owed.unshift(tr("service.line.usual"));
    return [
        t.span(
            { className: "pd-record-main" },
            t.strong({}, r.name),
            t.span({ className: "pd-service-owed" }, icon("timer-line"), owed.join(" · ")),
            t.span({ className: "pd-hint pd-service-who" }, who.length ? who.slice(0, 12).map((x) => t.span({ className: "pd-word" }, x)) : tr(r.usual ? "service.rest" : "service.all")),
        ),
        r.enabled ? null : chip(tr("service.off"), "plain"),
    ];
}
