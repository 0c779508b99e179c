// "/" where a word begins: templates by a few letters, with the text as it
// would be sent on this case.
import { comma, tr, words } from "../lib/i18n.js";
import { icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { withoutLiquid } from "../lib/fit.js";
import { localeName } from "./labels.js";
import { suggest } from "./suggest.js";
import { byCategory, ranked, templatesFor } from "./templates.js";

await words("compose", "rare");

const pause = 120; // milliseconds before the one that the arrows stand on is rendered

/** @param {{desk: import("./page.js").Desk, view: import("./case.js").CaseView, s: import("./draft.js").Draft, area: HTMLTextAreaElement, insert: Function, at: number}} o */
export async function slash({ desk, view, s, area, insert, at }) {
    const c = view.get().case;
    const made = new Map(); // key -> Promise of the rendered text
    const look = store({ problem: "", text: null, key: "" });
    let groups = [], ready = false, timer;

    const render = (g) => {
        if (!made.has(g.key)) {
            const asked = desk.api.preview(view.id, { template: g.key, locale: g.best.locale }).then((m) => ({ ...m, locale: m.locale || g.best.locale, template: g.key }));
            asked.catch(() => made.delete(g.key));
            made.set(g.key, asked);
        }
        return made.get(g.key);
    };
    const show = (row) => {
        clearTimeout(timer);
        if (!row || row.key == look.key) return;
        timer = setTimeout(async () => {
            Object.assign(look, { key: row.key, text: null, problem: "" });
            try {
                const m = await render(row.g);
                if (look.key == row.key) look.text = { ...m };
            } catch (err) {
                if (look.key == row.key) look.problem = sentence(err);
            }
        }, pause);
    };
    const row = (g, group) => ({
        key: g.key,
        g,
        group,
        el: () => [
            t.span({ className: "pd-suggest-name", lang: g.best.locale }, withoutLiquid(g.best.subject) || withoutLiquid(g.best.body).slice(0, 60)),
            g.best.shortcut ? t.kbd({}, g.best.shortcut) : null,
            g.best.locale != c.locale ? t.span({ className: "pd-hint" }, localeName(g.best.locale)) : null,
        ].filter(Boolean),
    });
    const rows = (typed) => typed.trim()
        ? ranked(groups, typed, c).map((g) => row(g))
        : byCategory(desk, groups, c).map((g) => row(g, g.best.category ? desk.names.category(g.best.category) : tr("slash.general")));
    const pop = suggest({
        area,
        at,
        label: tr("compose.template"),
        rows: (typed) => (ready ? rows(typed) : []),
        empty: tr("slash.empty"),
        onmove: show,
        aside: () => preview(look),
        pick: async (r, from, end) => {
            try {
                insert(await render(r.g), from, end);
            } catch (err) {
                desk.host.toast.error(sentence(err));
            }
        },
    });
    if (!pop) return;
    try {
        groups = await templatesFor(desk, c.locale, s.mode == "sms");
    } catch (err) {
        desk.host.toast.error(sentence(err));
        return pop.close();
    }
    ready = true;
    pop.redraw();
    show(rows(area.value.slice(at + 1, area.selectionStart))[0]);
}

function preview(look) {
    return t.div({}, () => {
        if (look.problem) return t.p({ className: "pd-hint" }, look.problem);
        const m = look.text;
        if (!m) return skeleton(2);
        return [
            m.subject ? t.div({ className: "pd-msg-subject" }, m.subject) : null,
            t.div({ className: "pd-text", lang: m.locale }, m.body),
            m.empty?.length ? t.p({ className: "pd-compose-warn" }, icon("alert-line"), tr("compose.empty", { names: m.empty.join(comma()) })) : null,
        ].filter(Boolean);
    });
}
