// The calls of the settings and of the reports, beside those of api.js.

/** @param {{host: import("../adapter.js").Host, get: Function, post: Function, id: Function}} o what api.js calls with */
export const adminAPI = ({ host, get, post, id }) => ({
    screening: (days) => get("screening", { days }),
    replay: (query) => get("screening/replay", query),
    model: () => get("model"),
    lessons: (cursor) => get("lessons", { cursor }),
    check: (body) => post("templates/check", body),
    variables: () => get("variables"),
    health: () => get("health"),
    inbound: (query) => get("inbound", query),
    readAgain: (mailID) => post(`inbound/${id(mailID)}/retry`),
    inboundSecret: () => post("inbound/secret"),
    mailboxes: () => get("mailboxes"),
    mailboxPassword: (boxID, body) => post(`mailboxes/${id(boxID)}/password`, body),
    mailboxCheck: (boxID) => post(`mailboxes/${id(boxID)}/check`),
    dkim: () => get("dkim"),
    makeDKIM: (body) => post("dkim", body),
    doctor: (locale) => post("doctor", { locale }),
    smsSecret: (body) => post("sms/secret", body),
    smsTest: (body) => post("sms/test", body),
    invitations: (days) => get("invitations/report", { days }),
    lookup: () => get("lookup"),
    lookupSecret: (body) => post("lookup/secret", body),
    lookupTest: (body) => post("lookup/test", body),
});
