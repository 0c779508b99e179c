// Mails as they came in, with what became of each; one that could not be read is
// read again with a press.
import { language, tr, trOr, words } from "../lib/i18n.js";
import { action, chip, empty, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { bytes, mailFrom } from "../lib/text.js";
import { when } from "../lib/time.js";
import { moreMark, paged } from "../desk/paged.js";

await words("mailset", "nav", "menus");

const views = { failed: { status: "failed" }, all: {}, bounce: { outcome: "bounce" }, auto: { outcome: "auto" }, quarantined: { outcome: "quarantined" } };
const tone = { failed: "bad", received: "warn", duplicate: "plain", bounce: "warn", quarantined: "warn", blocked: "bad", case: "ok", joined: "ok" };

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    const s = store({ view: "failed" });
    const list = paged((cursor) => ctx.api.inbound({ ...views[s.view], cursor, limit: 40 }));
    const show = (name) => {
        s.view = name;
        list.restart();
    };
    if (!ctx.me.can?.admin) return t.p({ className: "pd-notice" }, icon("lock-line"), tr("incoming.admins"));
    list.restart();
    return t.div(
        { className: "pd-records" },
        t.div({ className: "pd-settings-intro" }, t.p({}, tr("incoming.intro"))),
        t.div(
            { className: "pd-segments pd-incoming-views", role: "tablist", ariaLabel: tr("settings.incoming") },
            Object.keys(views).map((name) =>
                t.button({ type: "button", role: "tab", className: () => "pd-segment" + (s.view == name ? " is-on" : ""), ariaSelected: () => s.view == name, onclick: () => show(name) }, tr("incoming.view." + name))
            ),
        ),
        () => {
            if (list.s.phase == "loading") return skeleton(5);
            if (list.s.phase == "error") return failed(list.s.error, list.restart);
            const rows = list.s.rows.value;
            if (!rows.length) return empty("mail-check-line", tr(s.view == "failed" ? "incoming.none.failed" : "incoming.none"), tr("incoming.none.hint"));
            return rows.map((m) => line(ctx, list, m));
        },
        () => list.s.phase == "ready" || list.s.phase == "more" ? moreMark(list, tr("list.more")) : null,
    );
}

function line(ctx, list, m) {
    const again = async () => {
        try {
            await ctx.api.readAgain(m.id);
            ctx.host.toast.ok(tr("incoming.again.done"));
        } catch (err) {
            ctx.host.toast.error(sentence(err));
        }
        list.refresh();
    };
    const raw = () => ctx.api.rawMail(m.id).catch((err) => ctx.host.toast.error(err?.status == 404 ? tr("letter.raw.gone") : sentence(err)));
    const state = m.status == "done" ? m.outcome : m.status;
    return t.article(
        { rid: m.id + m.status + m.updated, className: "pd-record pd-incoming" },
        t.div(
            { className: "pd-incoming-main" },
            t.div(
                { className: "pd-row-top" },
                chip(trOr("incoming.state." + state, state || "—"), tone[state]),
                t.strong({ className: "pd-row-who" }, mailFrom(m) || tr("person.unnamed")),
                t.span({ className: "pd-row-time" }, when(m.received_at || m.created)),
            ),
            t.div(
                { className: "pd-row-subject" },
                m.case ? t.a({ href: m.outcome == "quarantined" ? "#/desk?queue=quarantine" : "#/desk/c/" + m.case }, m.subject || tr("case.nosubject")) : m.subject || tr("case.nosubject"),
            ),
            m.error ? t.p({ className: "pd-out-error" }, m.error) : null,
            t.p({ className: "pd-hint" }, [trOr("incoming.source." + m.source, m.source), m.size ? bytes(m.size, language()) : "", trOr("incoming.why." + m.reason, "")].filter(Boolean).join(" · ")),
        ),
        m.status == "failed" && m.has_raw ? action({ label: tr("incoming.again"), icon: "restart-line", kind: "small", run: again }) : null,
        m.has_raw ? action({ icon: "download-line", title: tr("letter.raw"), kind: "quiet square", run: raw }) : null,
    );
}
