// A colleague was faster: what he wrote, before two answers contradict each other.
import { tr, words } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { calmText } from "../lib/calm.js";
import { ago, when } from "../lib/time.js";

await words("compose", "rare");

/** @param {{desk: import("./page.js").Desk, view: import("./case.js").CaseView, s: import("./draft.js").Draft, area: HTMLTextAreaElement, send: Function}} o */
export function answeredBar({ desk, view, s, area, send }) {
    const keep = () => {
        s.answered = box(null);
        view.shown = view.get().messages.at(-1)?.id || view.shown;
        area.focus();
        desk.host.toast.info(tr("answered.kept"));
    };
    const by = () => s.answered.value || {};
    return t.div(
        { className: "pd-answered", role: "alertdialog", ariaLabel: tr("answered.title", { who: by().author_name || tr("who.staff") }) },
        () => [
            t.p({ className: "pd-answered-title" }, icon("group-line"), t.strong({}, tr("answered.title", { who: by().author_name || tr("who.staff") })), " ", by().created ? when(by().created, ago) : ""),
            t.blockquote({ className: "pd-text", dir: "auto" }, calmText(by().body || "")),
        ],
        t.div(
            { className: "pd-concern-ask", onmount: (el) => el.querySelector("button")?.focus() },
            button({ label: tr("answered.keep"), kind: "small", icon: "draft-line", run: keep }),
            button({ label: tr("compose.blanks.yes"), kind: "small danger", run: () => send(by().status, "answered") }),
        ),
    );
}
