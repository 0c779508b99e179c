// By when we said that we would answer: the badge in the head of a case, and the
// composer's offer to record a date that stands in the text.
import { tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { clock, exact, parse } from "../lib/time.js";
import { dated } from "../lib/zone.js";
import { shopZone } from "./followup.js";

const over = (c) => c.status == "resolved" || c.status == "closed";

/** Opens the menu of a case's promise. */
export const openPromise = (desk, view, anchor, o) => import("./promiseform.js").then((m) => m.promiseMenu(desk, view, anchor, o));

/** The badge, or nothing where nothing is promised. */
export function promiseBadge(desk, view) {
    const c = view.get().case, due = parse(c.promised_at);
    if (!due || over(c)) return null;
    const late = due < clock.now, at = dated(c.promised_at, shopZone(desk));
    return t.button(
        {
            rid: "promise" + c.promised_at + late,
            type: "button",
            className: "pd-promise pd-chip pd-tone-" + (late ? "bad" : due - clock.now < 2 * 3600_000 ? "warn" : "info"),
            title: tr(late ? "promise.late.why" : "promise.open.why", { at: exact(c.promised_at) }),
            ariaHasPopup: "dialog",
            onclick: (e) => openPromise(desk, view, e.currentTarget),
        },
        icon("shake-hands-line"),
        t.span({}, tr(late ? "promise.late" : "promise.open", { at })),
    );
}

/** The fact beside the conversation, from which a promise is made by hand. */
export function promiseFact(desk, view) {
    const one = () => view.get().case;
    const words = () => (one().promised_at && !over(one()) ? dated(one().promised_at, shopZone(desk)) : tr("promise.set"));
    return t.div(
        { className: "pd-fact", "html-data-fact": "promise", hidden: () => over(one()) },
        t.span({ className: "pd-fact-name" }, tr("fact.promise")),
        t.button(
            {
                type: "button",
                className: () => "pd-select pd-followup-btn" + (one().promised_at ? "" : " is-empty"),
                ariaLabel: () => tr("fact.promise") + ": " + words(),
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
