// The commands of the Desk: their words, icons, keys and whether they work here.
// The command bar and the list of keys are both made of them.
import { tr, words } from "../lib/i18n.js";
import { keyOf, places, reachable } from "./keymap.js";
import { nextCase, openCommands, showKeys } from "./keys.js";
import { openQueue } from "./queues.js";
import { targets } from "./acts.js";

await words("command");

/**
 * @typedef {{id: string, group: string, icon: string, label: string, key?: string, more?: boolean, run?: (desk: Object) => void, can?: (desk: Object) => boolean}} Command
 * more: the bar stays open for a choice, or another panel opens
 */

const some = (desk) => targets(desk).length > 0;
const onCases = (id, icon, more = true) => ({ id, group: "case", icon, more, onCases: true, can: some, run: (desk) => desk.act(id) });
const ofView = (id, icon, verb = id) => ({ id, group: "case", icon, can: (desk) => !!desk.view?.[verb], run: (desk) => desk.view[verb]() });

const list = [
    ofView("reply", "reply-line"),
    ofView("note", "sticky-note-line"),
    ofView("call", "phone-line"),
    onCases("assign", "user-received-line"),
    { id: "take", group: "case", icon: "user-add-line", can: some, run: (desk) => actions(desk, [{ do: "assign", value: "me" }]) },
    onCases("status", "record-circle-line"),
    onCases("resolve", "check-line", false),
    { id: "reopen", group: "case", icon: "inbox-unarchive-line", can: some, run: (desk) => actions(desk, [{ do: "status", value: "open" }]) },
    onCases("tags", "price-tag-3-line"),
    onCases("priority", "arrow-up-double-line"),
    onCases("category", "folder-line"),
    onCases("team", "team-line"),
    onCases("later", "alarm-line"),
    onCases("answer", "mail-send-line"),
    onCases("macros", "flashlight-line"),
    { ...onCases("spam", "spam-2-line", false), can: (desk) => some(desk) && desk.place.queue != "quarantine" },
    ofView("templates", "file-text-line"),
    ofView("checklist", "list-check-2"),
    ofView("promise", "calendar-check-line"),
    ofView("sms", "message-2-line"),
    ofView("merge", "git-merge-line"),
    { id: "begin", group: "move", icon: "add-line", more: true, run: (desk) => import("./begin.js").then((m) => m.beginCase(desk)) },
    { id: "urgent", group: "move", icon: "skip-forward-line", can: (desk) => !!nextCase(desk), run: (desk) => nextCase(desk)() },
    { id: "back", group: "move", icon: "arrow-left-line", can: (desk) => !!desk.place.kind, run: (desk) => desk.go({ kind: "", id: "" }) },
    { id: "search", group: "move", icon: "search-line", can: (desk) => !!desk.list?.search, run: (desk) => desk.list.search() },
    { id: "undo", group: "move", icon: "arrow-go-back-line", run: (desk) => desk.undo.key() },
    { id: "selectall", group: "list", icon: "checkbox-multiple-line", key: "Ctrl A", can: (desk) => desk.selection.rows().length > 0, run: (desk) => desk.selection.all() },
    { id: "selectnone", group: "list", icon: "checkbox-blank-line", key: "Esc", can: (desk) => desk.selection.size() > 0, run: (desk) => desk.selection.clear() },
    { id: "markread", group: "list", icon: "mail-open-line", can: (desk) => !!desk.reads?.all, run: (desk) => desk.reads.all(desk.place.queue).then(() => desk.list?.reload?.()) },
    { id: "help", group: "desk", icon: "keyboard-line", run: (desk) => showKeys(desk) },
];

const actions = (desk, list) => import("./acts.js").then((m) => m.perform(desk, targets(desk), { actions: list }));

/** @param {boolean} [soon] also what will work once a case is selected @returns {Command[]} what works here, in the order in which it is offered */
export const commands = (desk, soon) =>
    list.filter((c) => !c.can || c.can(desk) || (soon && c.onCases)).map((c) => ({ ...c, key: c.key || keyOf[c.id], label: tr("cmd." + c.id) }));

/** The queues as places to go to, with the keys that lead there. */
export const goTo = (desk) =>
    [...new Set([...Object.values(places), "all"])].filter((q) => reachable(desk, q) && tr("queue." + q) != "queue." + q).map((queue) => {
        const key = Object.keys(places).find((k) => places[k] == queue);
        return { id: "queue " + queue, queue, group: "go", icon: "arrow-right-line", key: key && "g " + key, label: tr("queue." + queue), run: () => go(desk, queue) };
    });

/** Goes to a queue, with filters. */
export const go = (desk, queue, more = {}) => {
    openQueue(desk, queue);
    if (Object.keys(more).length) desk.go(more, true);
};
export { openCommands };
