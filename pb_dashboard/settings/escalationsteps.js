// The steps of an escalation: when each comes, to whom it goes, and what is said.
import { tr, words } from "../lib/i18n.js";
import { button, select } from "../lib/dom.js";
import { localeName } from "../desk/labels.js";
import { delayControl } from "./ruledelay.js";

await words("escalate");

const most = 10;
const kinds = ["lead", "agent", "team", "email", "webhook"];
const kindOf = (to) => kinds.find((k) => k in (to || {})) || "lead"; // an address may still be empty

/** @param {{desk: Object, lists: {webhooks: Object}, value: Object[], changed: (steps: Object[]) => void}} o */
export function stepRows({ desk, lists, value, changed }) {
    const s = store({ at: 0 });
    let steps = structuredClone(Array.isArray(value) ? value : []);
    const typed = () => changed(structuredClone(steps));
    const change = (next) => {
        steps = next;
        s.at++;
        typed();
    };
    const blank = {
        lead: () => ({ lead: true }),
        agent: () => ({ agent: people(desk)[0]?.[0] || "" }),
        team: () => ({ team: desk.me.teams?.[0]?.id || "" }),
        email: () => ({ email: "" }),
        webhook: () => ({ webhook: Object.keys(lists.webhooks)[0] || "" }),
    };
    const row = (step, i) =>
        t.li(
            { className: "pd-macro-row pd-step-row", rid: `step${s.at}-${i}` },
            select({
                label: tr("escalations.to", { n: i + 1 }),
                value: kindOf(step.to),
                options: kinds.filter((k) => k == kindOf(step.to) || offers(desk, lists, k)).map((k) => [k, tr("escalations.to." + k)]),
                onchange: (k) => change(steps.with(i, { ...step, to: blank[k]() })),
            }),
            t.div({ className: "pd-macro-value" }, when(step, i, typed), ...[whom(desk, lists, step, typed)].flat(), said(step, typed)),
            t.div(
                { className: "pd-macro-move" },
                button({ icon: "arrow-up-line", title: tr("escalations.up", { n: i + 1 }), kind: "quiet square small", disabled: i == 0, run: () => change(inTime(steps.toSpliced(i, 1).toSpliced(i - 1, 0, step))) }),
                button({ icon: "delete-bin-line", title: tr("escalations.remove", { n: i + 1 }), kind: "quiet square small", disabled: steps.length == 1, run: () => change(inTime(steps.toSpliced(i, 1))) }),
            ),
        );
    return t.div(
        { className: "pd-rule-acts" },
        () => t.ol({ rid: "steps" + s.at, className: "pd-macro-rows" }, steps.map(row)),
        () => t.div({ rid: "add" + s.at, className: "pd-macro-add" }, button({ label: tr("escalations.add.step"), icon: "add-line", kind: "small", disabled: steps.length >= most, run: () => change([...steps, { after: "2h", to: { lead: true }, note: "" }]) })),
    );
}

const people = (desk) => (desk.me.agents || []).filter((a) => a.role != "integration").map((a) => [a.id, a.name]);

const offers = (desk, lists, kind) => ({ agent: people(desk).length, team: desk.me.teams?.length, webhook: Object.keys(lists.webhooks).length })[kind] ?? true;

/** The first comes at once, every other one after some time. */
const inTime = (steps) => steps.map((x, i) => (i ? { ...x, after: x.after || "2h" } : { ...x, after: "" }));

function when(step, i, typed) {
    if (!i && !step.after) return t.span({ className: "pd-step-when pd-hint" }, tr("escalate.now"));
    return t.span(
        { className: "pd-step-when" },
        delayControl({ label: tr("escalations.after", { n: i + 1 }), value: step.after, change: (text) => ((step.after = text), typed()) }),
        t.span({ className: "pd-hint" }, tr("escalations.after.words")),
    );
}

function whom(desk, lists, step, typed) {
    const { to } = step, kind = kindOf(to), label = tr("escalations.to." + kind);
    const choose = (options) => {
        const known = options.some(([v]) => v === to[kind]);
        return select({ label, value: to[kind], options: known ? options : [[to[kind], tr("escalate.gone")], ...options], onchange: (v) => ((to[kind] = v), typed()) });
    };
    switch (kind) {
        case "agent": return choose(people(desk));
        case "team": return choose((desk.me.teams || []).map((x) => [x.id, x.name]));
        case "webhook": return choose(Object.entries(lists.webhooks));
        case "email":
            return [
                t.input({ type: "email", className: "pd-input", ariaLabel: label, placeholder: "name@example.com", maxLength: 254, value: to.email || "", autocomplete: "off", oninput: (e) => ((to.email = e.target.value.trim()), typed()) }),
                select({ label: tr("escalations.language"), value: to.locale || "", options: [["", tr("escalations.language.shop")], ...desk.me.locales.map((l) => [l, localeName(l)])], onchange: (v) => ((to.locale = v), typed()) }),
            ];
    }
    return null;
}

const said = (step, typed) =>
    t.textarea({ className: "pd-textarea", rows: 2, maxLength: 1000, dir: "auto", ariaLabel: tr("escalations.note"), placeholder: tr("escalations.note"), value: step.note || "", oninput: (e) => ((step.note = e.target.value), typed()) });
