// The command bar: everything that the Desk can do, found by typing a few letters
// in any of its languages.
import { language, tr, words } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { dialog } from "../lib/dialog.js";
import { sentence } from "../lib/api.js";
import { fit } from "../lib/fit.js";
import { commands, go, goTo } from "./commands.js";
import { act, perform, targets } from "./acts.js";
import { choicesOf } from "./choices.js";
import { macroPicker, macrosOf } from "./macros.js";
import { shown } from "./keyhelp.js";

await words("bulk", "command");

/** The words of all languages: who works in one may think in another. */
const others = {};
const spoken = ["en", "zh-TW", "ja"].map((lang) =>
    Promise.all([import(`../locales/${lang}/command.js`), import(`../locales/${lang}/desk.js`)]).then(([a, b]) => {
        for (const [key, text] of Object.entries({ ...b.default, ...a.default })) {
            if (key.startsWith("cmd.") || key.startsWith("queue.")) (others[key] ??= []).push(text);
        }
    }).catch(() => {}) // it is found in the language on the screen all the same
);
await Promise.all(spoken);

const menus = ["assign", "status", "priority", "category", "team", "later"];
const most = 60;

/** @param {import("./page.js").Desk} desk */
export function commandBar(desk) {
    const base = root(desk), levels = [];
    let shownItems = [], at = 0, macros = [];
    macrosOf(desk).then((list) => {
        macros = list.map((m) => ({ id: "macro " + m.id, group: "macro", icon: "flashlight-line", label: m.name, can: () => targets(desk).length > 0, run: () => macroPicker(desk, targets(desk), m.id) })).filter((m) => m.can());
        if (!levels.length) draw();
    }).catch(() => {}); // the rest is there without them

    const search = t.input({
        className: "pd-command-input",
        placeholder: tr("command.placeholder"),
        role: "combobox",
        ariaLabel: tr("command.title"),
        ariaExpanded: "true",
        ariaAutoComplete: "list",
        autocomplete: "off",
        spellcheck: false,
        "html-aria-controls": "pd-command-list",
        oninput: (e) => {
            at = 0;
            if (!e.isComposing) draw();
        },
        oncompositionend: () => draw(),
        onkeydown: (e) => {
            if (e.isComposing || e.keyCode == 229) return; // an input method is at work
            const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
            if (step) at = (at + step + shownItems.length) % Math.max(1, shownItems.length);
            else if (e.key == "Home" && !search.value) at = 0;
            else if (e.key == "Enter") take(shownItems[at]);
            else if (e.key == "Backspace" && !search.value && levels.length) back();
            else return;
            e.preventDefault();
            draw();
        },
    });
    const crumbs = t.div({ className: "pd-command-crumbs" });
    const list = t.div({ className: "pd-command-list", role: "listbox", id: "pd-command-list", ariaLabel: tr("command.title") });
    const count = t.p({ className: "pd-hint", role: "status" });

    const back = () => {
        levels.pop();
        search.value = "";
        at = 0;
    };
    const take = (item) => {
        if (!item) return;
        if (item.level) {
            levels.push(item);
            search.value = "";
            at = 0;
            return draw();
        }
        d.close();
        // the dialog gives the focus back first: what opens now takes it from there
        queueMicrotask(() => Promise.resolve(item.run(desk)).catch((err) => desk.host.toast.error(sentence(err))));
    };
    const found = () => {
        const typed = search.value.trim(), level = levels.at(-1);
        const all = level ? level.level() : [...base, ...macros];
        const ranked = typed ? all.map((i) => [points(typed, i), i]).filter(([p]) => p > 0).sort((a, b) => b[0] - a[0]).map(([, i]) => i) : all;
        if (level || !typed) return ranked.slice(0, most);
        const number = /^[#＃]?\s*(\d{1,12})$/.exec(typed.normalize("NFKC"));
        return [
            ...(number ? [{ id: "number", group: "find", icon: "hashtag", label: tr("command.case", { number: number[1] }), run: () => jump(desk, Number(number[1])) }] : []),
            ...ranked.slice(0, most),
            { id: "search", group: "find", icon: "search-line", label: tr("command.search", { text: typed }), run: () => searchFor(desk, typed) },
        ];
    };
    const draw = () => {
        shownItems = found();
        at = Math.min(at, Math.max(0, shownItems.length - 1));
        let group = "";
        const rows = [];
        shownItems.forEach((item, i) => {
            if (item.group != group && item.group && !search.value.trim()) rows.push(t.div({ className: "pd-command-group", role: "presentation" }, tr("command.in." + item.group)));
            group = item.group;
            rows.push(option(item, i, i == at, () => take(item)));
        });
        list.replaceChildren(...(rows.length ? rows : [t.p({ className: "pd-hint pd-pick-none" }, tr("pick.none"))]));
        search.setAttribute("aria-activedescendant", shownItems.length ? "pd-command-" + at : "");
        list.querySelector(".is-at")?.scrollIntoView({ block: "nearest" });
        crumbs.replaceChildren(...levels.map((l) => t.span({ className: "pd-chip" }, l.label)));
        count.textContent = search.value ? tr("command.found", { n: shownItems.length }) : levels.length ? tr("command.back") : "";
    };

    const d = dialog({ label: tr("command.title"), className: "pd-command" }, () => [
        t.div({ className: "pd-command-top" }, icon("search-line"), crumbs, search, t.kbd({}, "Esc")),
        list,
        count,
    ]);
    draw();
    search.focus();
}

function option(item, i, on, take) {
    return t.div(
        { id: "pd-command-" + i, role: "option", ariaSelected: String(on), className: "pd-item" + (on ? " is-at" : ""), onpointerdown: (e) => e.preventDefault(), onclick: take },
        icon(item.icon || "arrow-right-line"),
        t.span({ className: "pd-item-label" }, item.label),
        item.hint ? t.span({ className: "pd-hint" }, item.hint) : null,
        item.key ? t.span({ className: "pd-command-keys", ariaHidden: true }, shown(item.key).split(" ").map((k) => t.kbd({}, k))) : null,
        item.level ? icon("arrow-right-s-line") : null,
    );
}

/** Letters fit a command by its name in any language, or by other words for it. */
function points(typed, item) {
    const key = item.queue ? "queue." + item.queue : "cmd." + item.id;
    const texts = [item.label, item.also, ...(others[key] || []), ...(others[key + ".also"] || [])];
    return Math.max(...texts.map((x) => (typeof x == "string" ? fit(typed, x) : 0)));
}

/** The first level: what can be done here, then where to go. */
function root(desk) {
    const n = targets(desk).length;
    const doing = commands(desk).map((c) => (menus.includes(c.id) ? { ...c, level: () => choices(desk, c.id) } : c));
    const q = desk.counts.queues.value;
    const views = (q.views || []).map((v) => ({ id: "view " + v.id, group: "go", icon: "filter-3-line", label: v.name, run: () => go(desk, "view:" + v.id) }));
    const people = { id: "people", group: "go", icon: "team-line", label: tr("cmd.people"), level: () => (desk.me.agents || []).filter((a) => a.role != "integration").map((a) => ({ id: "person " + a.id, icon: "user-line", label: a.name, run: () => person(desk, a.id) })) };
    const tongue = { id: "language", group: "desk", icon: "global-line", label: tr("cmd.language"), level: () => [["en", "English"], ["zh-TW", "繁體中文"], ["ja", "日本語"]].filter(([l]) => l != language()).map(([l, name]) => ({ id: l, icon: "global-line", label: name, run: () => desk.speak(l) })) };
    return [...doing.map((c) => (c.group == "case" && n > 1 ? { ...c, hint: tr("command.cases", { n }) } : c)), ...goTo(desk), ...views, people, tongue];
}

/** A menu as a level of the bar. */
function choices(desk, name) {
    const cases = targets(desk), c = choicesOf(desk, name, cases);
    return c.items.map((i) => ({
        id: name + " " + i.label,
        icon: i.icon || (i.checked ? "check-line" : "checkbox-blank-circle-line"),
        label: i.label,
        also: i.also,
        hint: i.hint,
        run: async () => {
            if (i.value?.date) return act(desk, name); // a date is asked for in its own panel
            const actions = await c.actions(i);
            if (actions?.length) await perform(desk, cases, { actions });
        },
    }));
}

const person = (desk, id) => (desk.counts.queues.value.people ? go(desk, "person:" + id) : go(desk, "open", { assignee: id }));

/** Opens the case of a number, where the person may see it. */
async function jump(desk, number) {
    const page = await desk.api.cases({ queue: "all", q: "#" + number, limit: 10 });
    const hit = (page.items || []).find((c) => c.number == number);
    if (hit) desk.go({ kind: "c", id: hit.id });
    else desk.host.toast.info(tr("command.nocase", { number }));
}

function searchFor(desk, text) {
    if (desk.searchFor) return desk.searchFor(text);
    go(desk, desk.place.queue == "quarantine" ? "open" : desk.place.queue, { q: text });
}
