// Gives somebody's open cases to others, now, and says before where they would go:
// by hand, or because he leaves.
import { tr, words } from "../lib/i18n.js";
import { button, icon, select } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { popover } from "../lib/popover.js";

await words("teams", "people");

/**
 * @param {import("../start.js").Context} ctx
 * @param {{of: Object, leaves: boolean, last: boolean, anchor: HTMLElement, done: Function}} o
 * leaves: his role goes too; last: he is the last admin
 */
export function giveAway(ctx, { of, leaves, last, anchor, done }) {
    const s = store({ said: "", bad: "", busy: true });
    const ask = (body) => leaves ? ctx.api.deactivate(of.id, body) : ctx.api.handover(of.id, body);
    const key = leaves ? "people.deactivate" : "people.handover";
    let to = "", turn = 0;
    const look = async () => {
        const mine = ++turn;
        s.busy = true;
        try {
            const would = await ask({ to, preview: true });
            if (mine == turn) Object.assign(s, { said: outcome(would, leaves), bad: "", busy: false });
        } catch (err) {
            if (mine == turn) Object.assign(s, { said: "", bad: sentence(err), busy: false });
        }
    };
    const act = async (close) => {
        s.busy = true;
        try {
            const made = await ask({ to });
            close();
            ctx.host.toast.ok(leaves ? tr("people.deactivated", { name: of.name }) : outcome(made));
            done();
        } catch (err) {
            Object.assign(s, { bad: sentence(err), busy: false });
        }
    };
    const others = ctx.me.agents.filter((a) => a.id != of.id && a.role != "integration").map((a) => [a.id, a.name]);
    look();
    popover(
        anchor,
        (close) => t.div(
            { className: "pd-me-form" },
            t.h3({}, tr(key + ".of", { name: of.name })),
            leaves ? t.p({ className: "pd-hint" }, tr("people.deactivate.why")) : null,
            leaves && last ? t.p({ className: "pd-notice" }, icon("alert-line"), tr("people.deactivate.last")) : null,
            select({ label: tr("people.handover.to"), value: "", options: [["", tr("people.handover.leave")], ...others], onchange: (v) => ((to = v), look()) }),
            t.p({ className: "pd-hint", role: "status" }, () => s.said || "…"),
            () => s.bad ? t.p({ className: "pd-field-error", role: "alert" }, s.bad) : null,
            t.div(
                { className: "pd-pop-foot" },
                button({ label: tr("action.cancel"), kind: "quiet", run: close }),
                button({ label: tr(key + ".do"), kind: leaves ? "danger" : "primary", disabled: () => s.busy || !!s.bad, run: () => act(close) }),
            ),
        ),
        { end: true, label: tr(key), className: "pd-edit pd-handover" },
    );
}

/** Where the cases go: "Ben 3, Cleo 2, in the queue 1". */
function outcome({ to, full, queue, kept, more }, leaves) {
    const parts = to.map((x) => tr("people.handed.to", { name: x.name, n: x.count }));
    if (queue) parts.push(tr("people.handed.queue", { n: queue }));
    for (const x of full || []) parts.push(tr("people.handed.full", { name: x.name, n: x.count }));
    if (kept) parts.push(tr(leaves ? "people.handed.rest" : "people.handed.kept", { n: kept }));
    return parts.length ? parts.join(" · ") + (more ? " · " + tr("people.handed.more") : "") : tr("people.handed.none");
}
