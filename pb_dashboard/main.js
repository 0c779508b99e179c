// The only file that the dashboard runs at load, before login: it registers
// and fetches nothing. The screens are imported when somebody opens them.
const base = app.pb.buildURL("/_/extensions/pocketdesk/");

document.head.append(t.link({ rel: "stylesheet", href: base + "style.css" }));

let desk;
const load = () => {
    const modules = ["start.js", "adapter.js"].map((name) => import(base + name));
    if (location.hash.startsWith("#/desk")) import(base + "desk/page.js").catch(() => {}); // it is needed next; start.js tells of what is missing
    desk ??= Promise.all(modules).then(([m, a]) => m.start(a.dashboardHost())).catch((err) => {
        desk = null; // the next click tries again
        throw err;
    });
    return desk;
};

/** Opens a screen; when its files cannot be fetched it says so instead of staying blank. */
const screen = (open) => async (route) => {
    try {
        return open(await load(), route);
    } catch (err) {
        console.warn("the Desk could not be loaded:", err);
        return t.div(
            { className: "page" },
            t.div(
                { className: "m-auto txt-center" },
                t.p({}, "The Desk could not be loaded. The server may be restarting or unreachable."),
                t.button({ type: "button", className: "btn secondary", onclick: () => location.reload() }, "Try again"),
            ),
        );
    }
};

const deskScreen = screen((d, route) => d.desk(route));
app.routes.superuserOnly("#/desk", deskScreen);
app.routes.superuserOnly("#/desk/c/{id}", deskScreen);
app.routes.superuserOnly("#/desk/v/{id}", deskScreen);

const settings = {
    "": ["general", "ri-store-2-line", "General"],
    "/mail": ["mail", "ri-mail-settings-line", "Mail"],
    "/mailboxes": ["mailboxes", "ri-mail-download-line", "Mailboxes"],
    "/incoming": ["incoming", "ri-inbox-archive-line", "Incoming mail"],
    "/sms": ["sms", "ri-message-2-line", "Text messages"],
    "/checkup": ["checkup", "ri-stethoscope-line", "Checkup"],
    "/templates": ["templates", "ri-file-text-line", "Templates"],
    "/macros": ["macros", "ri-flashlight-line", "Macros"],
    "/categories": ["categories", "ri-price-tag-3-line", "Categories"],
    "/keywords": ["keywords", "ri-key-2-line", "Keywords"],
    "/screening": ["screening", "ri-bar-chart-box-line", "Screening"],
    "/blockrules": ["blockrules", "ri-shield-cross-line", "Block rules"],
    "/rules": ["rules", "ri-git-branch-line", "Rules"],
    "/service": ["service", "ri-timer-line", "Service levels"],
    "/calendars": ["calendars", "ri-calendar-event-line", "Opening hours"],
    "/teams": ["teams", "ri-team-line", "Teams and assignment"],
    "/people": ["people", "ri-user-settings-line", "People"],
    "/escalations": ["escalations", "ri-alarm-warning-line", "Escalation"],
    "/webhooks": ["webhooks", "ri-webhook-line", "Webhooks"],
    "/topics": ["topics", "ri-price-tag-2-line", "Topics"],
    "/lookup": ["lookup", "ri-search-eye-line", "Orders and members"],
};
const links = [];
for (const [path, [name, icon, label]] of Object.entries(settings)) {
    app.routes.superuserOnly("#/settings/desk" + path, screen((d) => d.settings(name)));
    links.push({ href: "#/settings/desk" + path, icon, label });
}
app.store.settingsNavGroups["Case desk"] = links;

app.store.headerLinks.unshift({ href: "#/desk", icon: "ri-customer-service-2-line", label: "Desk" });

// the count beside the link is live on every page of the dashboard
watch(() => app.store.superuser?.id, (id) => {
    if (id) {
        load().then((d) => d.badge()).catch((err) => console.warn("the Desk's count is not available:", err));
    } else if (desk) {
        desk.then((d) => d.stop()).catch(() => {});
        desk = null;
    }
});
