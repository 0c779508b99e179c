// The menu behind "Remind me": when, why, whom, and whether the case leaves the
// queue until then. What is typed is in the person's own time; working days are the
// shop's.
import { colon, tr, words } from "../lib/i18n.js";
import { button, field, select } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { at, fromLocal, toLocal, wall, workingDay, typedIn, ownZone } from "../lib/wallclock.js";
import { dated, shopZone } from "../lib/zone.js";

await words("later");

/** Moments that people mean when they say "later". */
export function laterMoments(desk, now = new Date()) {
    const zone = ownZone();
    const w = wall(now, zone);
    const on = (days, h) => at({ ...w, d: w.d + days, h, min: 0 }, zone);
    return [
        w.h < 17 ? ["tonight", on(0, 18)] : null,
        ["tomorrow", on(1, 9)],
        ["monday", on((8 - w.day) % 7 || 7, 9)],
        ["working3", workingDay(3, "opens", { ...desk.me.shop, timezone: shopZone(desk) }, now)],
    ].filter((x, i, all) => x && !all.slice(0, i).some((y) => y && +y[1] == +x[1]));
}

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {{snooze?: boolean}} o */
export async function remind(desk, view, anchor, o) {
    await words("later");
    const pop = popover(anchor, (close) => form(desk, view, close, o), { end: true, label: tr("later.title"), className: "pd-remind" });
    if (pop) requestAnimationFrame(() => document.querySelector(".pd-remind .pd-when")?.focus());
}

function form(desk, view, close, o) {
    const c = view.get().case, zone = ownZone(), me = desk.me.agent?.id;
    // nobody waits for us: until then it need not stand in the queue
    const hide = o.snooze ?? (c.status == "on_hold" || !c.waiting_since);
    const over = c.status == "resolved" || c.status == "closed";
    const s = store({ error: "" });
    const note = t.input({ className: "pd-input", maxLength: 1000, placeholder: tr("later.note.hint"), ariaLabel: tr("later.note"), value: c.follow_up_note || "" });
    let whom = c.follow_up_for || "";
    const sees = (a) => a.role != "agent" || !c.team || a.team == c.team;
    const people = (desk.me.agents || []).filter((a) => a.id != me && a.role != "integration" && sees(a));
    const who = select({
        label: tr("later.for"),
        value: whom,
        options: [["", tr("later.for") + colon() + tr("later.for.whoever")], ...(me ? [[me, tr("later.for") + colon() + tr("later.for.me")]] : []), ...people.map((a) => [a.id, a.name])],
        onchange: (v) => (whom = v),
    });
    const away = t.input({ type: "checkbox", checked: hide && !over, disabled: over });
    const when = t.input({ type: "datetime-local", className: "pd-input", value: toLocal(c.follow_up_at, zone) });
    const save = async (iso) => {
        if (!iso || Date.parse(iso) <= Date.now()) {
            s.error = tr("later.past");
            return when.focus();
        }
        close();
        anchorBack(view);
        const fields = { follow_up_at: iso.replace("T", " "), follow_up_note: note.value.trim(), follow_up_for: whom };
        if (away.checked) fields.status = "on_hold";
        else if (c.status == "on_hold" && c.follow_up_at) fields.status = "open"; // a snooze that becomes a plain reminder
        if (await view.change(fields)) desk.host.toast.ok(tr(away.checked ? "later.snoozed" : "later.saved", { at: dated(iso) }));
    };
    const clear = () => {
        close();
        view.change({ follow_up_at: "", ...(c.status == "on_hold" ? { status: "open" } : {}) });
    };
    return [
        t.div(
            { className: "pd-whens", role: "group", ariaLabel: tr("later.title") },
            laterMoments(desk).map(([name, date]) =>
                t.button(
                    { type: "button", className: "pd-when", onclick: () => save(date.toISOString()) },
                    t.span({}, tr("later." + name)),
                    t.span({ className: "pd-hint" }, dated(date.toISOString())),
                )),
        ),
        t.div(
            { className: "pd-remind-more" },
            field({ label: [tr("later.at"), typedIn(shopZone(desk))].filter(Boolean).join(" · "), control: when, error: () => s.error }),
            note,
            who,
            t.label({ className: "pd-check" }, away, t.span({}, tr("later.away"), t.span({ className: "pd-hint" }, tr(c.waiting_since ? "later.away.waits" : "later.away.why")))),
        ),
        t.div(
            { className: "pd-pop-foot" },
            c.follow_up_at ? button({ label: tr("later.clear"), kind: "quiet", run: clear }) : null,
            button({ label: tr("action.save"), kind: "primary", run: () => save(fromLocal(when.value, zone)) }),
        ),
    ];
}

/** The control that opened the menu may be gone by the time the case is saved. */
const anchorBack = (view) => requestAnimationFrame(() => {
    if (document.activeElement == document.body) document.querySelector(`.pd-case h1`)?.closest("header")?.querySelector("button")?.focus();
});
