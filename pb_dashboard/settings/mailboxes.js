// Mailboxes that mail is fetched from: how each is doing, and what opens it.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, chip, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { popover } from "../lib/popover.js";
import { ago, exact } from "../lib/time.js";
import { recordsScreen } from "./records.js";

await words("mailset", "settings");

const tls = { port: 993, security: "tls", auth: "password" };
/** Where the large providers keep their mail. Microsoft takes no passwords from programs. */
const presets = {
    gmail: ["google-line", { ...tls, name: "Gmail", host: "imap.gmail.com" }],
    outlook: ["microsoft-line", { ...tls, name: "Outlook", host: "outlook.office365.com", auth: "xoauth2", provider: "microsoft" }],
    yahoojp: ["mail-line", { ...tls, name: "Yahoo! JAPAN", host: "imap.mail.yahoo.co.jp" }],
    icloud: ["apple-line", { ...tls, name: "iCloud", host: "imap.mail.me.com" }],
    other: ["server-line", tls],
};
const tone = { ok: "ok", failing: "bad", off: "plain" };
const fields = [
    "id", "name", "address", "host", "port", "security", "username", "auth", "provider", "client_id", "folder", "after", "move_to", "form", "team", "enabled", "poll_seconds",
];

/** @param {import("../start.js").Context} ctx */
export function screen(ctx) {
    let forms = [];
    ctx.api.list("forms", { sort: "slug" }).then((list) => (forms = list)).catch(() => {});
    return recordsScreen(ctx, {
        key: "mailboxes",
        name: "mailboxes",
        list: async () => (await ctx.api.mailboxes()).items,
        every: 10,
        blank: { name: "", address: "", host: "", port: 993, security: "tls", username: "", auth: "password", provider: "", client_id: "", folder: "", after: "seen", move_to: "", form: "", team: "", enabled: true, poll_seconds: 0 },
        starts: Object.entries(presets).map(([key, [sign, blank]]) => ({ label: tr("mailboxes.preset." + key), note: tr(`mailboxes.preset.${key}.note`), icon: sign, blank })),
        specs: (r) => specs(ctx, r, forms),
        // what the system keeps (the last mail that was taken) is not ours to write
        prepare: (values) => Object.fromEntries(fields.filter((k) => k in values).map((k) => [k, values[k]])),
        after: async (record, v) => {
            const given = { password: v.new_password, client_secret: v.new_client_secret, refresh_token: v.new_refresh_token };
            const said = Object.fromEntries(Object.entries(given).filter(([, x]) => x));
            if (Object.keys(said).length) await ctx.api.mailboxPassword(record.id, said);
        },
        line,
        tools: (r) => [r.host && action({ label: tr("mailboxes.check"), icon: "pulse-line", kind: "small", run: (e) => check(ctx, r, e.currentTarget) })].filter(Boolean),
    });
}

function line(r) {
    const state = r.enabled ? r.state || "off" : "off";
    return [
        chip(r.host ? tr("mailboxes.state." + state) : tr("mailboxes.state.webhook"), tone[state]),
        t.span(
            { className: "pd-record-main" },
            t.strong({}, r.name),
            " ",
            t.span({ className: "pd-hint" }, r.address || r.username),
            r.last_error && state == "failing" ? t.span({ className: "pd-record-error" }, r.last_error) : null,
            r.host && !r.password ? t.span({ className: "pd-record-error" }, tr("mailboxes.nopassword")) : r.password == "lost" ? t.span({ className: "pd-record-error" }, tr("mailboxes.lostpassword")) : null,
        ),
        r.last_at ? t.span({ className: "pd-hint", title: exact(r.last_at) }, tr("mailboxes.last", { when: ago(r.last_at) })) : null,
    ];
}

/** Tries to open it as it is saved, and says what to do where that fails. */
async function check(ctx, r, anchor) {
    let answer;
    try {
        answer = await ctx.api.mailboxCheck(r.id);
    } catch (err) {
        return ctx.host.toast.error(sentence(err));
    }
    const said = answer.ok
        ? [t.p({ className: "pd-good" }, icon("check-line"), tr("mailboxes.works")), answer.folders?.length ? t.p({ className: "pd-hint" }, tr("mailboxes.folders", { list: answer.folders.slice(0, 30).join(", ") })) : null]
        : [t.p({ className: "pd-bad" }, icon("error-warning-line"), trOr("mailboxes.cure." + answer.kind, answer.cure)), answer.error ? t.p({ className: "pd-server-said" }, answer.error) : null];
    popover(anchor, () => said.filter(Boolean), { end: true, label: tr("mailboxes.check"), className: "pd-said" });
}

function specs(ctx, r, forms) {
    const f = (name, type, more) => ({ name, type, label: tr("mailboxes." + name), help: trOr(`mailboxes.${name}.help`, ""), ...more });
    const head = (name) => ({ name: "h_" + name, type: "heading", label: tr("mailboxes.h." + name), help: tr(`mailboxes.h.${name}.help`) });
    const pick = (name, keys) => f(name, "select", { options: keys.map((k) => [k, tr(`mailboxes.${name}.${k}`)]) });
    const kept = { env: tr("mailboxes.password.env"), kept: tr("mailboxes.password.kept") }[r.password] || "";
    const token = (v) => v.auth == "xoauth2";
    return [
        f("name", "text", { max: 60 }),
        f("address", "email", { max: 254 }),
        f("host", "text", { max: 253, placeholder: "imap.shop.example" }),
        pick("security", ["tls", "starttls", "none"]),
        f("port", "number", { placeholder: "993" }),
        f("username", "text", { max: 254 }),
        pick("auth", ["password", "xoauth2"]),
        f("new_password", "password", { placeholder: kept, when: (v) => !token(v) }),
        f("provider", "select", { options: [["", tr("form.choose")], ["google", "Google"], ["microsoft", "Microsoft"]], when: token }),
        f("client_id", "text", { max: 300, when: token }),
        f("new_client_secret", "password", { placeholder: kept, when: token }),
        f("new_refresh_token", "password", { placeholder: kept, when: token }),
        head("what"),
        f("folder", "text", { placeholder: "INBOX" }),
        pick("after", ["keep", "seen", "move"]),
        f("move_to", "text", { when: (v) => v.after == "move" }),
        f("form", "select", { options: [["", tr("mailboxes.form.default")], ...forms.map((x) => [x.id, x.slug])] }),
        f("team", "select", { options: [["", tr("none")], ...(ctx.me.teams || []).map((x) => [x.id, x.name])] }),
        f("poll_seconds", "number", { placeholder: "60" }),
        f("enabled", "bool"),
    ];
}
