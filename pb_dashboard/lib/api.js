// The Desk's calls, named as staff would name them. Answers are described in
// the API guide; errors are PocketBase's ClientResponseError.
import { tr } from "./i18n.js";

/** @param {import("../adapter.js").Host} host */
export function deskAPI(host) {
    /** Names of the collections; a host app may have put a prefix before them. */
    let names = {};
    const get = (path, query) => host.send("/api/desk/" + path, { method: "GET", query });
    const post = (path, body = {}) => host.send("/api/desk/" + path, { method: "POST", body });
    const id = encodeURIComponent;
    const col = (key) => host.collection(names[key] || key);
    const plain = { requestKey: null };

    const api = {
        me: async () => {
            const me = await post("me");
            names = me.collections || {};
            return me;
        },
        name: (key) => names[key] || key,
        queues: () => get("queues"),
        cases: (query) => get("cases", query),
        /** Cases with the places where the words stand: {items, next, more, timed_out, understood}. */
        search: (query) => get("search", query),
        case: (caseID) => get("cases/" + id(caseID)),
        /** The part of a conversation before one of its messages: {items, earlier}. */
        earlier: (caseID, before) => get(`cases/${id(caseID)}/messages`, { before }),
        /** A message whole, with what a case's view leaves out: html and a long quote. */
        message: (messageID) => col("messages").getOne(messageID, plain),
        /** Where to go from a case: {case, why}; case is "" when nothing is left. */
        next: (after) => get("next", { after }),
        /** @param {"looking"|"typing"|"gone"} state @returns {Promise<{others: Object[]}>} */
        presence: (caseID, state) => host.send(`/api/desk/cases/${id(caseID)}/presence`, { method: "POST", body: { state }, keepalive: state == "gone" }),
        markRead: (caseID) => post(`cases/${id(caseID)}/read`),
        markUnread: (caseID) => post(`cases/${id(caseID)}/unread`),
        /** @param {string} [queue] all of it; without one, all there is */
        readAll: (queue = "") => post("reads/all", { queue }),
        /** What a view would find: {count, sample} or {error}. */
        checkView: (view) => post("views/check", view),
        /** @param {""|"blocked"} outcome "" lists what waits for a decision */
        quarantine: (cursor, outcome) => get("quarantine", { cursor, outcome, limit: 40 }),
        outbox: (cursor) => get("outbox", { cursor }),
        resend: (outboxID) => post(`outbox/${id(outboxID)}/retry`),
        /** @param {""|"case"|"new"} [into] a mail that answers a case goes there, unless "new" */
        release: (feedbackID, into = "") => post(`feedback/${id(feedbackID)}/release`, into ? { into } : {}),
        confirmSpam: (feedbackID) => post(`feedback/${id(feedbackID)}/confirm`),
        undecide: (feedbackID) => post(`feedback/${id(feedbackID)}/undecide`),
        block: (feedbackID, rule) => post(`feedback/${id(feedbackID)}/block`, rule),
        bulk: (body) => post("quarantine/bulk", body),
        /** Actions, or a macro, on up to 100 cases; with preview nothing is written. */
        many: (body) => post("cases/bulk", body),
        manyBack: (done) => post("cases/bulk/undo", { done: done.map(({ id, version, undo }) => ({ id, version, undo })) }),
        caseSpam: (caseID) => post(`cases/${id(caseID)}/spam`),
        caseNotSpam: (caseID) => post(`cases/${id(caseID)}/not-spam`),
        preview: (caseID, body) => post(`cases/${id(caseID)}/preview`, body),
        /** Takes a mail back that has not left; 409 when it has. */
        unsend: (messageID) => post(`messages/${id(messageID)}/undo`),
        /** What a merge would do: {source, target, counts, conflicts, warnings, seen}. */
        previewMerge: (body) => post("merges/preview", body),
        merge: (body) => post("merges", body),
        unmerge: (mergeID) => post(`merges/${id(mergeID)}/undo`),
        /** @param {{subject?: string, later?: boolean}} body */
        split: (messageID, body) => post(`messages/${id(messageID)}/split`, body),
        duplicates: (caseID) => get(`cases/${id(caseID)}/duplicates`),
        /** @param {{contact?: string, case?: string}} body what is not the same */
        notSame: (caseID, body) => post(`cases/${id(caseID)}/duplicates/dismiss`, body),
        history: (contactID, cursor = "") => get(`contacts/${id(contactID)}/history`, { cursor }),
        /** @param {"claimed"|"undeliverable"} state staff's word on an address */
        judge: (identityID, state) => post(`identities/${id(identityID)}/state`, { state }),
        /** @param {"look"|"renew"|"revoke"} what */
        link: (caseID, what) => post(`cases/${id(caseID)}/link`, { do: what }),
        rawMail: (mailID) => host.download(`/api/desk/inbound/${id(mailID)}/raw`, "mail.eml"),
        sms: () => get("sms"),
        orders: (contactID, query) => get(`contacts/${id(contactID)}/orders`, query),
        member: (contactID, body) => post(`contacts/${id(contactID)}/member`, body),
        invite: (caseID, body) => post(`cases/${id(caseID)}/invite`, body),
        /** @param {number} version the one on the screen; 409 when somebody was faster */
        changeCase: (caseID, fields, version) => col("cases").update(caseID, { ...fields, version }, plain),
        write: (message) => col("messages").create(message, plain),
        changeAgent: (agentID, fields) => col("agents").update(agentID, fields, plain),
        findPromises: (text, locale) => post("promises/find", { text, locale }),
        makePromise: (caseID, body) => post(`cases/${id(caseID)}/promise`, body),
        promises: (query) => get("promises", query),
        promiseReport: (days) => get("promises/report", { days }),
        notices: (cursor, line) => get("notices", { ...(cursor && { cursor }), ...(line && { line }) }),
        /** @param {{ids?: string[], case?: string}} which none of them means all */
        noticesSeen: (which) => post("notices/seen", which),
        list: (key, options = {}) => col(key).getFullList({ ...plain, ...options }),
        read: (key, recordID) => col(key).getOne(recordID, plain),
        save: (key, record) =>
            record.id && !record.isNew
                ? col(key).update(record.id, without(record), plain)
                : col(key).create(without(record), plain),
        remove: (key, recordID) => col(key).delete(recordID, plain),
        /** Adds the calls of the settings and of the reports: see admin.js. */
        admin: async () => {
            if (!api.health) Object.assign(api, (await import("./admin.js")).adminAPI({ host, get, post, id }));
            return api;
        },
    };
    return api;
}

function without({ isNew, created, updated, collectionId, collectionName, expand, hits, ended, used, ...rest }) {
    return rest;
}

/** What went wrong, as a sentence for the person at the screen. */
export function sentence(err) {
    const status = err?.status ?? 0;
    if (status == 0) return err?.originalError || err?.isAbort ? tr("error.offline") : err?.message || tr("error.unknown");
    if (status == 401) return tr("error.login");
    if (status == 403) return tr("error.forbidden");
    if (status == 429) return tr("error.busy");
    if (status == 500) return tr("error.unknown"); // the server's own words say no more, and only in English
    const fields = Object.values(err.response?.data || {}).map((f) => f?.message).filter(Boolean);
    return fields.join(" ") || err.response?.message || tr("error.unknown");
}

/** The server's words about one field of a form, or "". */
export const fieldError = (err, name) => err?.response?.data?.[name]?.message || "";
