// How a message left: its state, what the other server said, and one press to
// take it back or to send it again.
import { tr, trOr } from "../lib/i18n.js";
import { action, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { popover } from "../lib/popover.js";
import { brief, countdown, exact, parse, when } from "../lib/time.js";

const signs = { queued: "time-line", sent: "check-line", held: "pause-circle-line", failed: "error-warning-line", bounced: "mail-close-line", cancelled: "forbid-line" };

/** Our words for a state; a text message has some of its own. */
const why = (m) => trOr(`delivery.why.${m.delivery}.${m.channel}`, trOr("delivery.why." + m.delivery, ""));

/** When a mail that can be taken back leaves; null where it can't. A clock that is far off tells nothing. */
function leaves(m) {
    const at = parse(m.undo_until), left = at - Date.now();
    return at && m.delivery == "queued" && left > 0 && left < 90_000 ? at : null;
}

const words = (m) => [icon(signs[m.delivery]), trOr(`delivery.${m.delivery}.${m.channel}`, trOr("delivery." + m.delivery, m.delivery))];

/** The state alone, for places that are a button themselves. */
export const deliveryState = (m) => signs[m.delivery] ? t.span({ className: `pd-delivery is-${m.delivery}`, title: why(m) }, ...words(m)) : null;

/** The state in a message's head. @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function delivery(desk, view, m) {
    if (!signs[m.delivery]) return null;
    const until = leaves(m);
    if (until) return leaving(desk, view, m, until);
    const label = words(m);
    const said = m.delivery_note;
    return [
        said && !troubled(m)
            ? t.button(
                {
                    type: "button",
                    className: `pd-delivery is-${m.delivery}`,
                    title: why(m) + "\n" + said,
                    onclick: (e) => popover(e.currentTarget, () => [t.p({}, why(m)), t.p({ className: "pd-server-said" }, said)], { label: tr("delivery.said"), end: true, className: "pd-said" }),
                },
                ...label,
            )
            : t.span({ className: `pd-delivery is-${m.delivery}`, title: why(m) }, ...label),
        receipt(m),
    ];
}

function receipt(m) {
    if (m.read_at) return t.span({ className: "pd-delivery is-read", title: tr("delivery.read.why", { at: exact(m.read_at) }) }, icon("eye-line"), tr("delivery.read"), " ", when(m.read_at, brief));
    return m.receipt_asked ? t.span({ className: "pd-hint", title: tr("delivery.asked.why") }, icon("eye-off-line")) : null;
}

function leaving(desk, view, m, until) {
    const s = store({ over: false });
    return t.span(
        { className: "pd-delivery is-queued" },
        icon(signs.queued),
        () => s.over ? tr("delivery.queued") : countdown(until, (n) => tr("delivery.leaves", { n }), () => (s.over = true)),
        () => s.over ? null : t.button({ type: "button", className: "pd-link", onclick: () => desk.unsend.run(m.id, view.id) }, tr("undo.undo")),
    );
}

const troubled = (m) => ["failed", "held", "bounced"].includes(m.delivery);

/** Why a message did not arrive, and the button to try again. */
export function trouble(desk, view, m) {
    if (!troubled(m)) return null;
    return t.div(
        { className: "pd-trouble is-" + m.delivery },
        t.span({}, why(m) || m.delivery_note, m.delivery_note && why(m) ? t.span({ className: "pd-server-said" }, m.delivery_note) : null),
        m.outbox ? action({ label: tr("action.resend"), icon: "restart-line", kind: "small", run: () => resend(desk, view, m) }) : null,
    );
}

async function resend(desk, view, m) {
    try {
        await desk.api.resend(m.outbox);
        desk.host.toast.ok(tr("outbox.again"));
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
    await view.reload();
}
