// Names for what records hold as keys and ids.
import { byLocale, tr, trOr } from "../lib/i18n.js";
import { calmLine } from "../lib/calm.js";
import { clock, parse, span } from "../lib/time.js";

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
export const personName = (contact, fallback) => calmLine(contact?.name) || calmLine(fallback) || tr("person.unnamed");

const closedFor = (row) => row.status == "resolved" || row.status == "closed";

/** "Waiting 3 hr", or null when nobody waits for us. */
export function waiting(row, now = clock.now) {
    const d = parse(row.waiting_since);
    return d && !closedFor(row) ? tr("case.waiting", { span: span(d, now) }) : null;
}

/** Trust of an address: its word and what the word means. */
export const trust = (state) =>
    state ? { text: trOr("trust." + state, state), title: trOr("trust.why." + state, ""), tone: { verified: "ok", reachable: "info", undeliverable: "bad" }[state] || "plain" } : null;
