// A settings screen over one collection: its lines, and a form in place for
// the one that is open.
import { tr, words } from "../lib/i18n.js";
import { box, button, empty, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { recordForm } from "./form.js";

await words("settings");

/**
 * @param {import("../start.js").Context} ctx
 * @param {{key: string, name: string, specs: (record: Object) => import("./form.js").Spec[], blank: Object, list?: () => Promise<Object[]>, starts?: {label: string, icon: string, note?: string, blank: Object}[], after?: (record: Object, values: Object) => Promise<any>, every?: number, line: (r: Object) => (Node|null)[], sort?: string, order?: (rows: Object[]) => Object[], saved?: Function, prepare?: (values: Object, isNew: boolean) => Object, tools?: (r: Object, rows: Object[], reload: Function) => (Node|null)[]}} o
 * name: prefix of the screen's sentences; starts: what a new one may begin as
 * after: what else is saved once the record is, and what to say then if it gives {toast}; every: seconds after which the lines are fetched again
 */
export function recordsScreen(ctx, o) {
    const s = store({ phase: "loading", error: "", rows: box([]), open: "", start: -1 });
    const admin = !!ctx.me.can?.admin;
    const load = async () => {
        try {
            const rows = o.list ? await o.list() : await ctx.api.list(o.key, { sort: o.sort || "-created" });
            s.rows = box(o.order ? o.order(rows) : rows);
            s.phase = "ready";
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    const form = (record) => {
        const isNew = !record.id;
        return recordForm({
            ctx,
            specs: o.specs(record),
            record: isNew ? structuredClone({ ...o.blank, ...o.starts?.[s.start]?.blank }) : record,
            readonly: !admin,
            cancel: () => (s.open = ""),
            save: async (values) => {
                const kept = await ctx.api.save(o.key, { ...(o.prepare ? o.prepare(values, isNew) : values), isNew });
                const said = await o.after?.(kept, values)?.catch((err) => ctx.host.toast.error(sentence(err)));
                s.open = ""; // only now all of it is kept
                ctx.host.toast.ok(said?.toast || tr("form.saved"));
                await load();
                o.saved?.();
            },
            remove: isNew ? undefined : async () => {
                if (!(await ctx.host.confirm(tr(o.name + ".delete"), { yes: tr("action.delete"), no: tr("action.cancel") }))) return;
                try {
                    await ctx.api.remove(o.key, record.id);
                    s.open = "";
                    await load();
                    o.saved?.();
                } catch (err) {
                    ctx.host.toast.error(sentence(err));
                }
            },
        });
    };
    load();

    let timer;
    return t.div(
        {
            className: "pd-records",
            onmount: () => (timer = o.every && setInterval(() => s.open || document.hidden || load(), o.every * 1000)),
            onunmount: () => clearInterval(timer),
        },
        t.div(
            { className: "pd-settings-intro" },
            t.p({}, tr(o.name + ".intro")),
            admin ? button({ label: tr(o.name + ".add"), icon: "add-line", kind: "primary", run: () => ((s.start = -1), (s.open = "new")) }) : null,
        ),
        admin ? null : t.p({ className: "pd-notice" }, icon("lock-line"), tr("settings.readonly")),
        () => s.open == "new" && o.starts && s.start < 0 ? starts() : null,
        () => s.open == "new" && (!o.starts || s.start >= 0) ? t.div({ className: "pd-record is-open", onmount: (el) => el.querySelector("input,select,textarea")?.focus() }, form({})) : null,
        () => {
            if (s.phase == "loading") return skeleton(4);
            if (s.phase == "error") return failed(s.error, load);
            const rows = s.rows.value;
            if (!rows.length) return empty("inbox-2-line", tr(o.name + ".none"), tr(o.name + ".none.hint"));
            return rows.map((r) => record(r, rows));
        },
    );

    function starts() {
        return t.div(
            { className: "pd-starts" },
            t.p({ className: "pd-hint" }, tr(o.name + ".start")),
            t.div(
                { className: "pd-starts-list" },
                o.starts.map((x, i) => t.button({ type: "button", className: "pd-start", onclick: () => (s.start = i) }, icon(x.icon), t.strong({}, x.label), x.note ? t.span({ className: "pd-hint" }, x.note) : null)),
            ),
            t.div({ className: "pd-form-foot" }, t.span({ className: "pd-row-fill" }), button({ label: tr("action.cancel"), kind: "quiet", run: () => (s.open = "") })),
        );
    }

    function record(r, rows) {
        const open = () => s.open == r.id;
        return t.div(
            { rid: r.id + (r.updated || "") + JSON.stringify(r), className: () => "pd-record" + (open() ? " is-open" : "") },
            t.div(
                { className: "pd-record-top" },
                t.button(
                    { type: "button", className: "pd-record-line", ariaExpanded: () => open(), onclick: () => (s.open = open() ? "" : r.id) },
                    ...o.line(r),
                    icon("arrow-down-s-line"),
                ),
                ...(admin && o.tools ? o.tools(r, rows, load) : []),
            ),
            () => open() ? form(r) : null,
        );
    }
}
