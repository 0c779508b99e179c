// What was said, oldest first. The visitor's words stand out; mails that the
// system wrote are one line until somebody wants to read them.
import { tr, trOr } from "../lib/i18n.js";
import { action, avatar, empty, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { linked, plainText } from "../lib/text.js";
import { brief, when } from "../lib/time.js";
import { personName } from "./labels.js";
import { fileList } from "./files.js";

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function conversation(desk, view) {
    const news = store({ below: 0 });
    let box, count = 0, w;
    const atEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    const toEnd = () => {
        box.scrollTop = box.scrollHeight;
        news.below = 0;
    };
    // the latest words, but never past the beginning of what the visitor said last
    const toLatest = () => {
        const said = [...box.querySelectorAll(".pd-msg.is-in")].at(-1);
        toEnd();
        if (said) box.scrollTop = Math.min(box.scrollTop, said.offsetTop - box.offsetTop - 12);
    };
    box = t.div(
        {
            className: "pd-messages",
            tabIndex: 0,
            role: "log",
            ariaLabel: tr("talk.label"),
            onscroll: () => news.below && atEnd() && (news.below = 0),
            onmount: () => {
                w = watch(() => view.get()?.messages?.length || 0, (n) => {
                    const first = !count, near = atEnd();
                    if (n > count && (first || near)) requestAnimationFrame(first ? toLatest : toEnd);
                    else if (n > count) news.below += n - count;
                    count = n;
                });
            },
            onunmount: () => w?.unwatch(),
        },
        () => {
            const data = view.get();
            if (!data.messages?.length) return empty("chat-off-line", tr("talk.empty"));
            return data.messages.map((m) => entry(desk, view, m, data));
        },
    );
    return t.div(
        { className: "pd-messages-frame" },
        box,
        () => news.below
            ? t.button({ type: "button", className: "pd-btn pd-btn-primary pd-news", onclick: toEnd }, icon("arrow-down-line"), tr("talk.news", { n: news.below }))
            : null,
    );
}

/** A subject without its "Re:". */
const bare = (text) => (text || "").replace(/^\s*(?:(?:re|回覆|回复|答复|返信)\s*[:：]\s*)+/i, "").trim();

const bySystem = (m) => m.direction == "out" && !m.author;

function entry(desk, view, m, data) {
    const rid = m.id + JSON.stringify([m.delivery, m.delivery_note, m.updated, m.files?.length]);
    return bySystem(m) ? systemMail(desk, view, m, data, rid) : spoken(desk, view, m, data, rid);
}

function spoken(desk, view, m, data, rid) {
    const kind = m.direction == "in" ? "in" : m.direction == "note" ? "note" : "out";
    const who = kind == "in" ? personName(data.contact, data.feedback?.email) : m.author_name || tr("who.staff");
    return t.article(
        { rid, className: `pd-msg is-${kind}` },
        avatar(who),
        t.div(
            { className: "pd-msg-body" },
            t.header(
                { className: "pd-msg-head" },
                t.strong({}, who),
                kind == "note" ? t.span({ className: "pd-hint" }, icon("lock-line"), tr("talk.note")) : channel(m),
                t.span({ className: "pd-row-fill" }),
                delivery(m),
                t.span({ className: "pd-hint" }, when(m.created, brief)),
            ),
            m.subject && kind != "note" && bare(m.subject) != bare(data.case.subject) ? t.div({ className: "pd-msg-subject" }, m.subject) : null,
            text(m, data.case.locale),
            m.files?.length ? fileList(desk, m.files) : null,
            m.call ? t.p({ className: "pd-hint" }, icon("phone-line"), callWords(m.call)) : null,
            trouble(desk, view, m),
        ),
    );
}

function systemMail(desk, view, m, data, rid) {
    return t.details(
        { rid, className: "pd-msg-system" },
        t.summary(
            {},
            icon("robot-2-line"),
            t.span({ className: "pd-system-what" }, trOr("system." + (m.template || "mail"), tr("system.mail"))),
            t.span({ className: "pd-system-subject" }, m.subject || ""),
            delivery(m),
            t.span({ className: "pd-hint" }, when(m.created, brief)),
        ),
        text(m, data.case.locale),
        trouble(desk, view, m),
    );
}

function text(m, locale) {
    const words = (m.body || "").trim() || plainText(m.html);
    const el = t.div({ className: "pd-text", lang: locale || undefined }, linked(words));
    if (words.length < 3000 && words.split("\n").length < 40) return el;
    const s = store({ open: false });
    return t.div(
        { className: () => "pd-fold" + (s.open ? " is-open" : "") },
        el,
        t.button({ type: "button", className: "pd-btn pd-btn-quiet pd-btn-small", onclick: () => (s.open = !s.open) }, () => tr(s.open ? "talk.less" : "talk.all")),
    );
}

const channel = (m) =>
    m.channel && m.channel != "email" ? t.span({ className: "pd-hint" }, tr("talk.via", { channel: trOr("channel." + m.channel, m.channel) })) : null;

const signs = { queued: "time-line", sent: "check-line", held: "pause-circle-line", failed: "error-warning-line", bounced: "mail-close-line" };

function delivery(m) {
    if (!signs[m.delivery]) return null;
    return t.span(
        { className: `pd-delivery is-${m.delivery}`, title: tr("delivery.why." + m.delivery) },
        icon(signs[m.delivery]),
        tr("delivery." + m.delivery),
    );
}

/** Why a mail did not leave, and the button to try again. */
function trouble(desk, view, m) {
    if (!["failed", "held", "bounced"].includes(m.delivery)) return null;
    return t.div(
        { className: "pd-trouble" },
        t.span({}, m.delivery_note || tr("delivery.why." + m.delivery)),
        action({ label: tr("action.resend"), icon: "restart-line", kind: "small", run: () => resend(desk, view, m) }),
    );
}

/** The outbox line of a message is looked for among those in trouble. */
async function resend(desk, view, m) {
    try {
        let cursor = "", line;
        do {
            const page = await desk.api.outbox(cursor);
            line = page.items?.find((o) => o.message == m.id);
            cursor = page.next;
        } while (!line && cursor);
        if (!line) {
            desk.host.toast.info(tr("outbox.notfound"));
        } else {
            await desk.api.resend(line.id);
            desk.host.toast.ok(tr("outbox.again"));
        }
        await view.reload();
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}

function callWords(call) {
    const minutes = Math.max(1, Math.round((call.seconds || 0) / 60));
    return [trOr("call." + call.outcome, call.outcome || tr("channel.phone")), call.seconds ? tr("call.minutes", { n: minutes }) : ""].filter(Boolean).join(" · ");
}
