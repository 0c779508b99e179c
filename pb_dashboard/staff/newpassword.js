// Where the link of a mail leads: somebody new, or somebody who forgot his
// password, chooses one. The link works once and stands in no address any more.
import { closest, language, tr, use, words } from "../lib/i18n.js";
import { action, button, field, icon } from "../lib/dom.js";

await words("signin");

/** Whose link it is, as it says itself; shown, not trusted. */
function mailOf(token) {
    try {
        const raw = Uint8Array.from(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
        return JSON.parse(new TextDecoder().decode(raw)).email || "";
    } catch {
        return "";
    }
}

/**
 * Takes the link out of the address, and whoever is signed in here out of this
 * browser: the link may be somebody else's.
 * @param {{pb: Object, me: Object, agents: string}} page
 * @returns {Promise<{mail: string, said?: string, step?: string}>} how signing in begins
 */
export async function choosePassword({ pb, me, agents }) {
    const [, kind, token] = location.hash.split("/");
    history.replaceState(null, "", location.pathname);
    await use(localStorage.getItem("pocketdesk.language") || closest(navigator.languages));
    const mail = mailOf(token), title = tr(kind == "welcome" ? "signin.welcome" : "signin.choose");
    document.title = title;
    return new Promise((done) => {
        const resolve = (how) => (me.clear(), done(how));
        const s = store({ error: "", dead: false });
        const secret = t.input({ className: "pd-input", type: "password", name: "password", autocomplete: "new-password", required: true, minLength: 8, maxLength: 71, onmount: (el) => el.focus() });
        const send = async () => {
            s.error = "";
            if ([...secret.value].length < 8) return (s.error = tr("signin.short")), secret.focus();
            try {
                await pb.send(`/api/collections/${agents}/confirm-password-reset`, { method: "POST", token: "", body: { token, password: secret.value, passwordConfirm: secret.value } });
                resolve({ mail, said: tr("signin.chosen") });
            } catch (err) {
                s.dead = !!err.response?.data?.token;
                s.error = s.dead ? tr("signin.dead") : !err.status ? tr("error.offline") : err.status == 429 ? tr("signin.many") : err.response?.data?.password?.message || tr("error.unknown");
            }
        };
        const form = () => t.form(
            { className: "signin-form", onsubmit: (e) => (e.preventDefault(), send()) },
            t.p({ className: "pd-hint" }, tr(kind == "welcome" ? "signin.welcome.why" : "signin.choose.why")),
            // so that whoever keeps passwords knows whose it is
            field({ label: tr("signin.mail"), control: t.input({ className: "pd-input", type: "email", name: "username", autocomplete: "username", readOnly: true, value: mail }) }),
            field({ label: tr("signin.new"), help: tr("signin.new.help"), control: secret }),
            t.label({ className: "pd-check" }, t.input({ type: "checkbox", name: "show", onchange: (e) => (secret.type = e.target.checked ? "text" : "password") }), t.span({}, tr("signin.show"))),
            action({ label: tr("signin.keep"), kind: "primary", run: send }),
        );
        const dead = () => t.div(
            { className: "signin-form" },
            button({ label: tr("signin.again"), kind: "primary", run: () => resolve({ mail, step: "forgot" }) }),
            button({ label: tr("signin.go"), run: () => resolve({ mail }) }),
        );
        document.body.replaceChildren(t.div(
            { className: "signin pd", lang: language() },
            t.main(
                { className: "signin-box" },
                t.div({ className: "signin-mark" }, icon("customer-service-2-line")),
                t.h1({}, title),
                t.div({ role: "alert" }, () => s.error ? t.p({ className: "signin-error" }, icon("error-warning-line"), t.span({}, s.error)) : null),
                () => s.dead ? dead() : form(),
            ),
        ));
    });
}
