// An answer to many cases: a template or words of one's own, rendered for each
// case with its own values and looked at before it leaves.
import { tr, trOr, words } from "../lib/i18n.js";
import { action, box, button, failed, icon, select, skeleton } from "../lib/dom.js";
import { dialog } from "../lib/dialog.js";
import { sentence } from "../lib/api.js";
import { openBlanks, withoutLiquid } from "../lib/fit.js";
import { localeName, statusName } from "./labels.js";
import { ranked, templatesFor } from "./templates.js";
import { findPrivate } from "./private.js";
import { letters } from "./letters.js";
import { lookMany } from "./runmany.js";
import { perform } from "./acts.js";
import { settable } from "./choices.js";

await words("bulk", "desk", "compose", "rare");

/** @param {import("./page.js").Desk} desk @param {import("./selection.js").Ticked[]} cases */
export function answerMany(desk, cases) {
    const s = store({ phase: "loading", error: "", groups: box([]), typed: "", key: "", own: false, subject: "", body: "", status: "", locale: "", look: null, problem: "", at: 0, found: box([]), asked: false });
    let given = ""; // what a template said: that went through somebody's hands already
    let turn = 0, timer;
    const locale = cases.every((c) => c.locale == cases[0].locale) ? cases[0].locale : desk.me.shop?.locale;
    const hits = () => ranked(s.groups.value, s.typed, { locale, category: "" });

    const load = async () => {
        s.phase = "loading";
        try {
            s.groups = box(await templatesFor(desk, locale, false));
            s.phase = "ready";
        } catch (err) {
            s.error = sentence(err);
            s.phase = "error";
        }
    };
    const ready = () => (s.own ? s.body.trim() : s.key);
    const actions = () => [{ do: "answer", value: { ...(s.own ? { subject: s.subject.trim(), body: s.body.trim() } : { template: s.key }), locale: s.locale, status: s.status } }];
    const look = async () => {
        const mine = ++turn;
        s.look = null;
        s.problem = "";
        s.at = 0;
        if (!ready()) return;
        try {
            await lookMany(desk, cases, { actions: actions() }, (known) => {
                if (mine == turn) s.look = box({ ...known });
                return mine == turn;
            });
        } catch (err) {
            if (mine == turn) s.problem = sentence(err);
        }
    };
    /** Private data in words of one's own: they go to addresses that nobody may have proven. */
    const worry = () => {
        const shop = desk.me.shop || {}, { agent } = desk.me;
        const known = [shop.email, shop.phone, agent?.email, agent?.signature];
        s.found = box(s.own ? findPrivate(s.subject + "\n" + s.body, { known, spare: [given] }) : []);
        if (!s.found.value.length) s.asked = false;
    };
    const soon = () => {
        clearTimeout(timer);
        turn++;
        s.look = null;
        s.asked = false;
        timer = setTimeout(() => {
            worry();
            look();
        }, 350);
    };
    const set = (field) => (v) => {
        s[field] = v;
        soon();
    };
    const choose = (key) => {
        s.key = key;
        look();
    };

    /** A template's words, to be changed for all of them: a blank is filled in once. */
    const rewrite = () => {
        const g = s.groups.value.find((x) => x.key == s.key), r = g.rows.find((x) => x.locale == s.locale) || g.best;
        Object.assign(s, { own: true, subject: r.subject || "", body: r.body || "" });
        given = s.subject + "\n" + s.body;
        worry();
        look();
        requestAnimationFrame(() => {
            const area = d.el.querySelector(".pd-answer-own");
            area?.focus();
            const [hole] = openBlanks(s.body);
            if (hole) area?.setSelectionRange(hole.index, hole.index + hole[0].length);
        });
    };

    const search = t.input({
        type: "search", className: "pd-input", placeholder: tr("picker.search"), ariaLabel: tr("picker.search"),
        oninput: (e) => (s.typed = e.target.value),
        onkeydown: (e) => {
            if (e.isComposing || e.keyCode == 229) return;
            const step = { ArrowDown: 1, ArrowUp: -1 }[e.key], all = hits();
            if (!step && e.key != "Enter") return;
            e.preventDefault();
            const i = all.findIndex((g) => g.key == s.key);
            const to = all[step ? Math.max(0, Math.min(all.length - 1, i + step)) : Math.max(0, i)];
            if (to) choose(to.key);
        },
    });
    const list = () => {
        if (s.phase == "loading") return skeleton(4);
        if (s.phase == "error") return failed(s.error, load);
        return hits().map((g) =>
            t.button(
                { type: "button", rid: g.key, ariaPressed: () => s.key == g.key ? "true" : "false", className: () => "pd-picker-item" + (s.key == g.key ? " is-active" : ""), onclick: () => choose(g.key) },
                t.span({ className: "pd-picker-name", lang: g.best.locale }, withoutLiquid(g.best.subject) || withoutLiquid(g.best.body).slice(0, 60)),
                t.span({ className: "pd-picker-meta" }, g.best.shortcut ? t.kbd({}, g.best.shortcut) : null, t.span({}, g.rows.map((r) => localeName(r.locale)).join(" · "))),
            )
        );
    };
    const own = () => [
        t.input({ className: "pd-input pd-answer-own-subject", maxLength: 300, placeholder: tr("answer.subject"), ariaLabel: tr("answer.subject"), value: () => s.subject, oninput: (e) => set("subject")(e.target.value) }),
        t.textarea({ className: "pd-textarea pd-answer-own", rows: 9, maxLength: 15000, placeholder: tr("answer.body"), ariaLabel: tr("answer.body"), value: () => s.body, oninput: (e) => set("body")(e.target.value) }),
        t.p({ className: "pd-hint" }, tr("answer.liquid", { name: "{{ contact.name }}", subject: "{{ case.subject }}" })),
    ];
    const tab = (isOwn, label) => t.button({ type: "button", className: () => "pd-segment" + (s.own == isOwn ? " is-on" : ""), ariaPressed: () => String(s.own == isOwn), onclick: () => ((s.own = isOwn), worry(), look()) }, label);

    const d = dialog({ label: tr("answer.title", { n: cases.length }), className: "pd-answer", onclose: () => clearTimeout(timer) }, (close) => [
        t.header({ className: "pd-dialog-head" }, t.h2({}, tr("answer.title", { n: cases.length })), button({ icon: "close-line", title: tr("action.close"), kind: "quiet square", run: close })),
        t.div(
            { className: "pd-answer-panes" },
            t.div(
                { className: "pd-answer-left" },
                t.div({ className: "pd-segments" }, tab(false, tr("answer.template")), tab(true, tr("answer.own"))),
                t.div({ className: "pd-answer-pick", hidden: () => s.own }, search, t.div({ className: "pd-picker-list" }, list)),
                t.div({ className: "pd-answer-pick", hidden: () => !s.own }, own()),
            ),
            t.div({ className: "pd-answer-right" }, () => {
                if (s.problem) return failed(s.problem, look);
                if (!ready()) return t.p({ className: "pd-hint" }, tr("answer.choose"));
                return [
                    s.look ? letters(desk, s.look.value, s) : skeleton(4),
                    s.own ? null : t.div({ className: "pd-answer-rewrite" }, button({ label: tr("answer.rewrite"), icon: "pencil-line", kind: "small", run: rewrite })),
                ];
            }),
        ),
        t.div({}, () => s.found.value.length ? concern(s, d) : null),
        t.footer(
            { className: "pd-dialog-foot" },
            select({ label: tr("answer.locale"), value: "", options: [["", tr("answer.each")], ...(desk.me.locales || []).map((l) => [l, localeName(l)])], onchange: (v) => ((s.locale = v), look()) }),
            select({ label: tr("answer.then"), value: "", options: [["", tr("answer.asis")], ...settable.map((v) => [v, tr("answer.set", { status: statusName(v) })])], onchange: (v) => ((s.status = v), look()) }),
            t.span({ className: "pd-row-fill" }),
            () => {
                const known = s.look?.value, n = known?.looked == known?.of ? known?.ready : 0;
                return action({
                    label: s.asked && n ? tr("compose.blanks.yes") : known && !n && known.looked < known.of ? tr("answer.looking", { done: known.looked, of: known.of }) : n ? tr("answer.send", { n }) : tr("answer.go"),
                    icon: "send-plane-2-line",
                    kind: "primary",
                    disabled: !n,
                    run: async () => {
                        clearTimeout(timer);
                        worry(); // of the last letters too
                        if (s.found.value.length && !s.asked) return void (s.asked = true);
                        const what = { actions: actions() };
                        close();
                        await perform(desk, cases, what);
                    },
                });
            },
        ),
    ]);
    search.focus();
    load();
    return d;
}

/** What was found, each place to be looked at; sending asks for a second press. */
function concern(s, d) {
    const show = ({ start, end, text }) => {
        const head = s.subject.length + 1, area = d.el.querySelector(start < head ? ".pd-answer-own-subject" : ".pd-answer-own");
        area?.focus();
        area?.setSelectionRange(start < head ? start : start - head, start < head ? end : end - head);
        return text;
    };
    return t.div(
        { rid: "concern", className: "pd-concerns pd-answer-concern" },
        t.div(
            { className: "pd-concern is-private", role: "status" },
            icon("shield-user-line"),
            t.div(
                { className: "pd-concern-what" },
                t.p({}, tr("answer.private")),
                t.p({}, () => s.found.value.slice(0, 8).map((p) => t.button({ type: "button", className: "pd-found", onclick: () => show(p) }, trOr("private." + p.kind, p.kind) + " ", t.bdi({}, p.text.slice(0, 40))))),
            ),
        ),
    );
}
