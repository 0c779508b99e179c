// Names for what records hold as keys and ids.
import { byLocale, language, tr, trOr } from "../lib/i18n.js";
import { clock, exact, parse, span } from "../lib/time.js";

export const statuses = ["new", "open", "pending", "on_hold", "resolved", "closed"];
export const priorities = ["urgent", "high", "normal", "low"];
export const statusTone = { new: "info", open: "info", pending: "note", on_hold: "plain", resolved: "ok", closed: "plain" };

export const statusName = (s) => trOr("status." + s, s || tr("none"));
export const priorityName = (p) => trOr("priority." + p, p || tr("none"));
export const localeName = (l) => trOr("locale." + l, l || tr("none"));
export const sourceName = (s) => trOr("source." + s, s);

/** @param {import("../start.js").Context} ctx */
export function names(ctx) {
    const { me } = ctx;
    const find = (list, id) => (list || []).find((x) => x.id == id);
    return {
        category: (id) => byLocale(find(me.categories, id)?.labels) || id || "",
        agent: (id) => (id && id == me.agent?.id ? me.agent.name : find(me.agents, id)?.name) || "",
        team: (id) => find(me.teams, id)?.name || "",
        categories: () => [...(me.categories || [])].sort((a, b) => (a.position || 0) - (b.position || 0)),
    };
}

/** The person's name, or what else there is to call them by. */
export const personName = (contact, fallback) => contact?.name || fallback || tr("person.unnamed");

const closedFor = (row) => row.status == "resolved" || row.status == "closed";

/**
 * The chip of the next date that we owe: its words, tone and explanation.
 * @returns {{text: string, tone: string, title: string}|null}
 */
export function due(row, now = clock.now) {
    const d = parse(row.due_at);
    if (!d || closedFor(row)) return null;
    const late = d < now, left = span(d, now);
    const what = +d == +parse(row.follow_up_at) ? "followup" : row.first_responded_at ? "next" : "first";
    return {
        text: tr(late ? "due.late" : "due.in", { span: left }),
        tone: late ? "bad" : d - now < 2 * 3600_000 ? "warn" : "plain",
        title: tr("due.why." + what, { at: exact(row.due_at) }),
    };
}

/** "Waiting 3 hr", or null when nobody waits for us. */
export function waiting(row, now = clock.now) {
    const d = parse(row.waiting_since);
    return d && !closedFor(row) ? tr("case.waiting", { span: span(d, now) }) : null;
}

/** Trust of an address: its word and what the word means. */
export const trust = (state) =>
    state ? { text: trOr("trust." + state, state), title: trOr("trust.why." + state, ""), tone: { verified: "ok", reachable: "info", undeliverable: "bad" }[state] || "plain" } : null;

/** Our own sentence for a signal in the Desk's language, else the server's English one. */
export function signalSentence(sig) {
    const data = sig.data && typeof sig.data == "object" ? sig.data : {};
    const flat = Object.fromEntries(Object.entries(data).map(([k, v]) => [k, told(v)]));
    if (sig.name == "keyword") flat.topic = trOr("topic." + data.topic, data.topic);
    if (sig.name == "rule") flat.kind = trOr("rulekind." + data.kind, data.kind);
    if (sig.name == "headers" && Array.isArray(data.odd)) flat.odd = told(data.odd.map(oddWords));
    if (data.script) flat.script = trOr("script." + data.script, data.script);
    flat.n = data.count;
    const from = data.country || (data.kind == "country" && data.value);
    if (from) flat.country = countryName(from);
    const variant = variants[sig.name]?.(sig, data) || data.action || data.kind;
    const text = trOr(`signal.${sig.name}.${variant}`, trOr("signal." + sig.name, "", flat), flat);
    // a blank that the data did not fill would read worse than English
    return text && !/\{\w+\}/.test(text) ? text : sig.sentence || sig.name;
}

/** What was odd about a request; the server names the program in its own words. */
const oddWords = (o) => (o.startsWith("sent by ") ? tr("odd.tool", { tool: o.slice(8) }) : trOr("odd." + o, o));

/** Signals that have more than one thing to say. */
const variants = {
    text: (sig, data) => (sig.weight < 0 ? "good" : data.parts?.length ? "" : "plain"),
    near_duplicate: (_, data) => (data.junk > 0 ? "junk" : ""),
    pasted: (sig) => (sig.weight >= 1 ? "untyped" : ""),
    domain_no_mail: (_, data) => (data.domain ? "" : "plain"),
};

/** "Taiwan" for TW. */
export const countryName = (code) =>
    /^[a-z]{2}$/i.test(code) ? new Intl.DisplayNames(language(), { type: "region" }).of(code.toUpperCase()) : code;

/** What a signal looks at, without the values of one message. */
export const signalName = (name) => trOr("signame." + name, name.replaceAll("_", " "));

const told = (v) => (Array.isArray(v) ? v.join(language() == "en" ? ", " : "、") : typeof v == "number" ? String(Math.round(v * 10) / 10) : String(v));
