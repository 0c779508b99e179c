// Who and what may be the same, with the reason, and what can be done about it.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, box, button, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { personName } from "./labels.js";
import { caseLink, openMerge } from "./visitor.js";

await words("side");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function duplicates(desk, view) {
    const s = store({ found: box(null) });
    let asked = "";
    // asked anew only when what it depends on is another thing
    const ask = async () => {
        const data = view.get();
        const key = JSON.stringify([data.case.contact, data.case.merged_into, data.merges?.length]);
        if (key == asked) return;
        asked = key;
        try {
            s.found = box(await desk.api.duplicates(view.id));
        } catch (err) {
            console.warn("what may be the same is unknown:", err);
        }
    };
    const not = (what) => async () => {
        try {
            await desk.api.notSame(view.id, what);
            asked = "";
            await ask();
            view.reload();
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    let w;
    return t.div(
        {
            rid: "twins",
            className: "pd-twins-box",
            onmount: () => (w = watch(() => view.s.data, ask)),
            onunmount: () => w?.unwatch(),
        },
        () => {
            const found = s.found.value;
            if (!found?.contacts.length && !found?.cases.length) return null;
            return t.div(
                { rid: JSON.stringify(found), className: "pd-twins", role: "region", ariaLabel: tr("twin.title") },
                t.p({}, icon("user-search-line"), t.strong({}, tr("twin.title"))),
                t.ul(
                    {},
                    found.contacts.map((x) =>
                        twin(t.bdi({}, personName(x.contact)), x.why, not({ contact: x.contact.id }), () =>
                            openMerge(desk, view, { kind: "contact", other: { id: x.contact.id, name: x.contact.name } }))
                    ),
                    found.cases.map((x) =>
                        twin(caseLink(desk, x), x.why, not({ case: x.id }), () => openMerge(desk, view, { kind: "case", other: x }))
                    ),
                ),
            );
        },
    );
}

function twin(what, why, dismiss, merge) {
    return t.li(
        { className: "pd-twin" },
        t.div({ className: "pd-twin-what" }, what),
        t.div({ className: "pd-hint" }, why.map((y) => trOr("twin.why." + y.kind, y.kind, { value: y.value })).join(" · ")),
        t.div(
            { className: "pd-twin-do" },
            button({ label: tr("twin.merge"), icon: "git-merge-line", kind: "small", run: merge }),
            action({ label: tr("twin.not"), kind: "quiet small", run: dismiss }),
        ),
    );
}
