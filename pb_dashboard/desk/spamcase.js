// A case that turned out to be spam: said with one press, and taken back with
// another. The text model learns from both.
import { tr, words } from "../lib/i18n.js";
import { action, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { when } from "../lib/time.js";
import { spamMark } from "./header.js";

await words("rare");

export async function markSpam(desk, view) {
    try {
        await desk.api.caseSpam(view.id);
        desk.undo.offer(tr("spamcase.marked"), { run: () => unmark(desk, view) });
        after(desk, view);
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}

async function unmark(desk, view) {
    await desk.api.caseNotSpam(view.id);
    after(desk, view);
    return tr("spamcase.unmarked");
}

function after(desk, view) {
    desk.recount();
    desk.list?.reload?.();
    return view.reload();
}

/** The line under the header of such a case. */
export function spamBar(desk, view) {
    const mark = spamMark(view.get());
    if (!mark) return null;
    return t.div(
        { rid: "spam" + mark.id, className: "pd-spam-bar", role: "status" },
        icon("spam-2-line"),
        t.span({}, tr("spamcase.bar", { who: mark.actor_name || tr("who.staff") }), " ", t.span({ className: "pd-hint" }, when(mark.created))),
        action({
            label: tr("spamcase.not"),
            icon: "arrow-go-back-line",
            title: tr("spamcase.not.why"),
            kind: "small",
            run: () => unmark(desk, view).then((said) => desk.host.toast.ok(said)).catch((err) => desk.host.toast.error(sentence(err))),
        }),
    );
}
