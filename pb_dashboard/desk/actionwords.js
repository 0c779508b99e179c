// A list of actions in words: "Assign to Anna", "Tag +vip", "Answer: Late parcel".
import { byLocale, tr, trOr, words } from "../lib/i18n.js";
import { moment } from "../lib/time.js";
import { localeName, priorityName, statusName } from "./labels.js";

await words("bulk");

/** When a snooze or reminder ends. */
const until = (v) => {
    const text = typeof v == "string" ? v : v?.until || "";
    return /^\d{4}-/.test(text) ? moment(text) : trOr("when." + text, text);
};
const list = (v) => [v].flat().map((x) => "#" + x).join(" ");

/**
 * @param {{names: ReturnType<typeof import("./labels.js").names>, me: Object}} desk
 * @param {{do: string, value: any}} a
 */
export function actionWords(desk, a) {
    const v = a.value;
    switch (a.do) {
        case "assign":
            return v ? tr("act.assign", { who: v == "me" ? tr("many.me") : desk.names.agent(v) || v }) : tr("act.unassign");
        case "team":
            return v ? tr("act.team", { team: desk.names.team(v) || v }) : tr("act.noteam");
        case "status":
            return tr("act.status", { status: statusName(v) });
        case "priority":
            return tr("act.priority", { priority: priorityName(v) });
        case "category":
            return v ? tr("act.category", { category: desk.names.category(v) }) : tr("act.nocategory");
        case "add_tags":
            return tr("act.add_tags", { tags: list(v) });
        case "remove_tags":
            return tr("act.remove_tags", { tags: list(v) });
        case "snooze":
            return tr("act.snooze", { when: until(v) }) + (v.note ? ` (${v.note})` : "");
        case "remind":
            return until(v) ? tr("act.remind", { when: until(v) }) + (v.note ? ` (${v.note})` : "") : tr("act.noremind");
        case "answer":
            return tr("act.answer", { what: v.template || (v.body || "").slice(0, 60) }) + (v.locale ? ` (${localeName(v.locale)})` : "") + (v.status ? ` → ${statusName(v.status)}` : "");
        case "note":
            return tr("act.note", { text: (v?.body ?? v ?? "").slice(0, 80) });
        case "spam":
            return tr("act.spam");
    }
    return byLocale(a.do);
}

export const inWords = (desk, actions) => (actions || []).map((a) => actionWords(desk, a));
