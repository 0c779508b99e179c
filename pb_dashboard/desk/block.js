// Blocking what a message came with: its sender, domain, network or a phrase,
// for a time. The panel says what will happen before Enter does it.
import { language, tr, words as loadWords } from "../lib/i18n.js";
import { action, button, icon } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";

await loadWords("held");

const times = [1, 7, 30, 90, 0]; // days; 0 is for good

/** What of a message a rule can be made of; "" where it has none. */
const parts = (v) => {
    const mail = v.feedback?.email || "";
    return { sender: mail || v.feedback?.phone || "", domain: mail.split("@")[1] || "", network: networkOf(v.ip || "") };
};

/** The neighbours of an address: /24 as providers give them out, /64 in IPv6. */
const networkOf = (ip) => /^\d+\.\d+\.\d+\.\d+$/.test(ip) ? ip.replace(/\.\d+$/, ".0/24") : ip && ip + "/64";

/** The words that are selected inside an element, on one line. */
export function selectedIn(el) {
    const sel = getSelection();
    if (!el || !sel?.rangeCount || !el.contains(sel.getRangeAt(0).commonAncestorContainer)) return "";
    return sel.toString().replace(/\s+/g, " ").trim().slice(0, 200);
}

/** @typedef {{kind: string, value?: string, days: number}} Choice */

/**
 * @param {import("./page.js").Desk} desk
 * @param {HTMLElement} anchor
 * @param {{messages: Object[], phrase?: string, check?: (choice: Choice) => Promise<{accepted_matches: number}>, block: (choice: Choice) => Promise<any>}} o
 * phrase: what the person has selected; several messages can't share one
 * check: says whom the rule would have kept out, so that one is asked again
 */
export function blockPanel(desk, anchor, { messages, phrase = "", check, block }) {
    const many = messages.length > 1;
    const own = many ? null : parts(messages[0]);
    const can = (kind) => kind == "phrase" ? !many : many || !!own[kind];
    const kinds = ["sender", "domain", "network", "phrase"].filter((k) => !many || k != "phrase");
    const s = store({ kind: phrase ? "phrase" : kinds.find(can) || "phrase", days: 30, value: phrase, error: "", warned: "", people: 0 });
    const mayForGood = desk.me.superuser || desk.me.agent?.role != "agent";
    const value = () => s.kind == "phrase" ? s.value.trim() : own?.[s.kind] || "";
    const what = () => s.kind + " " + value();
    const warned = () => s.warned == what();
    const ready = () => can(s.kind) && (s.kind != "phrase" || [...value()].length >= 3);

    const pop = popover(anchor, (close) => {
        const submit = async () => {
            if (!ready()) return words.focus();
            s.error = "";
            const choice = { kind: s.kind, value: s.kind == "phrase" ? value() : undefined, days: s.days };
            try {
                if (check && (s.kind == "phrase" || s.kind == "domain") && !warned()) {
                    const asked = what();
                    s.people = (await check(choice)).accepted_matches || 0;
                    if (s.people) return void (s.warned = asked);
                }
                await block(choice);
                close();
            } catch (err) {
                s.error = sentence(err);
            }
        };
        const words = t.input({
            className: "pd-input",
            value: phrase,
            maxLength: 200,
            ariaLabel: tr("block.phrase.words"),
            placeholder: tr("block.phrase.words"),
            oninput: (e) => {
                s.value = e.target.value;
                s.kind = "phrase";
            },
        });
        const kind = (k) =>
            t.div(
                { className: () => "pd-block-kind" + (s.kind == k ? " is-on" : "") },
                t.label(
                    { className: "pd-check" },
                    t.input({ type: "radio", name: "pd-block-kind", checked: () => s.kind == k, disabled: !can(k), onchange: () => (s.kind = k, k == "phrase" && words.focus()) }),
                    t.span({}, tr((many ? "block.many." : "block.") + k)),
                    own && k != "phrase" ? t.span({ className: "pd-block-value" }, own[k] || tr("block.unknown")) : null,
                ),
                k == "phrase" ? words : null,
            );
        const time = (d) =>
            t.label(
                { className: () => "pd-choice" + (s.days == d ? " is-on" : "") },
                t.input({ type: "radio", name: "pd-block-days", disabled: !d && !mayForGood, checked: () => s.days == d, onchange: () => (s.days = d) }),
                tr("block.days." + d),
            );
        const ok = action({ label: () => tr(warned() ? "block.do.anyway" : "block.do"), icon: "forbid-line", kind: "primary", hint: "Enter", disabled: () => !ready(), run: submit });
        return t.form(
            {
                noValidate: true,
                onsubmit: (e) => (e.preventDefault(), ok.click()),
                onkeydown: (e) => {
                    if (e.key != "Enter" || e.repeat || e.isComposing || e.keyCode == 229 || e.target.tagName == "BUTTON") return;
                    e.preventDefault();
                    ok.click();
                },
            },
            t.h3({ className: "pd-edit-label" }, many ? tr("block.title.many", { n: messages.length }) : tr("block.title")),
            t.fieldset({}, t.legend({}, tr("block.what")), kinds.map(kind)),
            t.fieldset({}, t.legend({}, tr("block.howlong")), t.div({ className: "pd-choices" }, times.map(time)), mayForGood ? null : t.p({ className: "pd-hint" }, tr("block.days.supervisor"))),
            t.p({ className: "pd-block-then", role: "status" }, icon("information-line"), t.span({}, () => then(s, value(), messages.length))),
            () => warned() ? t.p({ className: "pd-block-people", role: "alert" }, icon("error-warning-line"), t.span({}, tr("block.people", { n: s.people }))) : null,
            () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null,
            t.div({ className: "pd-pop-foot" }, button({ label: tr("action.cancel"), kind: "quiet", run: close }), ok),
        );
    }, { className: "pd-block", label: tr("block.title") });
    if (!pop) return;
    requestAnimationFrame(() => document.querySelector(".pd-block input:checked:not(:disabled)")?.focus());
}

/** What will happen, in one sentence. */
function then(s, value, n) {
    const until = s.days ? new Intl.DateTimeFormat(language(), { dateStyle: "long" }).format(Date.now() + s.days * 86400_000) : "";
    const what = n > 1 ? tr("block.each." + s.kind) : value ? tr("quoted", { text: value }) : "…";
    return tr((n > 1 ? "block.then.many" : "block.then") + (until ? ".until" : ""), { what, until, n });
}
