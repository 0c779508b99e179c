// Finds a template by a few letters and shows the text as it would be sent.
import { comma, tr, words } from "../lib/i18n.js";
import { box, button, empty, failed, icon, skeleton } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { withoutLiquid } from "../lib/fit.js";
import { localeName } from "./labels.js";
import { byCategory, ranked, templatesFor } from "./templates.js";

await words("desk", "rare");

/** @param {{desk: import("./page.js").Desk, view: import("./case.js").CaseView, anchor: HTMLElement, insert: (made: Object) => void, sms?: boolean}} o sms: texts for phones */
export function templatePicker({ desk, view, anchor, insert, sms }) {
    const c = view.get().case;
    const s = store({ phase: "loading", error: "", groups: box([]), typed: "", at: 0, locale: "", made: null, problem: "" });
    let turn = 0, wanted = false; // Enter may come before the preview has
    const hits = () => (s.typed.trim() ? ranked(s.groups.value, s.typed, c) : byCategory(desk, s.groups.value, c));
    const current = () => hits()[s.at];

    const load = async () => {
        s.phase = "loading";
        try {
            s.groups = box(await templatesFor(desk, c.locale, sms));
            s.phase = "ready";
            show();
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    const show = async () => {
        const mine = ++turn, g = current();
        s.made = null;
        s.problem = "";
        if (!g) return;
        const locale = g.rows.some((r) => r.locale == s.locale) ? s.locale : g.best.locale;
        try {
            const made = await desk.api.preview(view.id, { template: g.key, locale });
            if (mine != turn) return;
            s.made = box({ ...made, locale: made.locale || locale, template: g.key });
            if (wanted) take();
        } catch (err) {
            if (mine == turn) s.problem = sentence(err);
        }
    };
    const choose = (i) => {
        s.at = Math.max(0, Math.min(hits().length - 1, i));
        list.children[s.at]?.scrollIntoView({ block: "nearest" });
        show();
    };
    const take = () => {
        wanted = !s.made;
        if (wanted) return;
        insert(s.made.value);
        pop.close();
    };

    const search = t.input({
        type: "search",
        className: "pd-input",
        placeholder: tr("picker.search"),
        ariaLabel: tr("picker.search"),
        oninput: (e) => {
            s.typed = e.target.value;
            wanted = false;
            s.at = 0;
            show();
        },
        onkeydown: (e) => {
            if (e.isComposing || e.keyCode == 229) return;
            const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
            if (step) {
                e.preventDefault();
                choose(s.at + step);
            } else if (e.key == "Enter") {
                e.preventDefault();
                take();
            }
        },
    });
    const list = t.div(
        { className: "pd-picker-list", role: "listbox", ariaLabel: tr("compose.template") },
        () => {
            if (s.phase == "loading") return skeleton(4);
            if (s.phase == "error") return failed(s.error, load);
            const all = hits();
            if (!all.length) return empty("file-search-line", tr(s.typed ? "picker.nohits" : "picker.none"), s.typed ? "" : tr("picker.none.hint"));
            return all.map((g, i) => option(desk, s, g, i, choose, take));
        },
    );
    const pop = popover(
        anchor,
        () => [
            search,
            t.div({ className: "pd-picker-panes" }, list, t.div({ className: "pd-picker-preview" }, () => preview({ s, current, take, again: show }))),
        ],
        { className: "pd-picker", label: tr("compose.template") },
    );
    if (pop) {
        search.focus();
        load().then(() => requestAnimationFrame(pop.place));
    }
}

function option(desk, s, g, i, choose, take) {
    const r = g.best;
    return t.button(
        {
            type: "button",
            role: "option",
            tabIndex: -1,
            ariaSelected: () => s.at == i,
            className: () => "pd-picker-item" + (s.at == i ? " is-active" : ""),
            onclick: () => choose(i),
            ondblclick: take,
        },
        t.span({ className: "pd-picker-name", lang: r.locale }, withoutLiquid(r.subject) || withoutLiquid(r.body).slice(0, 60)),
        t.span(
            { className: "pd-picker-meta" },
            r.shortcut ? t.kbd({}, r.shortcut) : null,
            r.category ? t.span({}, desk.names.category(r.category)) : null,
            t.span({}, localeName(r.locale)),
        ),
    );
}

function preview({ s, current, take, again }) {
    const g = current();
    if (!g) return null;
    if (s.problem) return failed(s.problem, again);
    if (!s.made) return skeleton(3);
    const made = s.made.value;
    return t.div(
        { className: "pd-picker-made" },
        g.rows.length > 1
            ? t.div(
                { className: "pd-picker-locales" },
                g.rows.map((r) =>
                    button({
                        label: localeName(r.locale),
                        kind: "small" + (r.locale == made.locale ? " on" : " quiet"),
                        run: () => {
                            s.locale = r.locale;
                            again();
                        },
                    })
                ),
            )
            : null,
        made.subject ? t.div({ className: "pd-msg-subject" }, made.subject) : null,
        t.div({ className: "pd-text", lang: made.locale }, made.body),
        made.empty?.length ? t.p({ className: "pd-compose-warn" }, icon("alert-line"), tr("compose.empty", { names: made.empty.join(comma()) })) : null,
        t.div({ className: "pd-pop-foot" }, button({ label: tr("picker.insert"), icon: "corner-down-left-line", kind: "primary", run: take })),
    );
}

