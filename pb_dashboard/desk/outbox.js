// Mail that did not leave: to whom, why, and one press to try again.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, button, chip, empty, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { when } from "../lib/time.js";
import { paged, moreMark } from "./paged.js";

await words("desk", "rare");

const tone = { held: "warn", failed: "bad", unknown: "warn" };

/** @param {import("./page.js").Desk} desk */
export function outboxPane(desk) {
    const list = paged((cursor) => desk.api.outbox(cursor));
    const { s } = list;
    let off, before;
    return t.section(
        {
            className: "pd-outbox",
            ariaLabel: tr("queue.outbox"),
            onmount: () => {
                list.restart();
                off = desk.live.on(() => list.refresh());
                before = desk.list; // the covered list comes back with its keys
                desk.list = { move() {}, reload: list.refresh };
            },
            onunmount: () => {
                off?.();
                desk.list = before;
            },
        },
        t.header(
            { className: "pd-list-head" },
            t.div({ className: "pd-list-title" }, backToQueues(desk), t.h2({}, tr("queue.outbox"))),
            t.p({ className: "pd-hint" }, tr("outbox.explained")),
        ),
        t.div(
            { className: "pd-rows" },
            () => desk.me.smtp === false ? t.p({ className: "pd-notice" }, icon("mail-close-line"), tr("outbox.nosmtp")) : null,
            () => {
                if (s.phase == "loading") return skeleton(5);
                if (s.phase == "error") return failed(s.error, list.restart);
                if (!s.rows.value.length) return empty("mail-check-line", tr("queue.empty.outbox"), tr("queue.empty.hint.outbox"));
                return s.rows.value.map((o) => line(desk, list, o));
            },
            () => s.phase == "ready" || s.phase == "more" ? moreMark(list, tr("list.more")) : null,
        ),
    );
}

const backToQueues = (desk) => button({ icon: "arrow-left-line", title: tr("action.back"), kind: "quiet square back", run: () => desk.go({ queue: "open" }) });

function line(desk, list, o) {
    const again = async () => {
        try {
            await desk.api.resend(o.id);
            list.drop(o.id);
            desk.host.toast.ok(tr("outbox.again"));
            desk.recount();
        } catch (err) {
            desk.host.toast.error(sentence(err));
            list.refresh();
        }
    };
    return t.article(
        { rid: o.id + o.updated + o.status, className: "pd-out" },
        t.div(
            { className: "pd-out-main" },
            t.div(
                { className: "pd-row-top" },
                chip(trOr("outbox.status." + o.status, o.status), tone[o.status] || "plain", trOr("outbox.why." + o.status, "")),
                t.span({ className: "pd-row-who" }, o.recipient || trOr("outbox.kind." + o.kind, o.kind)),
            ),
            t.div(
                { className: "pd-row-subject" },
                o.case
                    ? t.a(
                        { href: desk.link({ kind: "c", id: o.case, queue: "open" }), onclick: (e) => (e.preventDefault(), desk.go({ kind: "c", id: o.case, queue: "open" })) },
                        `#${o.case_number} ${o.subject || ""}`,
                    )
                    : o.subject || trOr("outbox.kind." + o.kind, o.kind),
            ),
            o.last_error ? t.p({ className: "pd-out-error" }, o.last_error) : null,
            t.p({ className: "pd-hint" }, tr("outbox.attempts", { n: o.attempts || 0 }), " · ", when(o.updated || o.created)),
        ),
        action({ label: tr("action.resend"), icon: "restart-line", title: o.status == "unknown" ? tr("outbox.why.unknown") : undefined, run: again }),
    );
}
