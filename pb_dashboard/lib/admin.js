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
    assignment: () => get("assignment"),
    /** @param {{to?: string, preview?: boolean}} body @returns {Promise<{to: Object[], queue: number, kept: number, more: boolean}>} */
    handover: (agentID, body) => post(`agents/${id(agentID)}/handover`, body),
    /** Who works here: {people, me, page, desk, mail, ways}. */
    people: () => get("people"),
    addPerson: (person) => post("people", person),
    /** Mails a link to choose a password: {mailed, link?, problem?}. */
    invitePerson: (agentID) => post(`people/${id(agentID)}/invite`),
    /** @param {{to?: string, preview?: boolean}} body @returns as handover */
    deactivate: (agentID, body) => post(`people/${id(agentID)}/deactivate`, body),
    problems: (query) => get("problems", query),
    problem: (problemID) => get("problems/" + id(problemID)),
    linkProblem: (problemID, body) => post(`problems/${id(problemID)}/cases`, body),
    fixProblem: (problemID, body) => post(`problems/${id(problemID)}/fix`, body),
    problemSuggestions: () => get("problems/suggestions"),
    problemsNear: (caseID) => get(`cases/${id(caseID)}/problems`),
    openQuestions: (days) => get("problems/questions", { days }),
    editedTemplates: (days) => get("problems/templates", { days }),
    /** @param {{week: Object, days: Object[], timezone: string, country: string, year?: number, from?: string}} plan */
    calendarPreview: (plan) => post("calendars/preview", plan),
    readICal: (text) => post("calendars/ical", { text }),
    webhooks: () => get("webhooks"),
    /** The catalogue: {types: [{type, group, about, fields, choosable}]}. */
    webhookTypes: () => get("webhooks/events"),
    /** @param {{now?: boolean}} body now: the old secret ends at once @returns {Promise<{secret: string, old_until: string}>} */
    webhookSecret: (hookID, body = {}) => post(`webhooks/${id(hookID)}/secret`, body),
    pingWebhook: (hookID) => post(`webhooks/${id(hookID)}/ping`),
    deliveries: (hookID, query) => get(`webhooks/${id(hookID)}/deliveries`, query),
    /** @param {{delivery?: string, from?: string, to?: string, what?: string, after?: string}} body */
    replayDeliveries: (hookID, body) => post(`webhooks/${id(hookID)}/replay`, body),
    service: () => get("service"),
    serviceReport: (days) => get("service/report", { days }),
    lookup: () => get("lookup"),
    lookupSecret: (body) => post("lookup/secret", body),
    lookupTest: (body) => post("lookup/test", body),
    /** What a rule that one writes would be: {explain}, or what is wrong with it. */
    checkRule: (rule) => post("rules/check", rule),
    startReplay: (body) => post("rules/replay", body),
    replayOf: (replayID) => get("rules/replay/" + id(replayID)),
    replayLetter: (replayID, caseID) => get(`rules/replay/${id(replayID)}/letter/${id(caseID)}`),
    endReplay: (replayID) => host.send("/api/desk/rules/replay/" + id(replayID), { method: "DELETE" }),
    applyRule: (ruleID, replay) => post(`rules/${id(ruleID)}/apply`, { replay }),
    ruleRuns: (rule, cursor) => get("rules/runs", { rule, cursor }),
});
