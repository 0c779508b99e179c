// Says calmly what was found in an answer, and asks when it is about to leave.
import { comma, tr, trOr, words } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";

await words("compose", "rare");

const signs = { private: "shield-user-line", variables: "braces-line", blanks: "input-cursor-move", empty: "alert-line", attachment: "attachment-2" };

/** @param {{s: import("./draft.js").Draft, area: HTMLTextAreaElement, keep: () => void, settle: () => void, send: (status: string, sure: string) => void}} o */
export function concernBar({ s, area, keep, settle, send }) {
    const close = () => {
        s.concerns = box([]);
        s.asked = null;
    };
    const select = ({ start, end }) => {
        area.focus();
        area.setSelectionRange(start, end);
    };
    const remove = (places) => {
        let text = s.body;
        for (const p of places.toReversed()) if (text.slice(p.start, p.end) == p.text) text = text.slice(0, p.start) + "…" + text.slice(p.end);
        s.body = text;
        close();
        keep();
        settle();
        area.focus();
    };
    return t.div(
        { className: "pd-concerns", role: "group", ariaLabel: tr("concern.label") },
        t.div({ role: "status" }, () => s.concerns.value.map((c) =>
            t.div(
                { className: "pd-concern is-" + c.kind },
                icon(signs[c.kind]),
                t.div(
                    { className: "pd-concern-what" },
                    t.p({}, tr("concern." + c.kind, { to: c.to, names: (c.what || []).join(comma()) })),
                    c.places ? t.p({}, c.places.slice(0, 8).map((p) => t.button({ type: "button", className: "pd-found", onclick: () => select(p) }, p.kind ? trOr("private." + p.kind, p.kind) + " " : "", t.bdi({}, clipped(p.text))))) : null,
                ),
                c.places ? button({ label: tr("concern.remove"), kind: "small quiet", run: () => remove(c.places) }) : null,
            )
        )),
        () => s.asked
            ? t.div(
                { className: "pd-concern-ask", onmount: (el) => el.querySelector("button")?.focus() },
                button({ label: tr("compose.blanks.no"), kind: "small", run: () => (close(), area.focus()) }),
                button({ label: tr("compose.blanks.yes"), kind: "small danger", run: () => send(s.asked.value.status, "read") }),
            )
            : button({ icon: "close-line", title: tr("action.close"), kind: "quiet small square concern-close", run: close }),
    );
}

const clipped = (text) => (text.length > 40 ? text.slice(0, 39) + "…" : text);
