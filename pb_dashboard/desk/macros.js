// Several actions under one name. Before one runs it says what it will do, and
// shows the answer as each case would get it.
import { tr, words } from "../lib/i18n.js";
import { action, box, button, chip, empty, failed, skeleton } from "../lib/dom.js";
import { dialog } from "../lib/dialog.js";
import { sentence } from "../lib/api.js";
import { fit } from "../lib/fit.js";
import { letters } from "./letters.js";
import { lookMany } from "./runmany.js";
import { perform } from "./acts.js";
import { inWords } from "./actionwords.js";
import { macroForm } from "./macroform.js";

await words("bulk", "desk");

/** The macros that a person may use: superusers are shown everybody's. */
export const macrosOf = async (desk) => {
    const me = desk.me.agent?.id;
    return (await desk.api.list("macros", { sort: "position,name" })).filter((m) => m.shared || m.owner == me);
};

/** @param {import("./page.js").Desk} desk @param {import("./selection.js").Ticked[]} cases @param {string} [first] id of the macro to begin with */
export function macroPicker(desk, cases, first = "") {
    const s = store({ phase: "loading", error: "", rows: box([]), typed: "", id: first, look: null, problem: "", at: 0, form: null });
    let turn = 0;
    const me = desk.me.agent?.id;
    const hits = () => {
        const all = s.rows.value.map((m) => [s.typed ? Math.max(fit(s.typed, m.name), fit(s.typed, inWords(desk, m.actions).join(" ")) / 2) : 1, m]).filter(([p]) => p > 0);
        return (s.typed ? all.sort((a, b) => b[0] - a[0]) : all).map(([, m]) => m);
    };
    const current = () => hits().find((m) => m.id == s.id);

    const load = async () => {
        try {
            s.rows = box(await macrosOf(desk));
            s.phase = "ready";
            choose(current()?.id || hits()[0]?.id);
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    const choose = async (id) => {
        const mine = ++turn;
        Object.assign(s, { id: id || "", look: null, problem: "", at: 0 });
        if (!id) return;
        try {
            await lookMany(desk, cases, { macro: id }, (known) => {
                if (mine == turn) s.look = box({ ...known });
                return mine == turn;
            });
        } catch (err) {
            if (mine == turn) s.problem = sentence(err);
        }
    };
    const run = async () => {
        const m = current(), known = s.look?.value;
        if (!m || !known?.ready || known.looked < known.of) return;
        d.close();
        await perform(desk, cases, { macro: m.id, name: m.name });
    };
    const edit = (record) => {
        s.form = box(macroForm(desk, record, {
            saved: (kept) => {
                s.form = null;
                s.id = kept?.id || "";
                load().then(() => search.focus());
            },
            cancel: () => (s.form = null),
        }));
    };

    const search = t.input({
        type: "search", className: "pd-input", placeholder: tr("macros.search"), ariaLabel: tr("macros.search"),
        oninput: (e) => {
            s.typed = e.target.value;
            const to = hits()[0]?.id;
            if (to != s.id) choose(to);
        },
        onkeydown: (e) => {
            if (e.isComposing || e.keyCode == 229) return;
            const step = { ArrowDown: 1, ArrowUp: -1 }[e.key], all = hits();
            if (!step && e.key != "Enter") return;
            e.preventDefault();
            if (!step) return run();
            const to = all[Math.max(0, Math.min(all.length - 1, all.findIndex((m) => m.id == s.id) + step))];
            if (to) choose(to.id);
        },
    });
    const line = (m) =>
        t.button(
            { type: "button", rid: m.id + m.updated, ariaPressed: () => String(s.id == m.id), className: () => "pd-picker-item" + (s.id == m.id ? " is-active" : ""), onclick: () => choose(m.id), ondblclick: run },
            t.span({ className: "pd-picker-name" }, m.name),
            t.span({ className: "pd-picker-meta" }, m.shared ? chip(tr("macros.shared"), "info") : null, t.span({}, tr("macros.used", { n: m.used || 0 }))),
        );
    const list = () => {
        if (s.phase == "loading") return skeleton(4);
        if (s.phase == "error") return failed(s.error, load);
        const all = hits();
        return all.length ? all.map(line) : empty("flashlight-line", tr(s.typed ? "picker.nohits" : "macros.none"), s.typed ? "" : tr("macros.none.hint"));
    };
    const right = () => {
        const m = current();
        if (!m) return null;
        return t.div(
            { rid: "macro" + m.id + m.updated, className: "pd-macro-look" },
            t.h3({}, m.name),
            t.ol({ className: "pd-macro-acts" }, inWords(desk, m.actions).map((w) => t.li({}, w))),
            () => {
                if (s.problem) return failed(s.problem, () => choose(s.id));
                return s.look ? letters(desk, s.look.value, s) : skeleton(3);
            },
            m.owner == me || desk.me.can?.admin
                ? t.div({}, button({ label: tr("macros.edit"), icon: "pencil-line", kind: "quiet small", run: () => edit(m) }))
                : null,
        );
    };

    const title = tr("macros.title", { n: cases.length });
    const d = dialog({ label: title, className: "pd-answer" }, (close) => [
        t.header({ className: "pd-dialog-head" }, t.h2({}, title), button({ icon: "close-line", title: tr("action.close"), kind: "quiet square", run: close })),
        t.div({ className: "pd-answer-form", hidden: () => !s.form }, () => s.form?.value),
        t.div(
            { className: "pd-answer-panes", hidden: () => !!s.form },
            t.div({ className: "pd-answer-left" }, search, t.div({ className: "pd-picker-list" }, list)),
            t.div({ className: "pd-answer-right" }, right),
        ),
        t.footer(
            { className: "pd-dialog-foot", hidden: () => !!s.form },
            me ? button({ label: tr("macros.new"), icon: "add-line", kind: "quiet", run: () => edit({}) }) : null,
            t.span({ className: "pd-row-fill" }),
            () => {
                const known = s.look?.value, n = known && known.looked == known.of ? known.ready : 0;
                return action({ label: n ? tr("macros.run", { n }) : tr("macros.go"), icon: "flashlight-line", kind: "primary", disabled: !n, hint: "↵", run });
            },
        ),
    ]);
    search.focus();
    load();
}
