// The signs that screening looks at, by what they are about, each with a
// switch. What is kept is the list of those that are off.
import { tr, words } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { signalName } from "../desk/signalwords.js";

await words("screening");

/** Signs that can be switched off. Rules, blocked people and notes are staff's own will. */
export const groups = {
    sender: ["member", "member_invalid", "authenticated", "disposable_email", "domain_no_mail", "mail_verified", "mail_forged", "mail_spf", "mail_dkim", "reply_to_other", "rate_email", "sender_texts", "near_duplicate", "phone_country"],
    form: [
        "honeypot", "token_missing", "token_expired", "token_replayed", "token_invalid", "fill_time", "pasted", "pow_missing", "pow_invalid", "pow_valid",
        "captcha_valid", "captcha_missing", "captcha_invalid", "captcha_duplicate", "captcha_wrong_host", "captcha_low_score", "captcha_down",
    ],
    network: ["user_agent_missing", "headers", "rate_ip", "rate_network", "rate_country", "rate_overall"],
    words: ["text", "keyword", "chat_handle", "link_chat", "link_shortener"],
    text: [
        "markup", "repeated_char", "repeated_line", "repeated_text", "gibberish_text", "gibberish_name", "name_is_text", "script", "language_mismatch",
        "homoglyphs", "hidden_chars", "bidi_override", "styled_letters",
    ],
    links: ["links", "link_punycode", "link_ip", "link_ending", "link_density", "name_link", "field_link"],
};

/**
 * @param {Object} _spec
 * @param {string[]} value names that are off; those without a switch here (set by the API, as "pitch") stay as they are
 * @param {(off: string[]) => void} changed
 */
export function signalSwitches(_spec, value, changed) {
    const before = [...(value || [])];
    const s = store({ off: before });
    const set = (name, on) => {
        s.off = on ? s.off.filter((n) => n != name) : [...s.off, name];
        changed([...s.off]);
    };
    const one = (name) =>
        t.label(
            { className: () => "pd-check pd-switch" + (s.off.includes(name) ? " is-off" : "") },
            // not from the store: that would tie the whole form to it
            t.input({ type: "checkbox", checked: !before.includes(name), onchange: (e) => set(name, e.target.checked) }),
            t.span({ title: name }, signalName(name)),
        );
    return t.div(
        { className: "pd-switches" },
        Object.entries(groups).map(([group, names]) =>
            t.details(
                {},
                t.summary(
                    {},
                    t.span({}, tr("signalgroup." + group)),
                    () => {
                        const n = names.filter((x) => s.off.includes(x)).length;
                        return t.span({ className: n ? "pd-warn" : "pd-hint" }, n ? tr("screenset.off", { n }) : tr("screenset.allon", { n: names.length }));
                    },
                    icon("arrow-down-s-line"),
                ),
                t.div({ className: "pd-switch-grid" }, names.map(one)),
            )
        ),
    );
}
