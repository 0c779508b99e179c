// What the signals of screening say, in the Desk's words.
import { language, tr, trOr, words } from "../lib/i18n.js";

await words("signalnames", "signals");

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
