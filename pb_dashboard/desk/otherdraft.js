// The same case is written on in two windows: the other text is shown, and
// neither is lost before the person has said which one stays.
import { tr, words } from "../lib/i18n.js";
import { button, icon } from "../lib/dom.js";
import { calmText } from "../lib/calm.js";
import { held, inward } from "./draft.js";

await words("compose");

/** @param {Object} c the composer's parts @param {Object} theirs the kept draft of the other window */
export function offerDraft({ s, slot, area, keep, settle }, theirs) {
    slot.querySelector(".pd-otherdraft")?.remove();
    const mine = s.body, text = inward(theirs.mode) == inward(s.mode) ? theirs.body : theirs.other;
    if (!text?.trim() || text == mine) return;
    const done = (take) => () => {
        bar.remove();
        if (take == "both") s.body = [s.body.trimEnd(), text].filter(Boolean).join("\n\n");
        else if (take) Object.assign(s, held({ ...theirs, mode: s.mode, body: text, other: s.other }));
        keep();
        settle();
        area.focus();
    };
    const bar = t.div(
        { className: "pd-answered pd-otherdraft", role: "group", ariaLabel: tr("draft.other") },
        t.p({ className: "pd-answered-title", role: "status" }, icon("window-2-line"), t.strong({}, tr("draft.other"))),
        t.blockquote({ className: "pd-text", dir: "auto" }, calmText(text)),
        t.div(
            { className: "pd-concern-ask" },
            button({ label: tr("draft.take"), kind: "small", run: done("theirs") }),
            button({ label: tr("draft.both"), kind: "small", run: done("both") }),
            button({ label: tr("draft.mine"), kind: "small quiet", run: done("") }),
        ),
    );
    slot.append(bar);
}
