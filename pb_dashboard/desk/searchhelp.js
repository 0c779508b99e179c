// What a search takes besides words, told beside the box while it has the focus:
// names of filters, and for some of them the values that there are. The box keeps
// the focus; arrows move, Enter or Tab takes, Escape closes.
import { shop } from "../lib/time.js";
import { byLocale, tr, words } from "../lib/i18n.js";
import { localeName, priorities, priorityName, statuses, statusName } from "./labels.js";

await words("search");

const names = ["from", "to", "category", "status", "assignee", "priority", "team", "tag", "channel", "locale", "before", "after", "is", "has"];
const states = ["late", "open", "waiting", "done", "unread", "unassigned", "mine"];
const channels = ["form", "email", "phone", "sms", "page", "chat", "line", "api"];

/** A value as it is typed: in quotation marks where it has blanks. */
const typedAs = (v) => (/[\s"]/.test(v) ? `"${v.replaceAll('"', "")}"` : v);

/** What may stand behind a filter's name: [typed, shown]. */
function values(desk, name) {
    const { me } = desk;
    const named = (list) => (list || []).map((x) => [typedAs(x.name), x.name]);
    return {
        category: () => desk.names.categories().map((c) => [c.id, byLocale(c.labels) || c.id]),
        status: () => statuses.map((s) => [s, statusName(s)]),
        priority: () => priorities.map((p) => [p, priorityName(p)]),
        assignee: () => [["me", tr("search.me")], ["none", tr("search.none")], ...named(me.agents)],
        team: () => [["none", tr("search.none")], ...named(me.teams)],
        locale: () => (me.locales || []).map((l) => [l, localeName(l)]),
        channel: () => channels.map((c) => [c, tr("channel." + c)]),
        is: () => states.map((s) => [s, tr("search.is." + s)]),
        has: () => [["file", tr("search.has.file")]],
        before: () => dates(),
        after: () => dates(),
    }[name]?.();
}

function dates() {
    const day = (back) => new Date(Date.now() - back * 86_400_000).toLocaleDateString("sv", { timeZone: shop.zone });
    return [["today", tr("search.today")], ["7d", tr("search.week")], [day(30), day(30)], [day(365), day(365)]];
}

/**
 * @param {import("./page.js").Desk} desk
 * @param {HTMLInputElement} input
 * @param {{ask: (text: string) => void, leave: () => void}} run
 */
export function searchHelp(desk, input, run) {
    if (document.activeElement != input || input.getAttribute("aria-controls")) return;
    const id = "pd-searchhelp";
    const s = store({ n: 0, at: -1 });
    let rows = [];
    const word = () => input.value.slice(0, input.selectionStart ?? input.value.length).match(/\S*$/)[0];
    const option = (row, i) =>
        t.div(
            {
                rid: row.put,
                role: "option",
                id: `${id}-${i}`,
                className: () => "pd-suggest-item" + (s.at == i ? " is-active" : ""),
                ariaSelected: () => String(s.at == i),
                onmousedown: (e) => e.preventDefault(), // the box keeps the focus
                onclick: () => take(i),
            },
            t.code({}, row.put.trim()),
            t.span({ className: "pd-hint" }, row.what),
        );
    const find = () => {
        const [, not, name, typed] = word().match(/^(-?)([a-z]+)[:：](.*)$/i) || [];
        if (name) {
            const low = typed.toLocaleLowerCase();
            return (values(desk, name.toLowerCase()) || [])
                .filter(([v, shown]) => !low || v.toLocaleLowerCase().includes(low) || shown.toLocaleLowerCase().includes(low))
                .slice(0, 12).map(([v, shown]) => ({ put: `${not}${name}:${v} `, what: shown == v ? "" : shown }));
        }
        const begun = word().toLowerCase();
        if (!begun && input.value.trim()) return []; // what was found is read now
        return names.filter((n) => n.startsWith(begun)).map((n) => ({ put: n + ":", what: tr("search.by." + n) }));
    };
    const panel = t.div(
        { className: "pd-pop pd-searchhelp", popover: "manual" },
        () => {
            s.n;
            rows = find();
            return t.div(
                {},
                word() ? null : t.p({ className: "pd-hint" }, tr("search.help")),
                t.div({ role: "listbox", id, ariaLabel: tr("search.filters") }, rows.map(option)),
            );
        },
    );
    const take = (i) => {
        const row = rows[i];
        if (!row) return;
        const end = input.selectionStart ?? input.value.length, begin = end - word().length;
        input.value = input.value.slice(0, begin) + row.put + input.value.slice(end);
        input.setSelectionRange(begin + row.put.length, begin + row.put.length);
        again();
        if (row.put.endsWith(" ")) run.ask(input.value);
    };
    const again = () => {
        s.at = -1;
        s.n++;
        input.removeAttribute("aria-activedescendant");
        settle();
    };
    const settle = () => {
        panel.hidden = !find().length;
        input.setAttribute("aria-expanded", String(!panel.hidden));
    };
    const onkey = (e) => {
        if (e.isComposing || e.keyCode == 229 || panel.hidden) return;
        const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
        if (step && rows.length && !(step == 1 && s.at < 0 && desk.place.q && !/[:：]\S*$/.test(word()))) {
            s.at = (s.at + step + rows.length + (s.at < 0 && step < 0 ? 1 : 0)) % rows.length;
            input.setAttribute("aria-activedescendant", `${id}-${s.at}`);
            panel.querySelector(`#${id}-${s.at}`)?.scrollIntoView({ block: "nearest" });
        } else if ((e.key == "Enter" || e.key == "Tab") && s.at >= 0) take(s.at);
        else if (e.key == "Enter") return (panel.hidden = true); // what is found is read now
        else if (e.key == "Escape" && !input.value) close();
        else return;
        if (e.key == "Escape") return run.leave();
        e.preventDefault();
        e.stopImmediatePropagation();
    };
    const close = () => {
        input.removeEventListener("keydown", onkey, true);
        input.removeEventListener("input", again);
        input.removeEventListener("blur", close);
        for (const a of ["aria-controls", "aria-expanded", "aria-activedescendant", "role", "aria-autocomplete"]) input.removeAttribute(a);
        panel.remove();
    };
    input.addEventListener("keydown", onkey, true);
    input.addEventListener("input", again);
    input.addEventListener("blur", close);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", id);
    (input.closest(".pd-desk") || document.body).append(panel);
    panel.showPopover();
    settle();
    const box = input.getBoundingClientRect();
    panel.style.setProperty("--x", box.left + "px");
    panel.style.setProperty("--y", box.bottom + 4 + "px");
    panel.style.setProperty("--w", Math.max(260, box.width) + "px");
}
