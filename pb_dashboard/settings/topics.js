// What a message is about, by the embedded model: how sure it has to be, how it
// does, what it would say of a text, and what staff taught it.
import { tr, words } from "../lib/i18n.js";
import { box, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { when } from "../lib/time.js";
import { names } from "../desk/labels.js";
import { share, whole } from "../screening/tiles.js";
import { recordForm } from "./form.js";
import { tryBox } from "./topictry.js";

await words("topics", "settings");

const levels = [0.5, 0.6, 0.7, 0.8, 0.9];
const differing = 12; // rows of what staff changed

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ state: null, record: null, error: "" });
    const known = names(ctx);
    const load = async () => {
        try {
            const [state, record] = await Promise.all([
                ctx.host.send("/api/desk/topics", { method: "GET" }),
                ctx.api.read("desk_settings", ctx.me.settings_id),
            ]);
            s.state = box(state);
            s.record = box(record);
            s.error = "";
        } catch (err) {
            s.error = sentence(err);
        }
    };
    load();
    return t.div(
        { className: "pd-records pd-topics" },
        t.div({ className: "pd-settings-intro" }, t.p({}, tr("topics.intro"))),
        ctx.me.can?.admin ? null : t.p({ className: "pd-notice" }, icon("lock-line"), tr("settings.readonly")),
        () => {
            if (s.error) return failed(s.error, load);
            if (!s.record) return skeleton(6);
            return t.div({ rid: "ready" }, choices(ctx, s.record.value, load));
        },
        () => s.state ? t.div({ rid: JSON.stringify(s.state.value) }, standing(s.state.value), tryBox(ctx, known), taught(s.state.value, known)) : null,
    );
}

function choices(ctx, record, load) {
    const sure = record.topics?.sure || 0.6;
    const options = [...new Set([...levels, sure])].sort().map((x) => [String(x), share(x, 1)]);
    return recordForm({
        ctx,
        record: { id: record.id, topics: { on: !record.topics?.off, sure: String(sure) } },
        specs: [
            { name: "topics.on", type: "bool", label: tr("topics.on"), help: tr("topics.on.help") },
            { name: "topics.sure", type: "select", label: tr("topics.sure"), help: tr("topics.sure.help"), options },
        ],
        readonly: !ctx.me.can?.admin,
        save: async (v) => {
            await ctx.api.save("desk_settings", { id: record.id, topics: { off: !v.topics.on, sure: Number(v.topics.sure) } });
            load();
        },
    });
}

/** How the model stands, and who gave the cases of late their category. */
function standing(m) {
    const [tone, name, key] = m.off ? ["plain", "pause-circle-line", "off"]
        : m.pending ? ["plain", "loader-4-line", "training"]
        : m.refused ? ["warn", "error-warning-line", "refused." + m.refused]
        : m.trained ? ["ok", "check-line", "learned"] : ["plain", "information-line", "shipped"];
    const c = m.counts;
    const facts = [
        [tr("topics.lessons"), whole(m.lessons)],
        m.trained ? [tr("topics.trained"), when(m.trained)] : null,
        m.trained && m.report ? [tr("topics.right"), tr("topics.right.value", { after: whole(m.report.right_after), before: whole(m.report.right_before), all: whole(m.report.lessons) })] : null,
        ...["visitor", "keyword", "model", "staff", "other", "none"].filter((k) => c[k]).map((k) => [tr("topics.by." + k), `${whole(c[k])} (${share(c[k], c.cases)})`]),
    ].filter(Boolean);
    return t.section(
        { className: "pd-panel" },
        t.h3({}, tr("topics.state")),
        t.p({ className: "pd-model-state is-" + tone, role: "status" }, icon(name), t.span({}, tr("topics.state." + key))),
        t.p({ className: "pd-hint" }, c.cases ? tr("topics.days", { n: m.days, cases: whole(c.cases) }) : tr("topics.nocases", { n: m.days })),
        t.dl({ className: "pd-about" }, facts.map(([k, v]) => [t.dt({}, k), t.dd({}, v)])),
    );
}

/** Where staff and the shipped model differ. */
function taught(m, known) {
    const all = m.confusion.reduce((n, x) => n + x.count, 0), same = m.confusion.reduce((n, x) => n + (x.said == x.category ? x.count : 0), 0);
    const rows = m.confusion.filter((x) => x.said != x.category);
    return t.section(
        { className: "pd-panel" },
        t.h3({}, tr("topics.taught")),
        t.p({ className: "pd-hint" }, all ? tr("topics.taught.same", { same: whole(same), all: whole(all) }) : tr("topics.taught.none")),
        rows.length ? t.div(
            { className: "pd-table-wrap" },
            t.table(
                { className: "pd-table" },
                t.thead({}, t.tr({}, ["said", "chosen"].map((k) => t.th({ scope: "col" }, tr("topics.column." + k))), t.th({ scope: "col", className: "is-number" }, tr("topics.column.count")))),
                t.tbody({}, rows.slice(0, differing).map((x) => t.tr({}, t.th({ scope: "row" }, known.category(x.said) || tr("topics.nothing")), t.td({}, known.category(x.category)), t.td({ className: "is-number" }, whole(x.count))))),
            ),
        ) : null,
    );
}
