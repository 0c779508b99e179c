// Making a view: conditions row by row, the filter that they write, and what it
// finds while one writes it.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, box, button, field, icon, select } from "../lib/dom.js";
import { fieldError, sentence } from "../lib/api.js";
import { filterText, readFilter, ruleFields } from "./viewrules.js";
import { rowKey, ruleRow } from "./viewrow.js";
import { openQueue } from "./queues.js";

await words("rare", "viewform");

const scopes = ["open", "waiting", "done", "all"], sorts = ["due", "waiting", "newest", "oldest"];
const rest = 350;

/** @param {import("./page.js").Desk} desk @param {{view: Object|null, share: boolean}} o */
export function viewForm(desk, { view, share }) {
    const fields = ruleFields(desk), before = document.activeElement;
    const read = readFilter(view?.filter || "", fields);
    const s = store({
        rules: box(read?.rules.length ? read.rules : view ? [] : [{ field: "priority", op: "is", value: "urgent" }]),
        match: read?.match || "all", hand: !read, text: view?.filter || "", scope: view?.scope || "open", sort: view?.sort || "due",
        found: box(null), error: "", nameError: "",
    });
    const text = () => (s.hand ? s.text.trim() : filterText(s.rules.value, s.match, fields));

    let timer, turn = 0;
    const look = async () => {
        const mine = ++turn;
        try {
            const found = await desk.api.checkView({ filter: text(), scope: s.scope, sort: s.sort });
            if (mine != turn) return;
            s.found = box(found);
            s.error = found.error ? trOr("view.error." + found.error.code, found.error.message, { part: found.error.part, why: found.error.message }) : "";
        } catch (err) {
            if (mine == turn) s.error = sentence(err);
        }
    };
    const soon = () => {
        clearTimeout(timer);
        timer = setTimeout(look, rest);
    };
    const changed = (rules) => {
        s.rules = box(rules);
        soon();
    };
    const set = (i, part) => changed(s.rules.value.map((r, at) => (at == i ? { ...r, ...part } : r)));

    const name = t.input({ className: "pd-input", maxLength: 60, value: view?.name || "", placeholder: tr("view.name.hint"), autocomplete: "off", oninput: () => (s.nameError = "") });
    const shared = t.input({ type: "checkbox", checked: !!view?.shared });
    const save = async () => {
        if (!name.value.trim()) {
            s.nameError = tr("view.name.missing");
            return name.focus();
        }
        try {
            const record = await desk.api.save("desk_views", {
                ...(view ? { id: view.id } : { isNew: true, owner: desk.me.agent.id }),
                name: name.value.trim(), filter: text(), scope: s.scope, sort: s.sort, ...(share ? { shared: shared.checked } : {}),
            });
            el.close();
            await desk.recount();
            openQueue(desk, "view:" + record.id);
            desk.list?.reload?.();
        } catch (err) {
            s.nameError = fieldError(err, "name");
            s.error = fieldError(err, "filter") || (s.nameError ? "" : sentence(err));
        }
    };

    const rows = () =>
        s.hand ? null : t.div(
            { className: "pd-rules", rid: "rules" + s.rules.value.map(rowKey) },
            s.rules.value.length > 1
                ? select({ label: tr("view.match"), value: s.match, options: [["all", tr("view.match.all")], ["any", tr("view.match.any")]], onchange: (v) => ((s.match = v), soon()) })
                : null,
            s.rules.value.map((rule, i) => ruleRow({ fields, rule, change: (part) => set(i, part), remove: () => changed(s.rules.value.filter((_, at) => at != i)) })),
            t.div({}, button({ label: tr("view.add"), icon: "add-line", kind: "quiet small", run: () => changed([...s.rules.value, { field: "category", op: "is", value: fields.category.options[0][0] }]) })),
        );
    const byHand = (e) => {
        s.text = e.target.value;
        s.hand = true;
        soon();
    };
    const toRows = () => {
        const got = readFilter(s.text, fields);
        if (!got) return;
        s.match = got.match;
        s.hand = false;
        changed(got.rules);
    };

    const el = t.dialog(
        {
            className: "pd-dialog pd-view-form",
            ariaLabel: tr(view ? "view.edit" : "view.new"),
            onclose: () => {
                clearTimeout(timer);
                el.remove();
                before?.focus?.();
            },
            onclick: (e) => {
                if (e.target == el) el.close(); // the shade around it; giving back false would stop every click inside
            },
        },
        t.form(
            { method: "dialog", className: "pd-view-body", onsubmit: (e) => (e.preventDefault(), save()) },
            t.header({ className: "pd-dialog-head" }, t.h2({}, tr(view ? "view.edit" : "view.new")), button({ icon: "close-line", title: tr("action.close"), kind: "quiet square", run: () => el.close() })),
            t.div(
                { className: "pd-view-fields" },
                field({ label: tr("view.name"), control: name, error: () => s.nameError }),
                t.div(
                    { className: "pd-view-pair" },
                    field({ label: tr("view.scope"), control: select({ label: tr("view.scope"), value: s.scope, options: scopes.map((x) => [x, tr("view.scope." + x)]), onchange: (v) => ((s.scope = v), soon()) }) }),
                    field({ label: tr("sort.label"), control: select({ label: tr("sort.label"), value: s.sort, options: sorts.map((x) => [x, tr("sort." + x)]), onchange: (v) => (s.sort = v) }) }),
                ),
                t.h3({}, tr("view.conditions")),
                rows,
                t.details(
                    { className: "pd-view-text", open: s.hand },
                    t.summary({}, tr("view.text")),
                    t.textarea({ className: "pd-textarea", rows: 3, maxLength: 2000, spellcheck: false, ariaLabel: tr("view.text"), value: () => (s.hand ? s.text : text()), oninput: byHand }),
                    t.p({ className: "pd-hint" }, () => tr(s.hand ? "view.text.hand" : "view.text.why")),
                    () => s.hand && readFilter(s.text, fields) ? button({ label: tr("view.text.rows"), icon: "list-settings-line", kind: "small", run: toRows }) : null,
                ),
                t.div({ className: "pd-view-found", role: "status" }, () => foundWords(s)),
                share ? t.label({ className: "pd-check" }, shared, tr("view.share")) : null,
            ),
            t.footer(
                { className: "pd-dialog-foot" },
                button({ label: tr("action.cancel"), kind: "quiet", run: () => el.close() }),
                action({ label: tr("action.save"), kind: "primary", run: save, disabled: () => !!s.error }),
            ),
        ),
    );
    (document.querySelector(".pd-page") || document.body).append(el);
    el.showModal();
    name.focus();
    look();
}

/** What the view finds, or what is wrong with it. */
function foundWords(s) {
    if (s.error) return t.p({ rid: s.error, className: "pd-field-error" }, icon("error-warning-line"), s.error);
    const found = s.found.value;
    if (!found) return t.p({ className: "pd-hint" }, tr("state.loading"));
    const n = found.count?.count;
    return t.div(
        { rid: JSON.stringify(found) },
        t.p({ className: "pd-view-count" }, found.count ? tr("view.finds", { n: found.count.more ? n + 1 : n, shown: n + (found.count.more ? "+" : "") }) : tr("view.finds.unknown")),
        t.ul({}, (found.sample || []).map((r) => t.li({}, t.span({ className: "pd-hint" }, "#" + r.number), " ", t.bdi({}, r.contact?.name || tr("person.unnamed")), " · ", t.bdi({}, r.subject || tr("case.nosubject"))))),
    );
}
