// The Desk's place as a URL, so that back works and a link can be shared:
// #/desk?queue=open, #/desk/c/{case}?queue=mine&q=…,
// #/desk/v/{verdict}?queue=quarantine&outcome=blocked, #/desk?queue=screening&days=30

export const filters = ["q", "category", "priority", "assignee", "locale", "status"];
export const queues = ["mine", "unassigned", "open", "waiting", "follow_up", "promises", "problems", "done", "quarantine", "outbox", "screening"];
/** Queues that take the whole width and have no list. */
export const wide = ["outbox", "screening", "promises", "problems"];
const fields = ["queue", "outcome", "days", "sort", "unread", "scope", ...filters]; // scope: "here" searches inside of the queue
/** Queues that are named by an id: a saved view, or what one person has. */
export const named = (queue) => /^(view|person):\w+$/.test(queue);

/** @returns {{kind: ""|"c"|"v", id: string, queue: string, q: string}} */
export function parse(hash) {
    const [path, query] = (hash || "").split("?");
    const m = path.match(/^#\/desk\/([cv])\/([^/]+)/);
    const params = new URLSearchParams(query || "");
    const out = { kind: m?.[1] || "", id: m ? decodeURIComponent(m[2]) : "" };
    for (const f of fields) out[f] = params.get(f) || "";
    const known = queues.includes(out.queue) || out.queue == "all" || named(out.queue);
    if (!known) out.queue = out.kind == "v" ? "quarantine" : "open";
    return out;
}

/** The URL of a place. */
export function format(place) {
    const params = new URLSearchParams();
    for (const f of fields) if (place[f]) params.set(f, place[f]);
    const query = params.toString();
    return "#/desk" + (place.kind ? `/${place.kind}/${encodeURIComponent(place.id)}` : "") + (query ? "?" + query : "");
}

/** Says whether any filter is set, and how many besides the words. */
export const filtered = (place) => filters.filter((f) => f != "q" && place[f]).length;
