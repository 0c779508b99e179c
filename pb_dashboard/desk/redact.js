// Something that must not stay on record, such as a card number, is taken out of
// a message for good: words, a file, or all of a note.
import { tr, words } from "../lib/i18n.js";
import { action, box, button, field, icon, select } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { calmLine } from "../lib/calm.js";
import { dialog } from "../lib/dialog.js";
import { plainText } from "../lib/text.js";

await words("menus");

/** What stands where words were. */
const mask = "█████";

/** The parts of a message that words are taken out of. */
const partsOf = (m) => [m.subject, (m.body || "").trim() || plainText(m.html), m.quoted].map((x) => (x || "").replaceAll("\r\n", "\n")).filter(Boolean);

/**
 * @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {Object} m the message
 * @param {string} [chosen] the words that were selected on the page
 */
export async function redact(desk, view, m, chosen = "") {
    const whole = m.has_quoted || m.has_html ? { ...m, ...(await desk.api.message(m.id)), files: m.files } : m;
    const parts = partsOf(whole), files = m.files || [];
    const count = (text) => (text ? parts.reduce((n, p) => n + p.split(text).length - 1, 0) : 0);
    const s = store({ what: parts.length ? "text" : files.length ? "file" : "all", text: count(chosen.trim()) ? chosen.trim() : "", file: files[0]?.name || "", error: "" });
    const kinds = [parts.length && "text", files.length && "file", m.direction == "note" && "all"].filter(Boolean);
    const ready = () => (s.what == "text" ? count(s.text.trim()) > 0 : s.what == "file" ? !!s.file : true);
    const go = action({
        label: tr("redact.do"),
        icon: "eraser-line",
        kind: "danger",
        disabled: () => !ready(),
        run: async () => {
            s.error = "";
            try {
                const left = await take(desk, m, { what: s.what, text: whole.body?.includes("\r\n") ? s.text.trim().replaceAll("\n", "\r\n") : s.text.trim(), file: s.file });
                changed(desk, view, m, left, (f) => s.what == "text" || (s.what == "file" && f.name != s.file));
                d.close();
            } catch (err) {
                s.error = { 403: tr("redact.late"), 409: tr("redact.waits") }[err?.status] || sentence(err);
            }
        },
    });
    let shown;
    const follow = () => {
        const marked = getSelection(), text = String(marked).trim();
        if (text && shown?.contains(marked.anchorNode) && shown.contains(marked.focusNode)) s.text = text;
    };
    document.addEventListener("selectionchange", follow);
    const d = dialog({ label: tr("redact.title"), className: "pd-redact", onclose: () => document.removeEventListener("selectionchange", follow) }, (close) => [
        t.header({ className: "pd-dialog-head" }, t.h2({}, tr("redact.title")), button({ icon: "close-line", title: tr("action.close"), kind: "quiet square small", run: close })),
        t.div(
            { className: "pd-redact-body" },
            kinds.length > 1 ? choice(s, kinds) : null,
            () => (s.what == "text" ? passage(s, parts, count, (el) => (shown = el)) : s.what == "file" ? fileChoice(s, files) : t.p({ rid: "all" }, tr("redact.all"))),
        ),
        t.div(
            { className: "pd-redact-warn" },
            icon("alert-line"),
            t.div({}, t.strong({}, tr("redact.warn")), t.p({}, tr("redact.warn.more"))),
        ),
        t.footer(
            { className: "pd-dialog-foot" },
            t.span({ className: "pd-row-fill" }, () => (s.error ? t.span({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null)),
            button({ label: tr("action.cancel"), kind: "quiet", run: close }),
            go,
        ),
    ]);
}

const choice = (s, kinds) =>
    t.div(
        { className: "pd-segments", role: "group", ariaLabel: tr("redact.what") },
        kinds.map((k) => t.button({ type: "button", className: () => "pd-segment" + (s.what == k ? " is-on" : ""), ariaPressed: () => String(s.what == k), onclick: () => (s.what = k) }, tr("redact.what." + k))),
    );

/** The words of the message to select from, and those that are chosen. */
function passage(s, parts, count, made) {
    const text = t.div(
        { className: "pd-redact-text pd-text", tabIndex: 0, role: "region", ariaLabel: tr("redact.pick"), dir: "auto", onmount: made },
        parts.map((p) => t.p({}, p)),
    );
    const input = t.textarea({ className: "pd-textarea", rows: 2, maxLength: 20_000, value: () => s.text, oninput: (e) => (s.text = e.target.value) });
    const says = () => {
        const wanted = s.text.trim(), n = count(wanted);
        if (!wanted) return null;
        return t.p({ className: n ? "pd-hint" : "pd-hint pd-warn", role: "status" }, n ? tr("redact.stands", { n, mask }) : tr("redact.stands.none"));
    };
    return t.div({ rid: "text", className: "pd-redact-part" }, t.p({ className: "pd-hint" }, tr("redact.pick")), text, field({ label: tr("redact.passage"), control: input }), says);
}

function fileChoice(s, files) {
    const options = files.map((f) => [f.name, calmLine(f.title || f.name)]);
    return t.div({ rid: "file", className: "pd-redact-part" }, field({ label: tr("redact.file"), control: select({ value: s.file, options, onchange: (v) => (s.file = v) }) }));
}

const take = (desk, m, { what, text, file }) =>
    desk.host.send(`/api/desk/messages/${encodeURIComponent(m.id)}/redact`, { method: "POST", body: { text: { text }, file: { file }, all: { all: true } }[what] });

/** What is on the screen follows at once; parts of a long conversation are not fetched again. stays: whether a file does */
function changed(desk, view, m, left, stays) {
    desk.host.toast.ok(tr("redact.done"));
    const had = view.get();
    const now = (x) => ({
        ...x, subject: left.subject, body: left.body, html: undefined, quoted: undefined, formatted: undefined, updated: left.updated, mentions: left.mentions,
        has_html: !!left.html, has_quoted: !!left.quoted, has_raw: false, files: x.files?.filter(stays),
    });
    view.s.data = box({ ...had, messages: had.messages.map((x) => (x.id == m.id ? now(x) : x)) });
    view.reload();
    desk.list?.reload?.();
}
