// What was said, oldest first. The visitor's words stand out; mails that the
// system wrote are one line until somebody wants to read them.
import { tr, trOr } from "../lib/i18n.js";
import { avatar, empty, icon } from "../lib/dom.js";
import { linked, mailFrom, plainText } from "../lib/text.js";
import { brief, minutes, when } from "../lib/time.js";
import { personName } from "./labels.js";
import { delivery, trouble } from "./delivery.js";
import { fileList } from "./files.js";
import { autoWords, byStranger, copyLine, letterFoot, rawButton, sender } from "./letter.js";

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
                    const mine = view.get().messages.at(-1).author == desk.me.agent?.id;
                    const first = !count, near = atEnd() || mine;
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

/** Written by a machine, ours or the visitor's: one line until somebody wants to read it. */
const bySystem = (m) => (m.direction == "out" && !m.author) || !!m.auto;

function entry(desk, view, m, data) {
    const rid = m.id + JSON.stringify([m.delivery, m.delivery_note, m.read_at, m.undo_until, m.updated, m.outbox, m.has_raw, m.files?.length]);
    return bySystem(m) ? machineMail(desk, view, m, data, rid) : spoken(desk, view, m, data, rid);
}

function spoken(desk, view, m, data, rid) {
    const kind = m.direction == "in" ? "in" : m.direction == "note" ? "note" : "out";
    const stranger = byStranger(m, data);
    const who = stranger ? mailFrom(m) : kind == "in" && !m.author ? personName(data.contact, data.feedback?.email) : m.author_name || tr("who.staff");
    return t.article(
        { rid, className: `pd-msg is-${kind}`, "html-data-id": m.id },
        avatar(who),
        t.div(
            { className: "pd-msg-body" },
            t.header(
                { className: "pd-msg-head" },
                t.strong({}, who),
                kind == "note" ? t.span({ className: "pd-hint" }, icon("lock-line"), tr("talk.note")) : m.channel == "phone" ? null : channel(m),
                t.span({ className: "pd-row-fill" }),
                delivery(desk, view, m),
                rawButton(desk, m),
                t.span({ className: "pd-hint" }, when(m.created, brief)),
            ),
            stranger ? t.div({ className: "pd-hint pd-warn" }, icon("alert-line"), tr("letter.from.stranger")) : sender(m, data),
            copyLine(m),
            m.subject && kind != "note" && bare(m.subject) != bare(data.case.subject) ? t.div({ className: "pd-msg-subject" }, m.subject) : null,
            callLine(m),
            saysMore(m) ? text(m, data.case.locale) : null,
            letterFoot(desk, m),
            m.files?.length ? fileList(desk, m.files) : null,
            trouble(desk, view, m),
        ),
    );
}

function machineMail(desk, view, m, data, rid) {
    return t.details(
        { rid, className: "pd-msg-system", "html-data-id": m.id },
        t.summary(
            {},
            icon(m.auto ? "mail-settings-line" : "robot-2-line"),
            t.span({ className: "pd-system-what", title: m.auto || undefined }, m.auto ? autoWords(m.auto) : trOr("system." + (m.template || "mail"), tr("system.mail"))),
            t.span({ className: "pd-system-subject" }, m.subject || ""),
            delivery(desk, view, m),
            rawButton(desk, m),
            t.span({ className: "pd-hint" }, when(m.created, brief)),
        ),
        sender(m, data),
        text(m, data.case.locale),
        letterFoot(desk, m),
        m.files?.length ? fileList(desk, m.files) : null,
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

/** "Called: no answer · 2:05" */
function callLine(m) {
    if (m.channel != "phone" || m.direction == "note") return null;
    const inward = m.direction == "in";
    return t.p(
        { className: "pd-call-line" },
        icon(inward ? "phone-line" : "phone-fill"),
        [tr(inward ? "call.in" : "call.out"), callWords(m.call), m.call?.seconds ? minutes(m.call.seconds) : ""].filter(Boolean).join(" · "),
    );
}

const callWords = (call) => (call?.outcome ? trOr("call." + call.outcome, call.outcome) : "");

/** A call without a note says its outcome once. */
const saysMore = (m) => m.channel != "phone" || ((m.body || "").trim() && m.body.trim() != callWords(m.call));
