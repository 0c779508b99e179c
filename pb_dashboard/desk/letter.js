// What a visitor's mail bears beside its words: another sender, copies, what it
// repeats of earlier mails, and its own dress.
import { tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { calmLine } from "../lib/calm.js";
import { lazy } from "../lib/lazy.js";
import { linked, mailFrom } from "../lib/text.js";

const person = (a) => calmLine(a.name ? `${a.name} <${a.addr}>` : a.addr);
const known = (data, addr) => (data.contact?.identities || []).some((i) => i.value?.toLowerCase() == addr.toLowerCase()) || data.feedback?.email?.toLowerCase() == addr.toLowerCase();

/** The sender's address where it is not the one that we answer to. */
export function sender(m, data) {
    const from = m.from_addr;
    if (m.direction != "in" || !from || from.toLowerCase() == (data.reply_to || "").toLowerCase()) return null;
    const theirs = known(data, from);
    return t.span(
        { className: "pd-hint pd-msg-from" + (theirs ? "" : " pd-warn"), title: tr(theirs ? "letter.from.other" : "letter.from.stranger") },
        theirs ? null : icon("alert-line"),
        tr("letter.from", { from: mailFrom(m) }),
    );
}

/** Whether somebody wrote this who has no address with the visitor. */
export const byStranger = (m, data) => m.direction == "in" && !!m.from_addr && !known(data, m.from_addr);

/** Who got copies. */
export function copyLine(m) {
    const lists = [["cc", m.cc], ["bcc", m.bcc]].filter(([, list]) => Array.isArray(list) && list.length);
    if (!lists.length) return null;
    return t.div(
        { className: "pd-msg-copies pd-hint" },
        lists.map(([name, list]) => t.span({}, tr("letter." + name), " ", list.map(person).join(", "))),
    );
}

/** What stands below the words: the repeated tail, and the mail in its own dress. Both are fetched when somebody looks. */
export function letterFoot(desk, m) {
    const s = store({ quoted: false, html: false });
    if (!m.has_quoted && !m.has_html) return null;
    const whole = once(async () => ((m.has_html && m.html === undefined) || (m.has_quoted && m.quoted === undefined) ? { ...m, ...(await desk.api.message(m.id)), files: m.files } : m));
    const load = (make) => async () => {
        const [parts, data] = await Promise.all([make(), whole()]);
        return { ...parts, data };
    };
    const tail = lazy(load(async () => ({})), ({ data }) => t.blockquote({ rid: "quoted", className: "pd-quoted pd-text", dir: "auto" }, linked(data.quoted)));
    const dress = lazy(load(() => import("./htmlview.js")), ({ htmlView, data }) => htmlView(desk, data));
    const quoted = m.has_quoted
        ? t.button(
            { type: "button", className: "pd-ellipsis", title: tr("letter.quoted"), ariaLabel: tr("letter.quoted"), ariaExpanded: () => s.quoted, onclick: () => (s.quoted = !s.quoted) },
            "•••",
        )
        : null;
    return t.div(
        { className: "pd-letter" },
        () => s.quoted ? tail() : null,
        () => s.html ? dress() : null,
        t.div(
            { className: "pd-letter-foot" },
            quoted,
            t.span({ className: "pd-row-fill" }),
            m.has_html
                ? t.button(
                    { type: "button", className: () => "pd-btn pd-btn-quiet pd-btn-small" + (s.html ? " is-on" : ""), title: tr("letter.html.why"), ariaPressed: () => s.html, onclick: () => (s.html = !s.html) },
                    icon("layout-line"),
                    t.span({}, tr("letter.html")),
                )
                : null,
        ),
    );
}

/** Asks once; what failed is asked again. */
function once(ask) {
    let asked;
    return () => (asked ??= ask().catch((err) => {
        asked = null;
        throw err;
    }));
}

/** Why nobody needs to read an automatic mail, in a word or two. */
export function autoWords(why) {
    const low = (why || "").toLowerCase();
    const kind = [
        ["receipt", /^read receipt/], ["report", /^(delivery report|bounce|abuse report|report )/], ["own", /^our own/],
        ["list", /^(precedence|list-|mailing)/], ["robot", /^sender /], ["away", /^subject |vacation|auto-replied|autorespon|autoreply|suppress/],
    ].find(([, pattern]) => pattern.test(low));
    return tr("auto." + (kind?.[0] || "other"));
}
