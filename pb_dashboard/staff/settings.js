// What only the settings need of the page around them.
import { tr, words } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";

await words("nav");

const links = [
    ["general", "", "store-2-line"],
    ["mail", "/mail", "mail-settings-line"],
    ["mailboxes", "/mailboxes", "mail-download-line"],
    ["incoming", "/incoming", "inbox-archive-line"],
    ["sms", "/sms", "message-2-line"],
    ["checkup", "/checkup", "stethoscope-line"],
    ["templates", "/templates", "file-text-line"],
    ["macros", "/macros", "flashlight-line"],
    ["categories", "/categories", "price-tag-3-line"],
    ["keywords", "/keywords", "key-2-line"],
    ["screening", "/screening", "bar-chart-box-line"],
    ["blockrules", "/blockrules", "shield-cross-line"],
    ["rules", "/rules", "git-branch-line"],
    ["service", "/service", "timer-line"],
    ["calendars", "/calendars", "calendar-event-line"],
    ["teams", "/teams", "team-line"],
    ["people", "/people", "user-settings-line"],
    ["escalations", "/escalations", "alarm-warning-line"],
    ["webhooks", "/webhooks", "webhook-line"],
    ["topics", "/topics", "price-tag-2-line"],
    ["lookup", "/lookup", "search-eye-line"],
];

/** The list of the settings at the left. */
export function sidebar(s) {
    return t.aside(
        { className: "page-sidebar settings-sidebar pd" },
        t.nav(
            { className: "sidebar-content", ariaLabel: () => s.group },
            t.h2({ className: "nav-title" }, () => s.group),
            () => links.map(([name, path, iconName]) => {
                s.group;
                const label = tr("settings." + name);
                if (label == "settings." + name) return null; // this build has no such screen
                const href = "#/settings/desk" + path;
                return t.a({ href, className: () => "nav-item" + (s.hash == href ? " active" : ""), ariaCurrent: () => s.hash == href ? "page" : undefined }, icon(iconName), t.span({ className: "txt" }, label));
            }).filter(Boolean),
        ),
    );
}

let plot;
/** uPlot as the dashboard serves it. */
export function loadPlot(root) {
    plot ??= new Promise((resolve) => {
        document.head.append(t.link({ rel: "stylesheet", href: root + "_/libs/uplot/uplot.css" }));
        document.head.append(t.script({ src: root + "_/libs/uplot/uplot.iife.js", onload: () => resolve(globalThis.uPlot), onerror: () => resolve(undefined) }));
    });
    return plot;
}
