// The button beside a visitor's message that makes a case of its own of it.
import { tr } from "../lib/i18n.js";
import { button } from "../lib/dom.js";
import { sentence } from "../lib/api.js";

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {Object} m @param {Object} data the view at this moment */
export function splitButton(desk, view, m, data) {
    // the message that opened the case stays with it
    if (m.direction != "in" || data.case.merged_into || (!data.earlier && data.messages[0]?.id == m.id)) return null;
    return button({
        icon: "git-branch-line",
        title: tr("person.split"),
        kind: "quiet small square raw",
        run: (e) => {
            const anchor = e.currentTarget;
            import("./split.js").then((x) => x.splitPanel(desk, view, m, anchor)).catch((err) => desk.host.toast.error(sentence(err)));
        },
    });
}
