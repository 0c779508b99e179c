// Faults that several people report: what is known, what may be one, and which
// questions and templates would save work.
import { comma, tr, words } from "../lib/i18n.js";
import { box, button, chip, empty, failed, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { calmLine } from "../lib/calm.js";
import { brief, when } from "../lib/time.js";
import { paged, moreMark } from "./paged.js";

await words("problems");

const tabs = ["open", "fixed", "dismissed", "suggestions", "questions", "templates"];
const tones = { open: "warn", fixed: "ok", dismissed: "plain" };

/** @param {import("./page.js").Desk} desk */
export function problemsPane(desk) {
    const s = store({ tab: "open" });
    const list = paged((cursor) => desk.api.problems({ state: s.tab, cursor }));
    const listed = () => ["open", "fixed", "dismissed"].includes(s.tab);
    const reload = () => listed() && list.restart();
    let off, before;
    return t.section(
        {
            className: "pd-outbox pd-promises pd-problems",
            ariaLabel: tr("queue.problems"),
            onmount: () => {
                reload();
                off = desk.live.on((changes) => changes.some((c) => c.collection == "cases") && listed() && list.refresh());
                before = desk.list;
                desk.list = { move() {}, reload };
            },
            onunmount: () => {
                off?.();
                desk.list = before;
            },
        },
        t.div(
            {},
            head(desk, s, reload),
            t.div({ className: "pd-rows" }, () => listed() ? t.div({ rid: "list" + s.tab }, rows(desk, s, list)) : t.div({ rid: s.tab }, later(desk, s.tab, reload))),
        ),
    );
}

function head(desk, s, reload) {
    const open = async () => (await import("./problemform.js")).problemForm(desk, {}, reload);
    return t.header(
        { className: "pd-list-head" },
        t.div(
            { className: "pd-list-title" },
            button({ icon: "arrow-left-line", title: tr("action.back"), kind: "quiet square back", run: () => desk.go({ queue: "open" }) }),
            t.h2({}, tr("queue.problems")),
            t.span({ className: "pd-row-fill" }),
            button({ icon: "add-line", label: tr("problems.new"), kind: "small", run: open }),
        ),
        t.p({ className: "pd-hint" }, tr("problems.explained")),
        t.div(
            { className: "pd-promise-tabs", role: "group", ariaLabel: tr("problems.which") },
            tabs.map((name) =>
                t.button(
                    {
                        type: "button",
                        className: () => "pd-tab" + (s.tab == name ? " is-active" : ""),
                        ariaPressed: () => String(s.tab == name),
                        onclick: () => {
                            s.tab = name;
                            reload();
                        },
                    },
                    tr("problems.tab." + name),
                )),
        ),
    );
}

function rows(desk, s, list) {
    return [
        () => {
            const p = list.s;
            if (p.phase == "loading") return skeleton(4);
            if (p.phase == "error") return failed(p.error, list.restart);
            if (!p.rows.value.length) return empty("bug-line", tr("problems.none." + s.tab), tr("problems.none.hint"));
            return p.rows.value.map((x) => one(desk, x, list.restart));
        },
        () => list.s.phase == "ready" || list.s.phase == "more" ? moreMark(list, tr("list.more")) : null,
    ];
}

function one(desk, p, reload) {
    const s = store({ detail: box(null) });
    const look = async () => {
        if (s.detail.value) return (s.detail = box(null));
        try {
            s.detail = box(await desk.api.problem(p.id));
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    const edit = async () => (await import("./problemform.js")).problemForm(desk, p, reload);
    const fix = async () => (await import("./problemfix.js")).fixDialog(desk, p, reload);
    const state = async (to) => {
        try {
            await desk.api.save("problems", { id: p.id, state: to });
            reload();
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    return t.article(
        { rid: JSON.stringify(p), className: "pd-out pd-problem" },
        t.div(
            { className: "pd-out-main" },
            t.div(
                { className: "pd-row-top" },
                chip(tr("problems.state." + p.state), tones[p.state]),
                t.strong({ dir: "auto" }, p.title),
                t.span({ className: "pd-hint" }, when(p.created, brief)),
            ),
            p.note ? t.p({ className: "pd-hint pd-problem-note", dir: "auto" }, p.note) : null,
            told(p),
            t.div(
                { className: "pd-problem-acts" },
                t.button({ type: "button", className: "pd-btn pd-btn-small", ariaExpanded: () => String(!!s.detail.value), onclick: look, disabled: !p.cases }, tr("problems.cases", { n: p.cases })),
                p.state == "dismissed" ? null : button({ label: tr(p.state == "fixed" ? "problems.fix.again" : "problems.fix"), icon: "mail-send-line", kind: "small primary", run: fix }),
                button({ label: tr("problems.edit"), kind: "small quiet", run: edit }),
                p.state == "open" ? button({ label: tr("problems.dismiss"), kind: "small quiet", run: () => state("dismissed") }) : button({ label: tr("problems.reopen"), kind: "small quiet", run: () => state("open") }),
                link(p.url),
            ),
            () => s.detail.value ? cases(desk, s.detail.value, look, reload) : null,
        ),
    );
}

/** How far the letters are. */
function told(p) {
    if (p.state != "fixed") return p.told ? t.p({ className: "pd-hint" }, tr("problems.cameback", { n: p.told })) : null;
    return t.p({ className: "pd-hint" }, p.told_at ? tr("problems.told", { n: p.sent }) : tr("problems.telling", { n: p.sent }));
}

const link = (url) => /^https?:\/\//.test(url || "") ? t.a({ href: url, target: "_blank", rel: "noopener noreferrer", className: "pd-link" }, hostOf(url)) : null;

function hostOf(url) {
    try {
        return new URL(url).host;
    } catch {
        return url;
    }
}

function cases(desk, d, look, reload) {
    const away = async (c) => {
        try {
            await desk.api.linkProblem(d.id, { cases: [c.id], remove: true });
            await look();
            reload();
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
    };
    const skipped = d.skipped.filter((x) => x.why != "same");
    return t.div(
        { rid: "cases" + d.seen.length, className: "pd-problem-cases" },
        t.ul({}, d.seen.map((c) => t.li({}, caseLink(desk, c), button({ icon: "close-line", title: tr("problems.unlink", { n: c.number }), kind: "quiet small square", run: () => away(c) })))),
        d.seen.length < d.cases ? t.p({ className: "pd-hint" }, tr("problems.unseen", { n: d.cases - d.seen.length })) : null,
        d.before?.length
            ? t.details(
                { className: "pd-problem-before" },
                t.summary({}, tr("problems.before", { n: d.told })),
                t.ul({}, d.before.map((c) => t.li({}, caseLink(desk, c), " ", t.span({ className: "pd-hint" }, c.told_at ? when(c.told_at, brief) : "")))),
                d.before.length < d.told ? t.p({ className: "pd-hint" }, tr("problems.unseen", { n: d.told - d.before.length })) : null,
            )
            : null,
        skipped.length ? t.p({ className: "pd-hint" }, tr("problems.skipped", { list: skipped.map((x) => "#" + x.number).join(comma()) })) : null,
    );
}

/** A link to a case that opens here. */
export function caseLink(desk, c) {
    const to = { kind: "c", id: c.id };
    return t.a(
        {
            href: desk.link(to),
            dir: "auto",
            onclick: (e) => {
                if (e.metaKey || e.ctrlKey || e.shiftKey) return;
                e.preventDefault();
                desk.go(to);
            },
        },
        `#${c.number} ${calmLine(c.subject || c.text || "") || tr("case.nosubject")}`,
    );
}

/** The other tabs, fetched when they are opened. */
function later(desk, tab, reload) {
    const s = store({ el: skeleton(4) });
    const go = () => import("./questions.js").then((m) => m[tab](desk, reload)).then((el) => {
        el.rid = "tab";
        s.el = el;
    }).catch((err) => (s.el = failed(sentence(err), go)));
    go();
    return () => s.el;
}
