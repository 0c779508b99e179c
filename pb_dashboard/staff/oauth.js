// Signing in with an account elsewhere. The provider's page opens in a window of
// its own and comes back to PocketBase (/api/oauth2-redirect), which hands the
// code to the connection that began: its id is the state, so no other page can
// have the code, and the verifier of PKCE never leaves this one.
import { tr, words } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { root } from "./pb.js";

await words("signin");

const redirect = root + "api/oauth2-redirect";

/** @param {{methods: Object, post: Function}} o */
export function otherAccounts({ methods, post }) {
    const providers = methods.oauth2?.enabled ? methods.oauth2.providers : [];
    let source, id = "", told, stopped = false;

    // the connection stands before anybody presses a button: a window that opens
    // later than the press would be blocked
    const connect = () => {
        source = new EventSource(root + "api/realtime");
        source.addEventListener("PB_CONNECT", async (e) => {
            const mine = e.lastEventId;
            await fetch(root + "api/realtime", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ clientId: mine, subscriptions: ["@oauth2"] }) });
            id = mine;
        });
        source.addEventListener("@oauth2", (e) => {
            const answer = JSON.parse(e.data);
            if (answer.state && answer.state == id) told?.(answer);
        });
        source.onerror = () => (id = "");
    };
    if (providers.length) connect();

    const open = (p) => {
        const url = new URL(p.authURL + encodeURIComponent(redirect)); // PocketBase leaves the end open for it
        url.searchParams.set("state", id);
        return window.open(id ? url : "about:blank", "pocketdesk-signin", "popup,width=520,height=680");
    };
    /** The provider's code. A window that is closed answers nothing, and the buttons stay as they are. */
    const ask = (win) =>
        new Promise((resolve, reject) => {
            const fail = (key) => reject(Object.assign(new Error(tr(key)), { status: 0 }));
            if (!win) return fail("signin.blocked");
            if (!id) return win.close(), fail("error.offline");
            told = (answer) => {
                win.close();
                answer.error || !answer.code ? fail("signin.closed") : resolve(answer.code);
            };
        });

    return {
        buttons: (attempt, withMFA, s) =>
            t.div(
                { className: "signin-accounts" },
                providers.map((p) =>
                    t.button(
                        {
                            type: "button",
                            className: "pd-btn",
                            disabled: () => s.busy,
                            onclick: async () => {
                                const got = ask(open(p));
                                const code = await got.catch(() => null);
                                attempt(async () => post("auth-with-oauth2", withMFA({ provider: p.name, code: code ?? (await got), codeVerifier: p.codeVerifier, redirectURL: redirect })));
                            },
                        },
                        icon("shield-user-line"),
                        t.span({}, tr("signin.with", { name: p.displayName || p.name })),
                    )
                ),
            ),
        stop() {
            if (stopped) return;
            stopped = true;
            source?.close();
        },
    };
}
