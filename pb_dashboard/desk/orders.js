// What the shop's own system knows: the orders that the visitor names, or those of
// the member. A named order proves nothing, so each says whose it is known to be.
import { language, tr, words } from "../lib/i18n.js";
import { action, box, button, chip, icon, select, skeleton } from "../lib/dom.js";
import { brief, parse, when } from "../lib/time.js";
import { sentence } from "../lib/api.js";

await words("lookup");

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export function ordersCard(desk, view) {
    const s = store({ view: null, phase: "asking", error: "", open: false, kind: "order" });
    let of, last = {}, turn = 0;
    const ask = async (query = last) => {
        const mine = ++turn;
        last = { ...query, fresh: undefined };
        s.phase = "asking";
        try {
            const got = await desk.api.orders(of, { ...query, case: view.id });
            if (mine != turn) return;
            s.view = box(got);
            s.phase = "done";
        } catch (err) {
            if (mine != turn) return;
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    const follow = () => {
        const id = view.get()?.contact?.id || "";
        if (id !== of) {
            of = id;
            s.view = null;
            if (id) queueMicrotask(() => ask({}));
        }
        return null;
    };
    const got = () => s.view?.value;
    const seen = () => s.phase == "error" || got()?.configured || !!(got() && desk.me.can?.admin);
    return t.section(
        { rid: "orders", className: "pd-card pd-orders", hidden: () => !seen() && (s.phase != "asking" || !of) },
        follow,
        t.div(
            { className: "pd-orders-head" },
            t.h3({}, tr("orders.title")),
            () => got()?.configured
                ? t.span(
                    { rid: "tools", className: "pd-orders-tools" },
                    t.button({ type: "button", className: "pd-btn pd-btn-quiet pd-btn-square pd-btn-small", title: tr("orders.other"), ariaLabel: tr("orders.other"), ariaExpanded: () => String(s.open), onclick: () => (s.open = !s.open) }, icon("search-line")),
                    action({ icon: "refresh-line", title: tr("orders.fresh"), kind: "quiet square small", disabled: () => s.phase == "asking", run: () => ask({ ...last, fresh: 1 }) }),
                )
                : null,
        ),
        () => s.open && got()?.configured ? searchForm(s, ask) : null,
        t.div({ className: "pd-orders-body", ariaLive: "polite", ariaBusy: () => String(s.phase == "asking") }, () => {
            if (s.phase == "asking") return t.div({ rid: "asking" }, skeleton(1, "is-orders"));
            if (s.phase == "error") return trouble(s.error, ask);
            return got() ? answer(desk, got(), ask) : null;
        }),
    );
}

function searchForm(s, ask) {
    const input = t.input({ className: "pd-input", maxLength: 100, autocomplete: "off", spellcheck: false, ariaLabel: tr("orders.number"), placeholder: tr("orders.number"), onmount: (el) => el.focus() });
    return t.form(
        {
            rid: "search",
            className: "pd-orders-search",
            onsubmit: (e) => {
                e.preventDefault();
                const number = input.value.trim();
                if (number) ask({ [s.kind]: number });
            },
        },
        select({ value: s.kind, label: tr("orders.kind"), options: [["order", tr("orders.kind.order")], ["member", tr("orders.kind.member")]], onchange: (v) => (s.kind = v) }),
        input,
        t.button({ type: "submit", className: "pd-btn", title: tr("orders.find"), ariaLabel: tr("orders.find") }, icon("search-line")),
    );
}

function trouble(text, ask, more) {
    return t.div(
        { className: "pd-orders-trouble" },
        t.p({}, icon("error-warning-line"), t.span({}, text)),
        more || null,
        button({ label: tr("action.retry"), icon: "refresh-line", kind: "small", run: () => ask() }),
    );
}

function answer(desk, v, ask) {
    if (!v.configured) return hint(v);
    const el = t.div({ rid: JSON.stringify([v.asked, v.at, v.state, v.error, v.cached]) }, choices(v, ask));
    const say = (text) => el.append(t.p({ className: "pd-hint" }, text));
    if (v.state == "none") say(tr("orders.none.known"));
    else if (v.state == "open") el.append(trouble(tr("orders.open", { time: brief(v.until) }), ask));
    else if (v.state == "failed") {
        const sure = v.error == "status" && (v.status == 401 || v.status == 403) ? "denied" : v.error;
        el.append(trouble(tr("orders.failed." + sure, { status: v.status }), ask, desk.me.can?.admin ? settingsLink(tr("orders.settings")) : null));
    } else {
        el.append(found(v));
        el.append(t.p({ className: "pd-hint pd-orders-when" }, askedWords(v), " · ", when(v.at)));
    }
    return el;
}

const settingsLink = (text) => t.a({ href: "#/settings/desk/lookup", className: "pd-orders-link" }, icon("settings-3-line"), t.span({}, text));

/** Only who can set it up reads that it could be. */
const hint = (v) => t.div({ rid: "hint" }, t.p({ className: "pd-hint" }, tr("orders.hint." + (v.why || "off"))), settingsLink(tr("orders.setup")));

/** Other numbers that can be asked about. */
function choices(v, ask) {
    const all = [...v.known.orders.map((n) => ["order", n]), ...(v.known.member ? [["member", v.known.member]] : [])];
    if (all.length < 2) return null;
    return t.div(
        { className: "pd-orders-known", role: "group", ariaLabel: tr("orders.known") },
        all.map(([kind, n]) =>
            t.button(
                { type: "button", className: "pd-choice" + (v.asked[kind] == n ? " is-on" : ""), ariaPressed: String(v.asked[kind] == n), onclick: () => ask({ [kind]: n }) },
                kind == "member" ? icon("vip-crown-line") : null,
                t.bdi({}, n),
            )
        ),
    );
}

function askedWords({ asked }) {
    if (asked.order) return tr("orders.asked.order", { n: asked.order });
    return asked.member ? tr("orders.asked.member", { n: asked.member }) : tr("orders.asked.contact");
}

function found({ data }) {
    const nothing = !data.member && !data.orders.length && !data.fields.length;
    if (nothing) return t.p({ className: "pd-orders-nothing" }, tr("orders.nothing"));
    const parts = [...(data.member ? [data.member] : []), ...data.orders];
    const same = parts.length && parts.every((p) => JSON.stringify(p.owner) == JSON.stringify(parts[0].owner));
    return t.div(
        {},
        same ? owner(parts[0].owner) : null,
        data.member ? memberBox(data.member, !same) : null,
        data.orders.length ? t.ul({ className: "pd-orders-list" }, data.orders.map((o, i) => t.li({}, orderBox(o, i == 0, !same)))) : null,
        data.fields.length ? pairs(data.fields.map((f) => [f.label, f.value])) : null,
        data.more ? t.p({ className: "pd-hint" }, tr("orders.more")) : null,
    );
}

const marks = { verified: ["shield-check-line", "ok"], claimed: ["question-line", "warn"], other: ["error-warning-line", "bad"], unknown: ["question-line", "plain"] };

/** Whose it is, in a sentence that staff can act on. */
function owner(o) {
    const [name, tone] = marks[o.state] || marks.unknown;
    const list = (o.state == "other" ? o.differs : o.by).map((k) => tr("orders.kind." + k + ".on"));
    const what = new Intl.ListFormat(language(), { type: "conjunction" }).format(list);
    return t.p({ className: "pd-orders-owner pd-tone-" + tone }, icon(name), t.span({}, tr("orders.owner." + o.state, { what })));
}

function memberBox(m, own) {
    const title = [m.name, m.number].filter(Boolean).join(" · ");
    return t.div(
        { className: "pd-orders-member" },
        t.p({}, icon("vip-crown-line"), t.bdi({}, title || tr("orders.member")), m.level ? chip(m.level, "info") : null),
        own ? owner(m.owner) : null,
        pairs([[tr("orders.since"), m.since && day(m.since)], [tr("orders.count"), m.orders]]),
        m.url ? outside(m.url, tr("orders.member.open")) : null,
    );
}

function orderBox(o, first, own) {
    return t.details(
        { className: "pd-order", open: first },
        t.summary(
            {},
            t.bdi({ className: "pd-order-number" }, o.number || tr("orders.unnumbered")),
            o.status ? chip(o.status, "info") : null,
            t.span({ className: "pd-row-fill" }),
            t.span({ className: "pd-order-total" }, money(o.total, o.currency)),
            icon("arrow-down-s-line"),
        ),
        own ? owner(o.owner) : null,
        pairs([[tr("orders.placed"), o.placed_at && day(o.placed_at)], [tr("orders.tracking"), o.tracking && (/^https?:\/\//.test(o.tracking) ? outside(o.tracking) : t.bdi({}, o.tracking))]]),
        o.items.length
            ? t.ul({ className: "pd-order-items" }, o.items.map((i) => t.li({}, t.bdi({}, i.name), i.quantity ? t.span({ className: "pd-hint" }, "× " + i.quantity) : null, i.price ? t.span({}, money(i.price, o.currency)) : null)))
            : null,
        o.url ? outside(o.url, tr("orders.order.open")) : null,
    );
}

function pairs(list) {
    const rows = list.filter(([, v]) => v);
    return rows.length ? t.dl({ className: "pd-about" }, rows.map(([k, v]) => [t.dt({}, k || "—"), t.dd({}, typeof v == "string" ? t.bdi({}, v) : v)])) : null;
}

/** A link that leaves the Desk says where to. */
function outside(url, text) {
    let host = url;
    try {
        host = new URL(url).host;
    } catch {
        return t.bdi({}, url);
    }
    return t.a({ href: url, target: "_blank", rel: "noopener noreferrer", referrerPolicy: "no-referrer", className: "pd-orders-link", title: url }, icon("external-link-line"), t.span({}, text ? text + " · " + host : host));
}

const day = (value) => {
    const d = /^\d{4}-\d\d-\d\d(T|$)/.test(value) ? parse(value) : null;
    return d ? new Intl.DateTimeFormat(language(), value.length > 10 ? { dateStyle: "medium", timeStyle: "short" } : { dateStyle: "medium", timeZone: "UTC" }).format(d) : value;
};

/** An amount as the reader writes it, where it is one. */
function money(amount, currency) {
    if (!amount) return "";
    const plain = [currency, amount].filter(Boolean).join(" ");
    if (!/^-?\d{1,12}(\.\d{1,4})?$/.test(amount) || !/^[A-Z]{3}$/.test(currency)) return plain;
    try {
        return new Intl.NumberFormat(language(), { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" }).format(Number(amount));
    } catch {
        return plain;
    }
}
