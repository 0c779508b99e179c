// Signing in with an account elsewhere. The provider's page opens in a window of
// its own and comes back to PocketBase (/api/oauth2-redirect), which hands the
// code to the connection that began: its id is the state, so no other page can
// have the code, and the verifier of PKCE never leaves this one.
import { tr, words } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { root } from "./pb.js";

await words("signin");

const redirect = root + "api/oauth2-redirect";
const patience = 1500; // ms from a closed window to the word about it: the answer may be on its way

/** @param {{methods: Object, post: Function}} o */
export function otherAccounts({ methods, post }) {
    const providers = methods.oauth2?.enabled ? methods.oauth2.providers : [];
    let source, id = "", told, left, stopped = false;

    // the connection stands before anybody presses a button: a window that opens
    // later than the press would be blocked
    const connect = () => {
        source = new EventSource(root + "api/realtime");
        source.addEventListener("PB_CONNECT", async (e) => {
            const mine = e.lastEventId;
            if (await listen(mine)) id = mine;
        });
        source.addEventListener("@oauth2", (e) => {
            const answer = JSON.parse(e.data);
            if (answer.state && answer.state == id) told?.(answer);
        });
        source.onerror = () => (id = "");
    };
    const listen = (mine) =>
        fetch(root + "api/realtime", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ clientId: mine, subscriptions: ["@oauth2"] }) })
            .then((a) => a.ok, () => false);
    if (providers.length) connect();

    const open = (p) => {
        const url = new URL(p.authURL + encodeURIComponent(redirect)); // PocketBase leaves the end open for it
        url.searchParams.set("state", id);
        return window.open(id ? url : "about:blank", "pocketdesk-signin", "popup,width=520,height=680");
    };
    const failure = (key, name) => Object.assign(new Error(tr(key, { name })), { status: 0 });

    /**
     * The provider's code. A window that was closed, or hides itself from us, is
     * told of once by gone; what it answers after all still counts.
     */
    const ask = (win, name, gone) =>
        new Promise((resolve, reject) => {
            clearInterval(left);
            if (!win) return reject(failure("signin.blocked"));
            if (!id) return win.close(), reject(failure("error.offline"));
            listen(id); // the server lets go of it with each answer, a refusal too
            let since = 0;
            left = setInterval(() => {
                since = win.closed ? since || Date.now() : 0;
                if (!since || Date.now() - since < patience) return;
                clearInterval(left);
                gone();
            }, 300);
            told = (answer) => {
                clearInterval(left);
                win.close();
                if (answer.code && !answer.error) resolve(answer.code);
                else reject(failure(answer.error == "access_denied" ? "signin.refused" : "signin.provider", name));
            };
        });

    return {
        buttons: (attempt, withMFA, s) =>
            t.div(
                { className: "signin-accounts" },
                providers.map((p) => {
                    const name = p.displayName || p.name;
                    return t.button(
                        {
                            type: "button",
                            className: "pd-btn",
                            disabled: () => s.busy,
                            onclick: async () => {
                                Object.assign(s, { error: "", waiting: name });
                                const got = ask(open(p), name, () => s.waiting == name && Object.assign(s, { waiting: "", error: tr("signin.closed") }));
                                const code = await got.catch(() => null);
                                s.waiting = "";
                                attempt(async () => post("auth-with-oauth2", withMFA({ provider: p.name, code: code ?? (await got), codeVerifier: p.codeVerifier, redirectURL: redirect })), name);
                            },
                        },
                        icon("shield-user-line"),
                        t.span({}, tr("signin.with", { name })),
                    );
                }),
                () => s.waiting ? t.p({ className: "pd-hint", role: "status" }, tr("signin.window", { name: s.waiting })) : null,
            ),
        stop() {
            if (stopped) return;
            stopped = true;
            clearInterval(left);
            source?.close();
        },
    };
}
