// "@" in a note: colleagues by a few letters of their names, in any script.
import { tr, words } from "../lib/i18n.js";
import { avatar, box } from "../lib/dom.js";
import { fit } from "../lib/fit.js";
import { suggest } from "./suggest.js";

await words("compose");

/** Who may see the case: those of its team, and those who see all. */
const sees = (agent, team) => agent.role != "agent" || !team || agent.team == team;

/** @param {{desk: import("./page.js").Desk, view: import("./case.js").CaseView, s: import("./draft.js").Draft, area: HTMLTextAreaElement, put: Function, keep: Function, at: number}} o */
export function mention({ desk, view, s, area, put, keep, at }) {
    const { team, assignee } = view.get().case;
    const all = (desk.me.agents || []).filter((a) => a.id != desk.me.agent?.id && sees(a, team));
    // those who have a part in the case come first
    const part = new Set([assignee, ...view.get().messages.map((m) => m.author)].filter(Boolean));
    const rows = (typed) =>
        all.map((a) => [typed ? fit(typed, a.name) : 1, a]).filter(([p]) => p > 0)
            .sort((x, y) => y[0] + part.has(y[1].id) * 5 - x[0] - part.has(x[1].id) * 5)
            .slice(0, 20)
            .map(([, a]) => ({ key: a.id, a, el: () => [avatar(a.name, "is-small"), t.span({ className: "pd-suggest-name" }, t.bdi({}, a.name)), t.span({ className: "pd-hint" }, desk.names.team(a.team))] }));
    suggest({
        area,
        at,
        label: tr("mention.label"),
        rows,
        empty: tr("mention.none"),
        pick: ({ a }, from, end) => {
            s.mentions = box([...s.mentions.value.filter((x) => x.id != a.id), { id: a.id, name: a.name }]);
            put("@" + a.name + " ", from, end);
            keep();
        },
    });
}
