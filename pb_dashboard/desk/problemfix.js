// A fault is mended: read what all who reported it would get, then send it.
import { comma, tr, trOr, words } from "../lib/i18n.js";
import { action, box, button, field, icon, skeleton } from "../lib/dom.js";
import { dialog } from "../lib/dialog.js";
import { fieldError, sentence } from "../lib/api.js";
import { localeName } from "./labels.js";

await words("problems");

const faults = ["problem", "subject", "body", "reward"];
const said = (err) => faults.map((name) => fieldError(err, name)).find(Boolean) || sentence(err);

/** @param {import("./page.js").Desk} desk @param {{id: string, title: string, state: string, told: number}} p @param {Function} done */
export function fixDialog(desk, p, done) {
    const waits = desk.me.smtp === false; // nobody has a letter before a mail server is set up
    const s = store({ own: false, preview: box(null), error: "", resolve: !waits, again: false, codes: false, gives: false });
    const back = p.state != "fixed" && p.told > 0; // people were told before that it is fixed
    const subject = t.input({ className: "pd-input", maxLength: 300, ariaLabel: tr("problems.subject"), placeholder: tr("problems.subject"), onchange: () => look() });
    const body = t.textarea({ className: "pd-textarea", rows: 6, maxLength: 20000, ariaLabel: tr("problems.body"), placeholder: tr("problems.body"), onchange: () => look() });
    const codes = t.textarea({ className: "pd-textarea is-mono", rows: 2, maxLength: 200000, placeholder: "THANKS50", onchange: () => keep() });
    const letter = () => ({ ...(s.own ? { subject: subject.value.trim(), body: body.value.trim() } : {}), ...(s.again && { again: true, codes: s.codes }) });
    let turn = 0;
    const look = async () => {
        const mine = ++turn;
        if (s.own && !(subject.value.trim() && body.value.trim())) return;
        try {
            const got = await desk.api.fixProblem(p.id, { preview: true, ...letter() });
            if (mine != turn) return;
            s.preview = box(got);
            s.error = "";
        } catch (err) {
            if (mine == turn) s.error = said(err);
        }
    };
    const keep = async () => {
        const list = codes.value.split("\n").map((x) => x.trim()).filter(Boolean);
        try {
            await desk.api.save("problems", { id: p.id, reward: list.length > 1 ? { codes: list } : list.length ? { code: list[0] } : {} });
            await look();
        } catch (err) {
            s.error = said(err);
        }
    };
    const send = (close) => async () => {
        try {
            await desk.api.fixProblem(p.id, { ...letter(), resolve: s.resolve });
            close();
            desk.host.toast.ok(tr(desk.me.smtp === false ? "problems.waiting" : "problems.sending", { n: s.preview.value.people }));
            done?.();
        } catch (err) {
            s.error = said(err);
        }
    };
    const reward = async () => {
        const got = await desk.api.read("problems", p.id), r = got.reward || {};
        s.gives = "reward" in got; // supervisors and admins alone
        codes.value = r.code || (r.codes || []).join("\n");
    };
    reward().catch(() => {});
    look();
    return dialog({ label: tr("problems.fix.title"), className: "pd-problem-fix" }, (close) => [
        t.div({ className: "pd-dialog-head" }, t.h2({ dir: "auto" }, tr("problems.fix.head", { title: p.title })), button({ icon: "close-line", title: tr("action.close"), kind: "quiet square", run: close })),
        t.div(
            { className: "pd-problem-fields" },
            () => s.preview.value ? t.p({ role: "status" }, tr("problems.people", { n: s.preview.value.people })) : null,
            () => desk.me.smtp === false ? t.p({ className: "pd-notice" }, icon("mail-close-line"), tr("problems.nomail")) : null,
            () => skips(s.preview.value),
            back ? whom(p, s, look) : null,
            check(tr("problems.own"), () => s.own, (on) => {
                s.own = on;
                look();
            }),
            () => s.own ? t.div({ rid: "own", className: "pd-problem-own" }, subject, body) : null,
            () => s.gives ? field({ label: tr("problems.reward"), help: tr("problems.reward.help"), control: codes }) : null,
            () => s.again ? check(tr("problems.codes.again"), () => s.codes, (on) => ((s.codes = on), look())) : null,
            () => short(s.preview.value),
            check(tr("problems.resolve"), () => s.resolve, (on) => (s.resolve = on)),
            () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null,
            () => s.preview.value ? letters(s.preview.value) : s.error ? null : skeleton(2),
        ),
        t.div(
            { className: "pd-dialog-foot" },
            t.span({ className: "pd-row-fill" }),
            button({ label: tr("action.cancel"), kind: "quiet", run: close }),
            () => action({ rid: "send" + s.again, label: tr(back && !s.again ? "problems.send.new" : "problems.send"), icon: "mail-send-line", kind: "primary", disabled: () => !!s.error || !s.preview.value, run: send(close) }),
        ),
    ]);
}

/** A fault that came back: those who were told before hear of it once more, or don't. */
function whom(p, s, look) {
    const one = (again, label) =>
        t.label(
            { className: "pd-check" },
            t.input({ type: "radio", name: "problem-whom", checked: () => s.again == again, onchange: () => ((s.again = again), look()) }),
            t.span({}, label),
        );
    return t.fieldset(
        { className: "pd-problem-whom" },
        t.legend({}, tr("problems.whom", { n: p.told })),
        one(false, tr("problems.whom.new")),
        one(true, tr("problems.whom.all")),
        () => s.again && s.preview.value?.before ? t.p({ className: "pd-hint" }, tr("problems.whom.before", { n: s.preview.value.before })) : null,
    );
}

const check = (label, value, onchange) => t.label({ className: "pd-check" }, t.input({ type: "checkbox", checked: value, onchange: (e) => onchange(e.target.checked) }), t.span({}, label));

const short = (p) => p && p.codes >= 0 && p.skipped.some((x) => x.why == "no_code") ? t.p({ className: "pd-notice" }, icon("alert-line"), tr("problems.short")) : null;

function skips(p) {
    if (!p?.skipped.length) return null;
    const by = Map.groupBy(p.skipped, (x) => x.why);
    return t.ul({ rid: "skips" + JSON.stringify(p.skipped), className: "pd-problem-list pd-hint" }, [...by].map(([why, list]) => t.li({}, trOr("problems.why." + why, why, { n: list.length }), " ", list.slice(0, 10).map((x) => "#" + x.number).join(comma()))));
}

const letters = (p) =>
    t.div(
        { rid: "letters" + JSON.stringify(p.letters), className: "pd-problem-letters" },
        p.letters.map((l) =>
            t.details(
                { open: p.letters.length == 1 },
                t.summary({}, localeName(l.locale), " · ", t.span({ dir: "auto" }, l.subject)),
                t.div({ className: "pd-problem-answer", dir: "auto", lang: l.locale }, l.body),
            )),
    );
