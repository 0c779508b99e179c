// On to the most urgent case that is mine; when there is none, to one that
// nobody has. What a colleague is writing in is passed over.
import { tr, words } from "../lib/i18n.js";
import { button } from "../lib/dom.js";
import { sentence } from "../lib/api.js";

/** @param {import("./page.js").Desk} desk @returns {() => Promise<boolean>} false when nothing is left */
export function nextCase(desk) {
    let busy;
    const go = async () => {
        try {
            const { case: id, why } = await desk.api.next(desk.place.kind == "c" ? desk.place.id : "");
            await words("rare");
            if (!id) {
                desk.host.toast.ok(tr(desk.place.kind == "c" ? "next.last" : "next.none"));
                return false;
            }
            desk.go({ kind: "c", id });
            if (why == "unassigned") desk.host.toast.info(tr("next.unassigned"));
            return true;
        } catch (err) {
            desk.host.toast.error(sentence(err));
            return false;
        } finally {
            busy = null;
        }
    };
    return () => (busy ??= go());
}

export const nextButton = (desk) =>
    button({ label: tr("next.title"), icon: "skip-forward-line", title: tr("next.why"), kind: "small next", run: () => desk.next() });
