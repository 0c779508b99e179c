// A question before something that is hard to take back.
import { button } from "../lib/dom.js";

/** @param {string} text @param {{yes: string, no: string}} labels @returns {Promise<boolean>} */
export function ask(text, { yes, no }) {
    return new Promise((resolve) => {
        const before = document.activeElement;
        const box = t.dialog(
            {
                className: "ask pd",
                ariaLabel: text,
                onclose: () => {
                    resolve(box.returnValue == "yes");
                    box.remove();
                    before?.focus?.();
                },
            },
            t.p({}, text),
            t.div(
                { className: "ask-foot" },
                button({ label: no, kind: "quiet", run: () => box.close("no") }),
                button({ label: yes, kind: "primary", run: () => box.close("yes") }),
            ),
        );
        document.body.append(box);
        box.showModal();
    });
}
