// A case that needs somebody else: the form behind "Escalate", and the line above
// a case that says who was told and who has it.
import { tr, words } from "../lib/i18n.js";
import { action, box, button, field, icon, select } from "../lib/dom.js";
import { popover } from "../lib/popover.js";
import { sentence } from "../lib/api.js";
import { dated } from "../lib/zone.js";
import { workTime } from "../settings/worktime.js";

await words("escalate");

const path = encodeURIComponent;
const post = (desk, to, body = {}) => desk.host.send("/api/desk/" + to, { method: "POST", body });

/** Whom a step is for, in words. @param {Object} to as records keep it */
export function whomInWords(desk, to, hooks = {}) {
    if (to.lead) return tr("escalate.lead");
    if (to.agent) return desk.names.agent(to.agent) || tr("escalate.gone");
    if (to.team) return tr("escalate.team", { name: desk.names.team(to.team) || tr("escalate.gone") });
    if (to.webhook) return hooks[to.webhook] || tr("escalate.tracker");
    return to.email || "";
}

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view */
export async function escalate(desk, view) {
    const anchor = document.activeElement?.closest(".pd-case-head button") || document.querySelector(".pd-case-number");
    const all = await desk.api.list("escalations", { sort: "position,created", filter: "enabled = true" });
    const pop = popover(anchor, (close) => form(desk, view, all, close), { end: true, label: tr("escalate.title"), className: "pd-edit pd-escalate" });
    if (pop) requestAnimationFrame(() => document.querySelector(".pd-escalate select")?.focus());
}

function form(desk, view, all, close) {
    const c = view.get().case, me = desk.me.agent || {};
    const sees = (a) => a.role != "agent" || !c.team || a.team == c.team;
    const people = (desk.me.agents || []).filter((a) => a.id != me.id && a.role != "integration" && sees(a));
    const outside = me.role != "agent" || desk.me.superuser;
    const options = [
        ...all.map((e) => ["e" + e.id, e.name]),
        ["lead", tr("escalate.lead")],
        ...people.map((a) => ["a" + a.id, a.name]),
        ...(desk.me.teams || []).map((x) => ["t" + x.id, tr(people.some((a) => a.team == x.id) ? "escalate.team" : "escalate.team.empty", { name: x.name })]),
        ...(outside ? [["mail", tr("escalate.outside")]] : []),
    ];
    const s = store({ to: options[0][0], error: "" });
    const note = t.textarea({ className: "pd-textarea", rows: 3, maxLength: 1000, dir: "auto" });
    const mail = t.input({ type: "email", className: "pd-input", maxLength: 254, autocomplete: "off", placeholder: "name@example.com" });
    const chosen = () => all.find((e) => "e" + e.id == s.to);
    const whom = () => {
        if (s.to == "lead") return { lead: true };
        if (s.to[0] == "t") return { team: s.to.slice(1) };
        return s.to == "mail" ? { email: mail.value.trim() } : { agent: s.to.slice(1) };
    };
    const go = async () => {
        try {
            const run = await post(desk, `cases/${path(view.id)}/escalate`, { ...(chosen() ? { escalation: chosen().id } : { to: whom() }), note: note.value.trim() });
            close();
            const next = run.took.find((x) => !x.at);
            if (next && !run.took.some((x) => x.told?.length)) desk.host.toast.info(tr("escalate.waits", { who: whomInWords(desk, next.to), at: dated(run.next_at) }));
            else desk.host.toast.ok(tr("escalate.done"));
            view.reload();
        } catch (err) {
            if (err?.response?.data?.to?.code == "nobody") s.error = tr("escalate.nobody");
            else s.error = err?.status == 403 ? err.response?.message : sentence(err);
        }
    };
    return t.div(
        { className: "pd-me-form" },
        t.h3({}, tr("escalate.title")),
        field({ label: tr("escalate.to"), control: select({ value: s.to, options, onchange: (v) => ((s.to = v), (s.error = "")) }) }),
        () => s.to == "mail" ? field({ label: tr("escalate.address"), help: tr("escalate.address.help"), control: mail }) : null,
        () => chosen() ? t.ol({ rid: "steps" + s.to, className: "pd-escalate-steps" }, chosen().steps.map((x, i) => t.li({}, whomInWords(desk, x.to), " ", t.span({ className: "pd-hint" }, i ? tr("escalate.after", { time: workTime(x.after) }) : tr("escalate.now"))))) : null,
        field({ label: tr("escalate.note"), help: tr("escalate.note.help"), control: note }),
        () => s.error ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), s.error) : null,
        t.div({ className: "pd-pop-foot" }, button({ label: tr("action.cancel"), kind: "quiet", run: close }), action({ label: tr("escalate.go"), icon: "arrow-up-double-line", kind: "primary", run: go })),
    );
}

/** Above a case: what goes on, and what can be done about it. */
export function escalationBar(desk, view) {
    const s = store({ runs: box([]) });
    let had;
    const load = async () => {
        try {
            const { items } = await desk.host.send(`/api/desk/cases/${path(view.id)}/escalations`, { method: "GET" });
            s.runs = box(items.filter((r) => r.state != "ended" || r.tracker_url));
        } catch (err) {
            console.warn("escalations:", err);
        }
    };
    return t.div({ className: "pd-escalations" }, () => {
        const now = (view.get()?.events || []).filter((e) => /^(escal|tracker)/.test(e.kind)).map((e) => e.id).join();
        if (now !== had) {
            had = now;
            queueMicrotask(load);
        }
        return s.runs.value.map((r) => line(desk, view, r));
    });
}

function line(desk, view, r) {
    const at = (v) => dated(v);
    const took = r.took.filter((x) => x.at), last = took.at(-1), next = r.took[took.length];
    const settle = (verb, said) => async () => {
        try {
            await post(desk, `escalations/${path(r.id)}/${verb}`);
            desk.host.toast.ok(tr(said));
        } catch (err) {
            desk.host.toast.error(sentence(err));
        }
        view.reload();
    };
    const told = () => {
        const whom = last?.told?.map((x) => x.name).join(tr("escalate.comma"));
        return whom ? tr("escalate.told", { who: whom, at: at(last.at) }) : "";
    };
    const more = {
        open: () => [told(), next && r.next_at ? tr("escalate.next", { who: whomInWords(desk, next.to), at: at(r.next_at) }) : ""],
        acknowledged: () => [tr("escalate.has", { who: desk.names.agent(r.acknowledged_by) || r.acknowledged_name || tr("who.system"), at: at(r.acknowledged_at) })],
        ended: () => [],
    }[r.state]().filter(Boolean);
    const by = r.agent ? desk.names.agent(r.agent) : "";
    const title = r.name ? tr("escalate.named", { name: r.name }) : by ? tr("escalate.by", { who: by }) : tr("escalate.plain");
    return t.div(
        { rid: JSON.stringify(r), className: "pd-reminder pd-escalation is-" + r.state, role: "status" },
        icon(r.state == "open" ? "alarm-warning-line" : r.state == "ended" ? "external-link-line" : "user-follow-line"),
        t.span(
            { className: "pd-reminder-text", dir: "auto" },
            r.state == "ended" ? null : t.strong({}, title),
            r.state == "ended" ? null : t.span({ className: "pd-escalation-more" }, more.join(" · ")),
            r.why && r.agent && r.state == "open" ? t.span({ className: "pd-escalation-more pd-hint" }, r.why) : null,
            tracker(r),
        ),
        r.state == "open" ? button({ label: tr("escalate.mine"), icon: "check-line", kind: "small primary", title: tr("escalate.mine.why"), run: settle("acknowledge", "escalate.mine.done") }) : null,
        r.state == "ended" ? null : button({ label: tr("escalate.end"), kind: "small quiet", title: tr("escalate.end.why"), run: settle("end", "escalate.ended") }),
    );
}

/** The page of an outside tracker, with its real host. */
function tracker(r) {
    let url;
    try {
        url = new URL(r.tracker_url);
    } catch {
        return null;
    }
    if (url.protocol != "https:" && url.protocol != "http:") return null;
    return t.a({ className: "pd-escalation-more", href: url.href, target: "_blank", rel: "noopener noreferrer" }, tr("escalate.tracked", { ref: r.tracker_ref || "" }).trim(), " (", url.host, ")");
}
