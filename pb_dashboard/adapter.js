// The only module that touches the dashboard's `app`. Another page that offers
// the same functions (such as one for staff who are not superusers) can run
// the same screens.

/**
 * @typedef {Object} Host
 * @property {(path: string, options?: Object) => Promise<any>} send  calls the API with the person's token
 * @property {(name: string) => any} collection  PocketBase's record service
 * @property {(name: string, fn: (e: {action: string, record: Object}) => void) => Promise<() => void>} subscribe
 * @property {(topic: string, fn: (message: Object) => void) => Promise<() => void>} listen  our own topics, such as "pocketdesk.presence"
 * @property {(fn: () => void) => Promise<() => void>} onReconnect  realtime came back; events may have been missed
 * @property {(file: {collection: string, record: string, name: string}) => Promise<string>} fileURL  a link that works for a short time
 * @property {(path: string, query?: Object) => Promise<string>} pictureURL  the same for a picture of our API
 * @property {(path: string, name: string) => Promise<void>} download  fetches with the person's token and saves
 * @property {string} origin  where the server is, as the browser sees it
 * @property {{ok: Function, info: Function, error: Function}} toast
 * @property {(text: string, labels: {yes: string, no: string}) => Promise<boolean>} confirm
 * @property {(hash: string, replace?: boolean) => void} setHash  changes the URL without leaving the screen
 * @property {() => string} hash
 * @property {(text: string) => void} title
 * @property {(label: string, count: string, explained: string) => void} badge  the header's link
 * @property {(title: string, labels: string[]) => void} settingsNav  names of the settings' links
 * @property {() => HTMLElement} settingsSidebar
 * @property {() => Promise<Function|undefined>} plot  uPlot, which the dashboard brings along
 * @property {boolean} superusers  whether PocketBase's own settings are on this page too
 */

/** @returns {Host} */
export function dashboardHost() {
    const pb = app.pb;
    return {
        send: (path, options = {}) => pb.send(path, { requestKey: null, ...options }),
        collection: (name) => pb.collection(name),
        subscribe: (name, fn) => pb.collection(name).subscribe("*", fn),
        listen: (topic, fn) => pb.realtime.subscribe(topic, fn),
        onReconnect: (fn) => pb.realtime.subscribe("PB_CONNECT", fn),
        fileURL,
        pictureURL,
        download,
        origin: new URL(pb.buildURL("/"), location.href).origin,
        toast: {
            ok: (text) => app.toasts.success(text),
            info: (text) => app.toasts.info(text, { duration: 5000 }),
            error: (text) => app.toasts.error(text, { duration: 6000 }),
        },
        confirm: ask,
        setHash: (hash, replace) => history[replace ? "replaceState" : "pushState"](null, "", hash),
        hash: () => location.hash,
        title: (text) => {
            app.store.title = text;
        },
        badge,
        settingsNav,
        settingsSidebar,
        plot: async () => globalThis.uPlot,
        superusers: true,
    };
}

async function fileURL({ collection, record, name }) {
    const token = await app.getFileToken();
    const path = ["api", "files", collection, record, name].map(encodeURIComponent).join("/");
    return app.pb.buildURL("/" + path) + "?download=1&token=" + encodeURIComponent(token || "");
}

async function pictureURL(path, query = {}) {
    const token = await app.getFileToken();
    return app.pb.buildURL(path) + "?" + new URLSearchParams({ ...query, token: token || "" });
}

async function download(path, name) {
    const answer = await fetch(app.pb.buildURL(path), { headers: { Authorization: app.pb.authStore.token } });
    if (!answer.ok) throw Object.assign(new Error(), { status: answer.status, response: await answer.json().catch(() => ({})) });
    const url = URL.createObjectURL(await answer.blob());
    t.a({ href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function ask(text, { yes, no }) {
    return new Promise((resolve) => {
        const settle = (answer) => () => {
            resolve(answer);
        };
        app.modals.confirm(text, settle(true), settle(false), { className: "sm", yesButton: yes, noButton: no });
    });
}

function badge(label, count, explained) {
    const link = app.store.headerLinks.find((l) => l.href == "#/desk");
    if (link) {
        link.label = t.span(
            { className: "pd-nav-label" },
            label,
            count ? t.span({ className: "pd-nav-badge", title: explained }, count) : null,
        );
    }
}

function settingsNav(title, labels) {
    const groups = app.store.settingsNavGroups;
    const old = Object.keys(groups).find((k) => groups[k].some?.((l) => l.href == "#/settings/desk"));
    const links = groups[old]?.map((l, i) => ({ href: l.href, icon: l.icon, label: labels[i] }));
    if (links) {
        delete groups[old];
        groups[title] = links;
    }
}

/** The dashboard keeps its own sidebar private, so this is the same list made again. */
function settingsSidebar() {
    const groups = app.store.settingsNavGroups;
    const link = (l) =>
        t.a(
            {
                href: l.href,
                className: () => "nav-item" + (app.utils.isActivePath(l.href, false) ? " active" : ""),
            },
            l.icon ? t.i({ className: l.icon, ariaHidden: true }) : null,
            t.span({ className: "txt" }, () => l.label),
        );
    return app.components.pageSidebar(
        { className: "settings-sidebar" },
        t.nav({ className: "sidebar-content scrollable" }, () =>
            Object.keys(groups).map((name) =>
                t.details(
                    { className: "nav-group", open: true },
                    t.summary({ tabIndex: -1, onclick: () => false, onkeyup: () => false }, name),
                    groups[name].map(link),
                )
            )),
    );
}
