// What stands around a screen of the settings.
import { language, tr, words } from "../lib/i18n.js";
import { failed, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";

await words("nav");

/** @param {import("../adapter.js").Host} host @param {string} name the module beside this one @param {() => Promise<import("../start.js").Context>} context */
export function settingsFrame(host, name, context) {
    const s = store({ content: skeleton(6, "is-form") });
    const show = async () => {
        try {
            const [m, ctx] = await Promise.all([import(`./${name}.js`), context()]);
            await ctx.api.admin();
            host.title(tr("settings." + name));
            s.content = m.screen(ctx);
        } catch (err) {
            s.content = failed(sentence(err), show);
        }
    };
    show();
    return t.div(
        { className: "page" },
        host.settingsSidebar(),
        t.div(
            { className: "page-content full-height pd pd-settings", lang: () => (s.content, language()) },
            t.header(
                { className: "page-header" },
                t.nav(
                    { className: "breadcrumbs" },
                    t.div({ className: "breadcrumb-item" }, () => (s.content, tr("settings.group"))),
                    t.div({ className: "breadcrumb-item" }, () => (s.content, tr("settings." + name))),
                ),
            ),
            t.div({ className: "pd-settings-body" }, () => s.content),
        ),
    );
}
