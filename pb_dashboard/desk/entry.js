// One message. The visitor's words stand out; mails that a machine wrote are
// one line until somebody wants to read them.
import { language, tr, trOr } from "../lib/i18n.js";
import { avatar, button, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { calmLine } from "../lib/calm.js";
import { lazy } from "../lib/lazy.js";
import { linked, mailFrom, plainText } from "../lib/text.js";
import { brief, minutes, parse, when } from "../lib/time.js";
import { localeName, personName } from "./labels.js";
import { delivery, deliveryState, trouble } from "./delivery.js";
import { fileList } from "./files.js";
import { autoWords, byStranger, copyLine, letterFoot, sender } from "./letter.js";

/** A subject without its "Re:". */
const bare = (text) => calmLine(text).replace(/^(?:(?:re|回覆|回复|答复|返信)\s*[:：]\s*)+/i, "").trim();

/** Written by a machine, ours or the visitor's: one line until somebody wants to read it. */
const bySystem = (m) => (m.direction == "out" && !m.author) || !!m.auto;

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {Object} m @param {Object} data the view at this moment */
export const entry = (desk, view, m, data) => (bySystem(m) ? machineMail(desk, view, m, data) : spoken(desk, view, m, data));

/** Longer ones are folded; this much of them is put on the page. */
const foldFrom = 3000, foldLines = 40;

function spoken(desk, view, m, data) {
    const kind = m.direction == "in" ? "in" : m.direction == "note" ? "note" : "out";
    const stranger = byStranger(m, data);
    const who = stranger || (kind == "note" && !m.author && m.from_addr) ? mailFrom(m) : kind == "in" && !m.author ? personName(m.contact_name ? { name: m.contact_name } : data.contact, data.feedback?.email) : m.author_name || tr("who.staff");
    return t.article(
        { className: `pd-msg is-${kind}`, "html-data-id": m.id },
        avatar(who),
        t.div(
            { className: "pd-msg-body" },
            t.header(
                { className: "pd-msg-head" },
                t.strong({}, t.bdi({}, who)),
                kind == "note" ? t.span({ className: "pd-hint" }, icon("lock-line"), tr("talk.note")) : m.channel == "phone" ? null : channel(m),
                t.span({ className: "pd-row-fill" }),
                delivery(desk, view, m),
                t.span({ className: "pd-hint" }, when(m.created, brief)),
                moreButton(desk, view, m, data),
            ),
            stranger ? t.div({ className: "pd-hint pd-warn" }, icon("alert-line"), tr("letter.from.stranger")) : sender(m, data),
            copyLine(m),
            m.subject && kind != "note" && bare(m.subject) != bare(data.case.subject) ? t.div({ className: "pd-msg-subject" }, t.bdi({}, calmLine(m.subject))) : null,
            callLine(m),
            saysMore(m) ? text(desk, m, data) : null,
            letterFoot(desk, m),
            m.files?.length ? fileList(desk, m.files) : null,
            trouble(desk, view, m),
        ),
    );
}

function machineMail(desk, view, m, data) {
    const s = store({ open: false });
    return t.details(
        { className: "pd-msg-system", "html-data-id": m.id, ontoggle: (e) => e.target.open && (s.open = true) },
        t.summary(
            {},
            icon(m.auto ? "mail-settings-line" : "robot-2-line"),
            t.span({ className: "pd-system-what", title: m.auto || undefined }, m.auto ? autoWords(m.auto) : trOr("system." + (m.template || "mail"), tr("system.mail"))),
            t.span({ className: "pd-system-subject" }, t.bdi({}, calmLine(m.subject))),
            deliveryState(m),
            t.span({ className: "pd-hint" }, when(m.created, brief)),
        ),
        () => s.open
            ? [t.div({ className: "pd-system-tools" }, delivery(desk, view, m), moreButton(desk, view, m, data)), sender(m, data), text(desk, m, data), letterFoot(desk, m), m.files?.length ? fileList(desk, m.files) : null].filter(Boolean)
            : null,
        trouble(desk, view, m),
    );
}

/** A note is in the language of staff; all else in the visitor's. */
const langOf = (m, data) => (m.direction == "note" ? language() : data.case.locale || undefined);

function text(desk, m, data) {
    const words = (m.body || "").trim() || plainText(m.html);
    const long = words.length > foldFrom || words.split("\n", foldLines + 1).length > foldLines;
    const s = store({ open: false });
    const looks = m.formatted && lazy(() => import("./formatted.js"), (x) => x.formatted(m.formatted)); // as the visitor saw it
    const part = () => {
        const all = s.open || !long ? words : words.slice(0, foldFrom);
        return looks?.() || (m.mentions?.length ? marked(desk, m, all) : linked(all));
    };
    const el = t.div({ className: "pd-text", lang: langOf(m, data), dir: "auto" }, part);
    if (!long) return el;
    return t.div(
        { className: () => "pd-fold" + (s.open ? " is-open" : "") },
        el,
        t.button({ type: "button", className: "pd-btn pd-btn-quiet pd-btn-small", ariaExpanded: () => s.open, onclick: () => (s.open = !s.open) }, () => tr(s.open ? "talk.less" : "talk.all")),
    );
}

/** A note with the names of those whom it calls. */
function marked(desk, m, words) {
    const names = m.mentions.map((id) => "@" + desk.names.agent(id)).filter((n) => n.length > 1).sort((a, b) => b.length - a.length);
    if (!names.length) return linked(words);
    const split = new RegExp("(" + names.map((n) => n.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|") + ")", "g");
    return words.split(split).flatMap((part) => (names.includes(part) ? [t.span({ className: "pd-mention" + (part == "@" + desk.me.agent?.name ? " is-me" : "") }, part)] : linked(part)));
}

const channel = (m) =>
    m.channel && m.channel != "email" ? t.span({ className: "pd-hint" }, tr("talk.via", { channel: trOr("channel." + m.channel, m.channel) })) : null;

/** The visitor's language as a chip, where it is not the Desk's. */
export const languageChip = (locale) =>
    locale && locale != language() ? t.span({ className: "pd-chip pd-tone-note", title: tr("fact.locale") }, icon("translate-2"), t.span({}, localeName(locale))) : null;

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

/** The message that opened the case stays with it; another may become a case of its own. */
export const maySplit = (m, data) => m.direction == "in" && !data.case.merged_into && (data.earlier || data.messages[0]?.id != m.id);

/** Its author for ten minutes, and admins, take something out of a message that left. */
export const mayRedact = (desk, m) =>
    (desk.me.can?.admin || (m.author && m.author == desk.me.agent?.id && Date.now() - parse(m.created) < 600_000)) && !(m.direction == "out" && /^(queued|held)$/.test(m.delivery));

/** What can be done with a message, behind one button. */
function moreButton(desk, view, m, data) {
    if (!m.has_raw && !maySplit(m, data) && !mayRedact(desk, m)) return null;
    return Object.assign(button({
        icon: "more-2-line",
        title: tr("case.more"),
        kind: "quiet small square msgmore",
        run: (e) => {
            const anchor = e.currentTarget, chosen = String(getSelection());
            import("./msgmenu.js").then((x) => x.messageMenu(desk, view, m, anchor, chosen)).catch((err) => desk.host.toast.error(sentence(err)));
        },
    }), { ariaHasPopup: "menu" });
}
