// What the screens need of the page around them, for staff who are not superusers.
// See adapter.js for what each function promises.
import { language, tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { later } from "../lib/lazy.js";
import { menuButton } from "../lib/popover.js";
import { settingsNames } from "../start.js";
import { realtime } from "./realtime.js";
import { toasts } from "./toast.js";

const settingsHash = /^#\/settings\/desk(?:\/(\w+))?$/;

/** @param {{pb: Object, me: Object, agents: string, root: string}} page */
export function staffHost({ pb, me, agents, root }) {
    const s = store({ content: null, label: "", count: "", explained: "", admin: false, hash: location.hash, group: "", names: [], name: me.record()?.name || "" });
    const live = realtime({ send: pb.send, root, signedIn: () => !!me.token() });
    const toast = toasts();
    const topic = (name) => name + "/*";
    const files = () => import("./files.js").then((m) => m.staffFiles({ pb, me, root }));
    let desk, shop = "";

    const host = {
        send: (path, { requestKey, ...options } = {}) => pb.send(path, options),
        collection: pb.collection,
        subscribe: (name, fn) => live.subscribe(topic(name), fn),
        listen: (name, fn) => live.subscribe(name, fn),
        onReconnect: (fn) => live.subscribe("PB_CONNECT", fn),
        fileURL: (file) => files().then((f) => f.fileURL(file)),
        pictureURL: (path, query) => files().then((f) => f.pictureURL(path, query)),
        download: (path, name) => files().then((f) => f.download(path, name)),
        origin: new URL(root).origin,
        superusers: false,
        toast,
        confirm: (...args) => import("./confirm.js").then((m) => m.ask(...args)),
        setHash: (hash, replace) => {
            history[replace ? "replaceState" : "pushState"](null, "", hash);
            s.hash = location.hash;
        },
        hash: () => location.hash,
        title(text) {
            document.title = [text, shop].filter(Boolean).join(" · ");
            document.documentElement.lang = language();
        },
        badge: (label, count, explained) => Object.assign(s, { label, count, explained }),
        settingsNav: (title, names) => Object.assign(s, { group: title, names }),
        settingsSidebar: () => later(() => import("./settings.js"), (m) => m.sidebar(s)),
        plot: () => import("./settings.js").then((m) => m.loadPlot(root)),
        /** Told by start() when the server has said who this is. */
        ready(context) {
            shop = context.me.shop?.name || "";
            s.admin = !!context.me.can?.admin;
            s.name = context.me.agent?.name || s.name;
            watchOver(context);
            if (settingsHash.test(location.hash) && !s.admin) route();
        },
        run(d) {
            desk = d;
            document.body.replaceChildren(frame(s, me, toast.el));
            addEventListener("hashchange", route);
            addEventListener("popstate", route);
            route();
            d.badge().catch(() => {});
        },
    };

    /** Shows what the URL names. */
    const route = () => {
        s.hash = location.hash;
        const setting = location.hash.match(settingsHash);
        if (setting && (s.admin || !s.label)) {
            const name = setting[1] || "general";
            if (settingsNames.includes(name)) return put(desk.settings(name), "settings " + name);
        }
        if (!location.hash.startsWith("#/desk")) host.setHash("#/desk", true);
        put(desk.desk(), "desk");
    };
    const put = (el, name) => {
        el.rid = name;
        s.content = el;
    };

    /** An admin may change what this person is while he works. */
    const watchOver = (context) => {
        live.subscribe(agents + "/" + me.record().id, (e) => {
            if (e.action == "delete" || !e.record.role) return me.end();
            const { agent } = context.me;
            if (e.record.role != agent.role || e.record.team != agent.team) location.reload();
        }).catch(() => {});
    };
    return host;
}

function frame(s, me, toastEl) {
    return t.div(
        { className: "app" },
        t.header(
            { className: "app-header pd" },
            t.a({ className: "app-mark", href: "#/desk", ariaLabel: () => s.label || "Desk" }, icon("customer-service-2-line")),
            t.nav(
                { className: "app-nav" },
                t.a(
                    { href: "#/desk", ariaCurrent: () => s.hash.startsWith("#/desk") ? "page" : undefined },
                    () => s.label,
                    () => s.count ? t.span({ className: "pd-nav-badge", title: () => s.explained }, () => s.count) : null,
                ),
                () => s.admin ? t.a({ href: "#/settings/desk", ariaCurrent: () => s.hash.startsWith("#/settings") ? "page" : undefined }, () => (s.group, tr("shell.settings"))) : null,
            ),
            () => {
                s.label; // in the language that is spoken
                return menuButton({
                    label: s.name,
                    icon: "user-line",
                    title: tr("shell.account"),
                    kind: "quiet small",
                    end: true,
                    items: () => [{ label: tr("shell.signout"), icon: "logout-box-r-line", run: () => import("./leave.js").then((m) => m.leave(me), () => me.end()) }],
                });
            },
        ),
        t.main({ className: "app-main" }, () => s.content),
        toastEl,
    );
}
