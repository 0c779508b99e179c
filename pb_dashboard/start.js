// Brings the Desk up once for all of its screens: who am I, in which language,
// what changes. The screens themselves are imported when they are opened.
import { deskAPI, sentence } from "./lib/api.js";
import { closest, language, languages, tr, use, words } from "./lib/i18n.js";
import { box, failed, skeleton } from "./lib/dom.js";
import { later } from "./lib/lazy.js";
import { liveChanges } from "./lib/live.js";
import { shop } from "./lib/time.js";

/**
 * @typedef {Object} Context what every screen gets
 * @property {import("./adapter.js").Host} host
 * @property {ReturnType<typeof deskAPI>} api
 * @property {Object} me the answer of POST /api/desk/me
 * @property {{on: Function, stop: Function}} live
 * @property {{queues: import("./lib/dom.js").Box}} counts
 * @property {() => Promise<void>} recount
 * @property {(lang: string) => Promise<void>} speak
 */

/**
 * @param {import("./adapter.js").Host} host
 * @param {(context: Context) => void} [ready] told once who works here is known
 */
export async function start(host, ready) {
    await use(remembered() || closest(navigator.languages)); // before a word is said, also of what went wrong
    const api = deskAPI(host);
    const counts = store({ queues: box({}) });
    const s = store({ content: null });
    let ctx, page;

    let again; // a view that many changes touch is counted every few seconds
    const recount = async () => {
        try {
            counts.queues = box(await api.queues());
            clearTimeout(again);
            if (counts.queues.value.again) again = setTimeout(recount, counts.queues.value.again);
            showBadge(host, counts.queues.value);
        } catch (err) {
            console.warn("queues could not be counted:", err);
        }
    };

    const nameSettings = async () => {
        if (!ctx?.me.can?.admin) return;
        await words("nav");
        host.settingsNav(tr("settings.group"), settingsNames.map((n) => tr("settings." + n)));
    };

    const speak = async (lang) => {
        await use(lang);
        remember(language());
        nameSettings();
        showBadge(host, counts.queues.value);
    };

    // whether there is a mail server can change at any time: what shows it follows
    const mail = store({ smtp: undefined });
    const following = (me) => {
        mail.smtp = me.smtp;
        return Object.defineProperty(me, "smtp", { enumerable: true, get: () => mail.smtp, set: (on) => (mail.smtp = on) });
    };
    const lookAtMail = () => ctx && api.me().then((me) => (ctx.me.smtp = me.smtp)).catch(() => {}); // what was known stays
    const connect = async () => {
        const me = following(await api.me());
        shop.zone = me.shop?.timezone;
        await speak(languages[me.agent?.locale] ? me.agent.locale : closest(navigator.languages));
        const names = Object.fromEntries(["cases", "messages", "verdicts", "spam_models"].map((k) => [k, api.name(k)]));
        const live = liveChanges(host, names);
        live.on(recount);
        recount();
        const c = { host, api, me, live, counts, recount, speak: changeLanguage };
        ready?.(c);
        return c;
    };
    let connecting;
    const context = () => {
        connecting ??= connect().then((c) => {
            ctx = c;
            nameSettings();
            return c;
        }).catch((err) => {
            connecting = null;
            throw err;
        });
        return connecting;
    };

    // settings may have changed while another page of the dashboard was open
    const refreshMe = async () => {
        const me = await api.me();
        if (JSON.stringify(me) != JSON.stringify(ctx.me)) {
            Object.assign(ctx.me, me);
            page = null;
        }
    };

    const changeLanguage = async (lang) => {
        await speak(lang);
        ctx.me.agent.locale = lang;
        page = null;
        await show();
        if (ctx.me.agent.id) {
            await api.changeAgent(ctx.me.agent.id, { locale: lang }).catch((err) => host.toast.error(sentence(err)));
        }
    };

    // one element for all of the Desk's routes: the list keeps its place while cases open
    const frame = t.div({ className: "page pd pd-page", lang: language() }, () => s.content);
    let puts = 0;
    const put = (el) => {
        el.rid ??= "content " + ++puts; // without it Shablon drops the element when the frame comes back
        s.content = el;
    };
    const show = async () => {
        try {
            if (ctx && !frame.isConnected) await refreshMe();
            if (!page) {
                put(skeleton(8, "is-page"));
                const [{ deskPage }, c] = await Promise.all([import("./desk/page.js"), context()]);
                page = deskPage(c);
                frame.lang = language();
                put(page.el);
            }
            page.open(host.hash());
        } catch (err) {
            put(failed(sentence(err), show));
        }
    };

    addEventListener("focus", () => frame.isConnected && lookAtMail()); // it may have been set up in another window
    return {
        desk: () => {
            host.title(tr("desk.title"));
            show();
            return frame;
        },
        settings: (name) => {
            lookAtMail();
            return later(() => import("./settings/frame.js"), (m) => m.settingsFrame(host, name, context));
        },
        badge: context,
        stop: () => ctx?.live.stop(),
    };
}

const memory = "pocketdesk.language"; // saves loading the browser's language first
const remember = (lang) => localStorage.setItem(memory, lang);
const remembered = () => localStorage.getItem(memory);

/** The settings' screens, in the order of main.js. */
export const settingsNames = ["general", "mail", "mailboxes", "incoming", "sms", "checkup", "templates", "macros", "categories", "keywords", "screening", "blockrules", "rules", "service", "calendars", "teams", "people", "escalations", "webhooks", "topics", "lookup"];

/** The count of cases that wait for us, beside the link in the header. */
function showBadge(host, queues) {
    const n = queues.open?.count || 0;
    host.badge(tr("desk.link"), n ? n + (queues.open.more ? "+" : "") : "", tr("desk.badge", { n }));
}
