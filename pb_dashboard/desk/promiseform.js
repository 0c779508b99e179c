// What is seen of a promise only when somebody makes or changes one.
import { tr, words } from "../lib/i18n.js";
import { box, button, field, icon } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { exact, parse } from "../lib/time.js";
import { fromLocal, toLocal, workingDay, typedIn, ownZone } from "../lib/wallclock.js";
import { dated, shopZone } from "../lib/zone.js";

await words("later", "side");

/** Days by whose end a shop answers. */
function quick(desk) {
    const names = [["promise.today", 0], ["promise.working1", 1], ["promise.working3", 3], ["promise.working5", 5]];
    return names.map(([name, n]) => [name, workingDay(n, "closes", { ...desk.me.shop, timezone: shopZone(desk) })]).filter(([, d]) => d > Date.now());
}

/** Picks a date in a popover: save gets it as ISO 8601. */
function picker(desk, { value, save, clear, title }) {
    const zone = ownZone();
    return (close) => {
        const s = store({ error: "" });
        const when = t.input({ type: "datetime-local", className: "pd-input", value: toLocal(value, zone) });
        const done = (iso) => {
            if (!iso || Date.parse(iso) <= Date.now()) {
                s.error = tr("later.past");
                return when.focus();
            }
            close();
            save(iso);
        };
        return [
            t.p({ className: "pd-remind-head" }, title),
            t.div(
                { className: "pd-whens" },
                quick(desk).map(([name, date]) =>
                    t.button({ type: "button", className: "pd-when", title: exact(date.toISOString()), onclick: () => done(date.toISOString()) }, t.span({}, tr(name)), t.span({ className: "pd-hint" }, dated(date.toISOString())))),
            ),
            t.div({ className: "pd-remind-more" }, field({ label: [tr("later.at"), typedIn(shopZone(desk))].filter(Boolean).join(" · "), control: when, error: () => s.error })),
            t.div(
                { className: "pd-pop-foot" },
                clear ? button({ label: tr("promise.withdraw"), kind: "quiet", run: () => (close(), clear()) }) : null,
                button({ label: tr("action.save"), kind: "primary", run: () => done(fromLocal(when.value, zone)) }),
            ),
        ];
    };
}

const open = (anchor, content) => {
    if (popover(anchor, content, { end: true, label: tr("promise.pick"), className: "pd-remind" })) {
        requestAnimationFrame(() => document.querySelector(".pd-remind .pd-when")?.focus());
    }
};

/** Makes, changes or withdraws the promise of a case. */
export async function promiseMenu(desk, view, anchor) {
    await words("later");
    const c = view.get().case;
    const save = async (iso) => {
        try {
            await desk.api.makePromise(view.id, { due_at: iso });
            desk.host.toast.ok(tr("promise.made", { at: dated(iso) }));
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
        view.reload();
    };
    open(anchor, picker(desk, { value: c.promised_at, save, clear: c.promised_at ? () => view.change({ promised_at: "" }) : null, title: tr("promise.shown") }));
}

/** Picks a date that goes along with the answer that is being written. */
export async function pickForDraft(desk, view, write) {
    await words("later");
    const { s, area, keep } = write;
    const save = (iso) => {
        s.promise = box({ due_at: iso, text: "" });
        keep();
        chipOf(desk, view, write).show([]);
    };
    open(area, picker(desk, { value: s.promise.value?.due_at, save, clear: s.promise.value ? () => drop(write) : null, title: tr("promise.with") }));
}

const drop = ({ s, keep }) => {
    s.promise = box(null);
    keep();
};

const chips = new WeakMap(); // by the composer's slot
const chipOf = (desk, view, write) => chips.get(write.slot) || promiseChip(desk, view, write);

/** The line under the text: what is offered, or what goes along. */
export function promiseChip(desk, view, write) {
    if (chips.has(write.slot)) return chips.get(write.slot);
    const { s, slot, area, keep } = write;
    const own = store({ found: box([]), ready: false });
    const refused = new Set();
    words("later").then(() => (own.ready = true));
    const take = (f) => {
        s.promise = box({ due_at: f.due, text: f.text });
        keep();
        area.focus(); // the button that was pressed goes away
    };
    const line = () => {
        if (!own.ready || s.mode == "note") return null;
        const going = s.promise.value;
        if (going) {
            const past = parse(going.due_at) <= Date.now();
            return t.div(
                { rid: "going" + going.due_at + past, className: "pd-offer is-on" + (past ? " is-bad" : ""), role: "status" },
                icon(past ? "error-warning-line" : "shake-hands-line"),
                t.span({}, tr(past ? "later.past" : "promise.goes", { at: dated(going.due_at) })),
                button({ icon: "close-line", title: tr("promise.drop"), kind: "quiet square small", run: () => (going.text && refused.add(going.text), drop(write), area.focus()) }),
            );
        }
        const offered = own.found.value.filter((f) => !refused.has(f.text)).slice(0, 2);
        return offered.map((f) =>
            t.div(
                { rid: "offer" + f.text + f.due, className: "pd-offer" },
                icon("shake-hands-line"),
                t.span({ title: f.text + "\n" + exact(f.due) }, tr("promise.offer", { at: dated(f.due) })),
                button({ label: tr("promise.record"), kind: "small", title: tr("promise.record.why"), run: () => take(f) }),
                button({ icon: "close-line", title: tr("promise.refuse"), kind: "quiet square small", run: () => (refused.add(f.text), (own.found = box([...own.found.value])), area.focus()) }),
            ));
    };
    const el = t.div({ className: "pd-offers" }, line);
    slot.append(el);
    const part = {
        el,
        show(found) {
            own.found = box(found);
            // the words that were promised are gone, and the promise with them
            const going = s.promise.value;
            if (going?.text && !s.body.includes(going.text)) drop(write);
        },
    };
    chips.set(slot, part);
    return part;
}
