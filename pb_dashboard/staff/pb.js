// PocketBase over HTTP for somebody who is signed in: requests, records, files
// and what happens as it happens. Only what the Desk needs of it.

/** The server's root, seen from this file under /_/extensions/pocketdesk/staff/. */
export const root = new URL("../../../../", import.meta.url).href;

/** What a request answers when it fails: the shape that the dashboard's client has. */
export class RequestError extends Error {
    constructor(status, response = {}, originalError = null) {
        super(response.message || "");
        Object.assign(this, { name: "RequestError", status, response, originalError, isAbort: originalError?.name == "AbortError" });
    }
}

/**
 * @param {{token: () => string, expired: () => void}} session expired is told when
 *   the server no longer knows the token that a request bore
 */
export function client(session) {
    async function send(path, { method = "GET", query, body, headers, signal, token = session.token() } = {}) {
        const url = new URL(path.replace(/^\//, ""), root);
        for (const [k, v] of Object.entries(query || {})) {
            if (v !== undefined && v !== null && v !== "") url.searchParams.set(k, typeof v == "object" && !(v instanceof Date) ? JSON.stringify(v) : v);
        }
        const raw = body === undefined || body instanceof FormData || typeof body == "string" || body instanceof Blob;
        const upload = !raw && Object.values(body).some(isFile) ? form(body) : null;
        let answer, data;
        try {
            answer = await fetch(url, {
                method,
                signal,
                cache: "no-store",
                headers: { ...(raw || upload ? {} : { "Content-Type": "application/json" }), ...(token ? { Authorization: token } : {}), ...headers },
                body: upload || (raw ? body : JSON.stringify(body)),
            });
            data = answer.status == 204 ? null : await answer.json().catch(() => ({}));
        } catch (err) {
            throw new RequestError(0, {}, err);
        }
        if (!answer.ok) {
            // a 401 that offers a second step of signing in is no expiry
            if (answer.status == 401 && token && token == session.token() && !data?.mfaId) session.expired();
            throw new RequestError(answer.status, data || {});
        }
        return data;
    }

    function collection(name) {
        const base = `/api/collections/${encodeURIComponent(name)}/records`;
        const one = (id) => base + "/" + encodeURIComponent(id);
        const getList = (page = 1, perPage = 30, o = {}) => send(base, { query: { page, perPage, ...queryOf(o) } });
        return {
            getList,
            async getFullList({ batch = 500, ...o } = {}) {
                const out = [];
                for (let page = 1;; page++) {
                    const { items } = await getList(page, batch, { ...o, skipTotal: 1 });
                    out.push(...items);
                    if (items.length < batch) return out;
                }
            },
            async getFirstListItem(filter, o = {}) {
                const { items } = await getList(1, 1, { ...o, filter, skipTotal: 1 });
                if (!items.length) throw new RequestError(404);
                return items[0];
            },
            getOne: (id, o = {}) => send(one(id), { query: queryOf(o) }),
            create: (body, o = {}) => send(base, { method: "POST", body, query: queryOf(o) }),
            update: (id, body, o = {}) => send(one(id), { method: "PATCH", body, query: queryOf(o) }),
            delete: (id) => send(one(id), { method: "DELETE" }).then(() => true),
        };
    }

    // a link to a file works for some minutes; so does the token in it
    let fileToken = { at: 0, token: null, of: "" };
    const files = () => {
        if (Date.now() - fileToken.at > 60_000 || fileToken.of != session.token()) {
            fileToken = { at: Date.now(), of: session.token(), token: send("/api/files/token", { method: "POST", body: {} }).then((a) => a.token) };
            fileToken.token.catch(() => (fileToken.at = 0));
        }
        return fileToken.token;
    };
    return { send, collection, fileToken: files };
}

const isFile = (v) => v instanceof Blob || (Array.isArray(v) && v.some((x) => x instanceof Blob));

/** A record with files as a form: the files beside, the rest as JSON. */
function form(body) {
    const out = new FormData(), rest = {};
    for (const [k, v] of Object.entries(body)) {
        if (!isFile(v)) rest[k] = v;
        else for (const f of [v].flat()) out.append(k, f);
    }
    out.append("@jsonPayload", JSON.stringify(rest));
    return out;
}

const queryOf = ({ requestKey, headers, signal, $autoCancel, ...query }) => query;
