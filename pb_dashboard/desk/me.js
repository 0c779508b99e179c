// What visitors read of the person who answers: name and signature.
import { tr } from "../lib/i18n.js";
import { avatar } from "../lib/dom.js";

/** @param {import("./page.js").Desk} desk */
export function meButton(desk) {
    const { agent } = desk.me;
    if (!agent?.id) return null;
    const s = store({ name: agent.name });
    return t.button(
        {
            type: "button",
            className: "pd-btn pd-btn-quiet pd-btn-small pd-btn-square",
            title: () => tr("me.title", { name: s.name }),
            ariaLabel: () => tr("me.title", { name: s.name }),
            onclick: (e) => {
                const anchor = e.currentTarget;
                import("./meform.js").then((m) => m.meForm(desk, s, anchor)).catch((err) => console.warn("the form could not be loaded:", err));
            },
        },
        () => avatar(s.name, "is-small"),
    );
}
