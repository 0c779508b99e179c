// By when we said that we would answer: the fact beside a conversation, and the
// composer's offer to record a date that stands in the text.
import { colon, tr, words as loadWords } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { dated } from "../lib/zone.js";

await loadWords("side");

const over = (c) => c.status == "resolved" || c.status == "closed";

/** Opens the menu of a case's promise. */
export const openPromise = (desk, view, anchor, o) => import("./promiseform.js").then((m) => m.promiseMenu(desk, view, anchor, o));

/** The fact beside the conversation, from which a promise is made by hand. */
export function promiseFact(desk, view) {
    const one = () => view.get().case;
    const words = () => (one().promised_at && !over(one()) ? dated(one().promised_at) : tr("promise.set"));
    return t.div(
        { className: "pd-fact", "html-data-fact": "promise", hidden: () => over(one()) },
        t.span({ className: "pd-fact-name" }, tr("fact.promise")),
        t.button(
            {
                type: "button",
                className: () => "pd-select pd-followup-btn" + (one().promised_at ? "" : " is-empty"),
                ariaLabel: () => tr("fact.promise") + colon() + words(),
                ariaHasPopup: "dialog",
                onclick: (e) => openPromise(desk, view, e.currentTarget),
            },
            () => [icon("shake-hands-line"), t.span({}, words())],
        ),
    );
}

// what a date is written with; without any of it nobody need look closer
const hints = /[0-9０-９一二三四五六七八九十兩两]|明[天日後晚]|今[天日晚]|本[日週周]|[週周来下]|翌|あさって|あした|day|tomorrow|tonight|week|month|noon|eod|hour/i;

/** An extra of the composer: see composer.js. */
export function promiseExtra(desk, view, write) {
    const { s } = write;
    let part, asked = "";
    const add = async (found) => {
        if (!part) {
            const m = await import("./promiseform.js");
            part ??= m.promiseChip(desk, view, write);
        }
        part.show(found);
    };
    write.onrest(async (text) => {
        if (s.mode == "note" || text == asked) return;
        asked = text;
        if (text.length < 3 || !hints.test(text)) return part?.show([]);
        const { found } = await desk.api.findPromises(text.slice(0, 20_000), view.get()?.case.locale || "").catch(() => ({ found: [] }));
        if (text == asked && (found.length || part)) add(found);
    });
    if (s.promise.value) add([]);
}

/** An entry of the composer's menu: a date picked by hand goes along with the answer. */
export const promiseChoice = (desk, view, write) => ({
    label: tr("promise.pick"),
    icon: "shake-hands-line",
    checked: !!write.s.promise.value,
    run: async () => (await import("./promiseform.js")).pickForDraft(desk, view, write),
});
