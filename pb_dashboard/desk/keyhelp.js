// The map of the keys: those that work here, and the switch for single keys.
import { tr, words } from "../lib/i18n.js";
import { button } from "../lib/dom.js";
import { dialog } from "../lib/dialog.js";
import { commands, goTo } from "./commands.js";
import { keyOf } from "./keymap.js";
import { singleKeys } from "./keys.js";

await words("command", "held", "rare");

const held = [["e", "release"], ["#", "spam"], ["b", "block"], ["x", "mark"], ["⇧ x", "range"]];
const mac = /Mac|iP/.test(navigator.platform);
/** "Ctrl K" as this machine writes it. */
export const shown = (key) => (mac ? key.replace("Ctrl", "⌘") : key);

/** @param {import("./page.js").Desk} desk */
export function keyHelp(desk) {
    const all = commands(desk, desk.selection.rows().length > 0);
    const inQuarantine = desk.place.queue == "quarantine";
    const named = (ids) => ids.map((id) => [keyOf[id], tr("cmd." + id)]);
    const of = (group) => all.filter((c) => c.group == group && c.key && !c.key.includes("undefined")).map((c) => [c.key, c.label]);
    const sections = [
        ["everywhere", [...named(["next", "previous", "open"]), [keyOf.back + " Esc", tr("cmd.back")], ...of("move").filter(([k]) => k != keyOf.back), ...named(["command", "help"])]],
        inQuarantine ? ["held", held.map(([k, what]) => [k, tr("keys." + what)])] : ["list", [...named(["select", "range"]), ...of("list")]],
        inQuarantine ? null : ["cases", of("case")],
        ["go", goTo(desk).filter((q) => q.key).map((q) => [q.key, q.label])],
    ].filter((x) => x && x[1].length);
    const toggle = t.input({ type: "checkbox", checked: singleKeys.on(), onchange: (e) => singleKeys.set(e.target.checked) });
    dialog({ label: tr("keys.title"), className: "pd-keymap" }, (close) => [
        t.header({ className: "pd-dialog-head" }, t.h2({}, tr("keys.title")), button({ icon: "close-line", title: tr("action.close"), kind: "quiet square", run: close })),
        t.div(
            { className: "pd-keymap-body", tabIndex: 0 },
            sections.map(([name, keys]) =>
                t.section(
                    {},
                    t.h3({}, tr("keys.in." + name)),
                    t.dl({}, keys.map(([key, what]) => [t.dt({}, shown(key).split(" ").map((k) => t.kbd({}, k))), t.dd({}, what)])),
                )
            ),
        ),
        t.footer(
            { className: "pd-dialog-foot" },
            t.label({ className: "pd-check" }, toggle, t.span({}, tr("keys.single"))),
            t.p({ className: "pd-hint" }, tr("keys.single.why", { key: shown("Ctrl K") })),
        ),
    ]);
}
