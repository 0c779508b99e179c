// Somebody wrote meanwhile: a colleague, before two answers contradict each other,
// or the visitor, before an answer goes past his words. Or one's own answer had
// left already, as it was before it was changed.
import { tr, words } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { calmLine, calmText } from "../lib/calm.js";
import { ago, when } from "../lib/time.js";

await words("compose", "rare");

/** @param {{desk: import("./page.js").Desk, view: import("./case.js").CaseView, s: import("./draft.js").Draft, area: HTMLTextAreaElement, send: Function}} o */
export function answeredBar({ desk, view, s, area, send }) {
    const keep = () => {
        const { own } = by();
        s.answered = box(null);
        view.shown = view.get().messages.at(-1)?.id || view.shown;
        area.focus();
        desk.host.toast.info(tr(own ? "answered.own.kept" : "answered.kept"));
    };
    const by = () => s.answered.value || {};
    const title = () => {
        const { own, direction, author_name: who } = by();
        if (own) return tr("answered.own");
        if (direction == "in") return calmLine(who) ? tr("answered.visitor", { who: calmLine(who) }) : tr("answered.visitor.unnamed");
        return tr("answered.title", { who: who || tr("who.staff") });
    };
    return t.div(
        { className: "pd-answered", role: "alertdialog", ariaLabel: title },
        () => [
            t.p({ className: "pd-answered-title" }, icon(by().direction == "in" ? "chat-new-line" : "group-line"), t.strong({}, title()), " ", by().created ? when(by().created, ago) : ""),
            t.blockquote({ className: "pd-text", dir: "auto" }, calmText(by().body || "")),
            by().more ? t.p({ className: "pd-hint" }, tr("answered.more", { n: by().more })) : null,
        ].filter(Boolean),
        t.div(
            { className: "pd-concern-ask", onmount: (el) => el.querySelector("button")?.focus() },
            button({ label: tr("answered.keep"), kind: "small", icon: "draft-line", run: keep }),
            button({ label: () => tr(by().own ? "answered.again" : "compose.blanks.yes"), kind: "small danger", run: () => send(by().status, "answered") }),
        ),
    );
}
