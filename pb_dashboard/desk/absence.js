// One's own absence: from when, until when, and who stands in.
import { tr, words } from "../lib/i18n.js";
import { action, button, failed, field, select, skeleton } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { fieldError, sentence } from "../lib/api.js";
import { fromLocal, toLocal, typedIn, ownZone } from "../lib/wallclock.js";
import { shopZone } from "../lib/zone.js";
import { forget } from "./absent.js";

await words("teams");

export const onLeave = ["", "release", "keep"];

/** @param {import("./page.js").Desk} desk @param {HTMLElement} anchor */
export function openAbsence(desk, anchor) {
    const s = store({ content: skeleton(3) });
    const pop = popover(anchor, (close) => {
        const load = () =>
            desk.api.read("agents", desk.me.agent.id).then((r) => {
                s.content = form(desk, r, close);
                requestAnimationFrame(() => pop.place());
            }).catch((err) => (s.content = failed(sentence(err), load)));
        load();
        return t.div({}, () => s.content);
    }, { label: tr("absence.title"), className: "pd-edit pd-absence" });
}

function form(desk, record, close) {
    const zone = ownZone();
    const s = store({ err: null });
    const when = (value) => t.input({ type: "datetime-local", className: "pd-input", value: toLocal(value, zone) });
    const from = when(record.away_from), until = when(record.away_until);
    let substitute = record.substitute || "", leave = record.on_leave == "substitute" ? "" : record.on_leave || "";
    const colleagues = (desk.me.agents || []).filter((a) => a.id != record.id && a.role != "integration").map((a) => [a.id, a.name]);
    const save = async (fields) => {
        try {
            await desk.api.changeAgent(record.id, fields);
            forget();
            close();
            desk.host.toast.ok(tr("form.saved"));
        } catch (err) {
            s.err = err;
            if (!Object.keys(err?.response?.data || {}).length) desk.host.toast.error(sentence(err));
        }
    };
    const label = (key) => [tr(key), typedIn(shopZone(desk))].filter(Boolean).join(" · ");
    return t.form(
        {
            className: "pd-me-form",
            noValidate: true,
            onsubmit: (e) => {
                e.preventDefault();
                save({ away_from: fromLocal(from.value, zone), away_until: fromLocal(until.value, zone), substitute, on_leave: leave });
            },
        },
        t.h3({}, tr("absence.title")),
        field({ label: label("people.away_from"), control: from, error: () => fieldError(s.err, "away_from") }),
        field({ label: label("people.away_until"), help: tr("people.away_until.help"), control: until, error: () => fieldError(s.err, "away_until") }),
        field({ label: tr("people.substitute"), control: select({ label: tr("people.substitute"), value: substitute, options: [["", tr("people.nosubstitute")], ...colleagues], onchange: (v) => (substitute = v) }), error: () => fieldError(s.err, "substitute") }),
        field({ label: tr("people.on_leave"), help: tr("people.on_leave.help"), control: select({ label: tr("people.on_leave"), value: leave, options: onLeave.map((v) => [v, tr("people.on_leave." + (v || "substitute"))]), onchange: (v) => (leave = v) }) }),
        t.div(
            { className: "pd-pop-foot" },
            record.away_from ? button({ label: tr("absence.back"), kind: "quiet", run: () => save({ away_from: "", away_until: "" }) }) : null,
            t.span({ className: "pd-row-fill" }),
            button({ label: tr("action.cancel"), kind: "quiet", run: close }),
            action({ label: tr("action.save"), kind: "primary", run: () => save({ away_from: fromLocal(from.value, zone), away_until: fromLocal(until.value, zone), substitute, on_leave: leave }) }),
        ),
    );
}
