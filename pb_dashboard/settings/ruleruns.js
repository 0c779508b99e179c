// What a rule did lately, with the cases.
import { tr, words } from "../lib/i18n.js";
import { box, button, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { when } from "../lib/time.js";
import { format } from "../desk/route.js";
import { deedWords, failedWords } from "./rulewords.js";

await words("rules", "bulk");

/** @param {{desk: Object, lists: Object, rule: Object}} o */
export function runsPanel({ desk, lists, rule }) {
    const s = store({ rows: box(null), next: "", error: "" });
    const load = async () => {
        try {
            const got = await desk.api.ruleRuns(rule.id, s.next);
            s.rows = box([...(s.next ? s.rows.value : []), ...got.items]);
            s.next = got.next || "";
            s.error = "";
        } catch (err) {
            s.error = sentence(err);
        }
    };
    const run = (x) => t.li(
        { rid: x.id },
        t.a({ href: format({ kind: "c", id: x.case }), target: "_blank", rel: "noopener", title: tr("rules.replay.show") }, "#" + x.number, " ", t.bdi({}, x.subject || tr("case.nosubject"))),
        t.span({ className: "pd-hint" }, when(x.created)),
        t.span({ className: "pd-hint" }, x.did?.length ? x.did.map((a) => deedWords(desk, a, lists)).join(tr("rules.join.actions")) : tr("rules.replay.same")),
        x.retry_at ? t.span({ className: "pd-hint" }, icon("history-line"), tr("rules.runs.retry", { when: when(x.retry_at) })) : null,
        x.failed ? t.span({ className: "pd-warn" }, icon("error-warning-line"), failedWords(desk, x.failed)) : null,
    );
    return t.details(
        { className: "pd-rule-runs", ontoggle: (e) => e.target.open && !s.rows.value && load() },
        t.summary({}, icon("file-list-3-line"), tr("rules.runs"), icon("arrow-down-s-line")),
        () => {
            if (s.error) return t.p({ className: "pd-field-error", role: "alert" }, s.error);
            if (!s.rows.value) return skeleton(2);
            if (!s.rows.value.length) return t.p({ className: "pd-hint" }, tr("rules.runs.none"));
            return t.ul({ className: "pd-rule-list", rid: "runs" + s.rows.value.length }, s.rows.value.map(run));
        },
        () => s.next ? button({ label: tr("rules.runs.more"), kind: "small", run: load }) : null,
    );
}
