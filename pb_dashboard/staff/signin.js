// The way in: what the shop offers of password, code by mail and other accounts,
// one after the other where two steps are asked for. Nothing that is said here
// tells whether somebody exists.
import { closest, language, languages, tr, use, words } from "../lib/i18n.js";
import { action, button, field, icon, select } from "../lib/dom.js";
import { otherAccounts } from "./oauth.js";

await words("signin");

/**
 * @param {{pb: Object, me: Object, agents: string}} page
 * @param {{mail?: string, said?: string, step?: string}} [how] what is known already
 * @returns {Promise<void>} when somebody is signed in
 */
export async function signIn({ pb, me, agents }, how) {
    const base = `/api/collections/${agents}/`;
    const post = (path, body) => pb.send(base + path, { method: "POST", body, token: "" });
    await use(localStorage.getItem("pocketdesk.language") || closest(navigator.languages));
    const methods = await pb.send(base + "auth-methods", { token: "" });

    return new Promise((resolve) => {
        const s = store({ step: how?.step || "first", error: "", said: how?.said || "", waiting: "", busy: false, mail: how?.mail || "", stay: false, mfa: "", used: "", code: "", lang: language() });
        const accounts = otherAccounts({ methods, post });

        const enter = (auth) => {
            me.keep(auth, s.stay);
            accounts.stop();
            resolve();
        };
        /** Tries one way in; a second step may be asked for. */
        const attempt = async (how, fn, name) => {
            s.error = s.said = "";
            s.busy = true;
            try {
                enter(await fn());
            } catch (err) {
                if (err.status == 401 && err.response?.mfaId) await second(how, err.response.mfaId);
                else s.error = sentenceOf(err, how, name);
            } finally {
                s.busy = false;
            }
        };
        const second = async (used, mfaId) => {
            Object.assign(s, { mfa: mfaId, used, step: "second" });
            const only = methods.otp?.enabled && used != "otp" && s.mail && !(methods.oauth2?.enabled && methods.oauth2.providers.length);
            if (only) await sendCode();
        };
        const sendCode = async () => {
            s.error = "";
            try {
                s.code = (await post("request-otp", { email: s.mail })).otpId;
                s.step = "code";
            } catch (err) {
                s.error = sentenceOf(err, "otp");
            }
        };
        const withMFA = (body) => (s.mfa ? { ...body, mfaId: s.mfa } : body);
        const restart = () => Object.assign(s, { step: "first", mfa: "", used: "", code: "", error: "" });
        const steps = {
            first: () => choices({ s, methods, accounts, attempt, post, withMFA, sendCode }),
            second: () => choices({ s, methods, accounts, attempt, post, withMFA, sendCode, restart }),
            code: () => codeForm({ s, methods, attempt, post, withMFA, restart }),
            forgot: () => forgotForm({ s, post, restart }),
            sent: () => message("mail-send-line", tr("signin.sent"), tr("signin.sent.why"), restart),
        };
        const el = t.div(
            { className: "signin pd", lang: () => s.lang },
            t.main(
                { className: "signin-box" },
                t.div({ className: "signin-mark" }, icon("customer-service-2-line")),
                () => (s.lang, t.h1({}, tr(s.step == "second" || s.mfa ? "signin.second" : s.step == "forgot" ? "signin.forgot" : "signin.title"))),
                () => s.said ? t.p({ className: "signin-said", role: "status" }, icon("checkbox-circle-line"), t.span({}, s.said)) : null,
                t.div({ role: "alert", className: "signin-alert" }, () => s.error ? t.p({ className: "signin-error" }, icon("error-warning-line"), t.span({}, s.error)) : null),
                () => (s.lang, steps[s.step]()),
            ),
            t.footer(
                { className: "signin-foot" },
                select({
                    value: s.lang,
                    label: "Language / 語言 / 言語",
                    options: Object.entries(languages),
                    onchange: async (lang) => {
                        await use(lang);
                        localStorage.setItem("pocketdesk.language", lang);
                        s.error = "";
                        s.lang = lang;
                        document.title = tr("signin.title");
                    },
                }),
            ),
        );
        document.title = tr("signin.title");
        document.body.replaceChildren(el);
    });
}

/** The ways that are left: all of them at first, the others for a second step. */
function choices({ s, methods, accounts, attempt, post, withMFA, sendCode, restart }) {
    const left = (name) => methods[name]?.enabled && s.used != name;
    const password = left("password");
    const code = left("otp");
    const none = !password && !code && !(left("oauth2") && methods.oauth2.providers.length);
    return t.div(
        { className: "signin-ways", rid: "ways " + s.used + s.lang },
        s.mfa ? t.p({ className: "pd-hint" }, tr("signin.second.why")) : null,
        none ? t.p({ className: "pd-hint" }, tr("signin.none")) : null,
        password ? passwordForm({ s, methods, attempt, post, withMFA }) : null,
        code ? mailForm({ s, sendCode, alone: !password }) : null,
        left("oauth2") ? accounts.buttons((fn, name) => attempt("oauth2", fn, name), withMFA, s) : null,
        restart ? button({ label: tr("signin.restart"), kind: "quiet", run: restart }) : null,
    );
}

function passwordForm({ s, methods, attempt, post, withMFA }) {
    const byMail = (methods.password.identityFields || ["email"]).every((f) => f == "email");
    const identity = t.input({ className: "pd-input", type: byMail ? "email" : "text", name: "identity", autocomplete: "username", required: true, maxLength: 255, value: s.mail, autocapitalize: "none", spellcheck: false, onmount: (el) => (s.mail ? secret : el).focus() });
    const secret = t.input({ className: "pd-input", type: "password", name: "password", autocomplete: "current-password", required: true, maxLength: 255 });
    const stay = t.input({ type: "checkbox", name: "stay", checked: s.stay, onchange: (e) => (s.stay = e.target.checked) });
    return t.form(
        {
            className: "signin-form",
            onsubmit: (e) => {
                e.preventDefault();
                if (s.busy) return;
                s.mail = identity.value.trim();
                attempt("password", () => post("auth-with-password", withMFA({ identity: s.mail, password: secret.value })));
            },
        },
        field({ label: tr(byMail ? "signin.mail" : "signin.identity"), control: identity }),
        field({ label: tr("signin.password"), control: secret }),
        t.div(
            { className: "signin-row" },
            t.label({ className: "pd-check" }, stay, t.span({}, tr("signin.stay"))),
            t.button({ type: "button", className: "pd-link", onclick: () => Object.assign(s, { mail: identity.value.trim(), step: "forgot", error: "" }) }, tr("signin.forgot")),
        ),
        t.button({ type: "submit", className: "pd-btn pd-btn-primary", disabled: () => s.busy }, tr("signin.go")),
    );
}

/** Asks for a code by mail; beside a password form it takes the address from there. */
function mailForm({ s, sendCode, alone }) {
    const mail = t.input({ className: "pd-input", type: "email", name: "mail", autocomplete: "username", required: true, maxLength: 255, value: s.mail });
    const other = () => document.querySelector(".signin-form input[name=identity]");
    return t.form(
        {
            className: "signin-code" + (alone ? " signin-form" : ""),
            noValidate: !alone,
            onsubmit: (e) => {
                e.preventDefault();
                const box = alone ? mail : other();
                if (!box.value.includes("@")) {
                    s.error = tr("signin.mail.first");
                    return box.focus();
                }
                s.mail = box.value.trim();
                return sendCode();
            },
        },
        alone ? field({ label: tr("signin.mail"), control: mail }) : t.div({ className: "signin-or" }, t.span({}, tr("signin.or"))),
        t.button({ type: "submit", className: "pd-btn" + (alone ? " pd-btn-primary" : "") }, icon("mail-line"), t.span({}, tr("signin.code.send"))),
    );
}

function codeForm({ s, methods, attempt, post, withMFA, restart }) {
    const code = t.input({ className: "pd-input signin-digits", name: "code", inputMode: "numeric", autocomplete: "one-time-code", required: true, maxLength: 20, onmount: (el) => el.focus() });
    const minutes = Math.max(1, Math.round((methods.otp.duration || 180) / 60));
    return t.form(
        {
            className: "signin-form",
            rid: "code " + s.code + s.lang,
            onsubmit: (e) => {
                e.preventDefault();
                const digits = code.value.normalize("NFKC").replace(/\s/g, ""); // a Japanese keyboard may write them wide
                if (!s.busy) attempt("otp", () => post("auth-with-otp", withMFA({ otpId: s.code, password: digits })));
            },
        },
        t.p({ className: "pd-hint" }, tr("signin.code.why", { mail: s.mail, n: minutes })),
        field({ label: tr("signin.code"), control: code }),
        t.button({ type: "submit", className: "pd-btn pd-btn-primary", disabled: () => s.busy }, tr("signin.go")),
        button({ label: tr("signin.restart"), kind: "quiet", run: restart }),
    );
}

function forgotForm({ s, post, restart }) {
    const mail = t.input({ className: "pd-input", type: "email", name: "mail", autocomplete: "username", required: true, maxLength: 255, value: s.mail, onmount: (el) => el.focus() });
    const send = async () => {
        if (!mail.reportValidity()) return;
        s.error = "";
        try {
            await post("request-password-reset", { email: mail.value.trim() });
            s.step = "sent";
        } catch (err) {
            s.error = sentenceOf(err, "forgot");
        }
    };
    return t.form(
        { className: "signin-form", rid: "forgot " + s.lang, onsubmit: (e) => (e.preventDefault(), send()) },
        t.p({ className: "pd-hint" }, tr("signin.forgot.why")),
        field({ label: tr("signin.mail"), control: mail }),
        action({ label: tr("signin.forgot.send"), kind: "primary", run: send }),
        button({ label: tr("signin.restart"), kind: "quiet", run: restart }),
    );
}

const message = (sign, title, why, back) =>
    t.div({ className: "signin-form", rid: title }, t.p({ className: "signin-said" }, icon(sign), t.strong({}, title)), t.p({ className: "pd-hint" }, why), button({ label: tr("signin.restart"), run: back }));

/** One sentence for all that is wrong with a name or a secret. */
function sentenceOf(err, how, name) {
    if (!err.status && err.name != "RequestError" && err.message) return err.message;
    if (!err.status) return tr("error.offline");
    if (err.status == 429) return tr("signin.many");
    if (how == "oauth2") return err.status == 403 ? tr("signin.wrong.account") : tr("signin.provider", { name });
    if (err.status == 403) return tr("signin.norole");
    if (err.status >= 500) return tr("error.unknown");
    return tr(how == "otp" ? "signin.wrong.code" : "signin.wrong");
}
