// Words that visitors wrote, made safe and readable.
import { tr } from "./i18n.js";
import { calmLine, calmText } from "./calm.js";
import { icon } from "./dom.js";
import { whereTo } from "./hosts.js";

// an address ends before a blank, a bracket or CJK punctuation
const address = /⟦tracking-link⟧|https?:\/\/[^\s<>"'`（）「」『』【】、。，；：！？]+/gi;

/** Stands in a stored text for the visitor's secret link to the tracking page. */
export const trackingLink = "⟦tracking-link⟧";

/** A text may hold thousands of addresses; those past this number stay plain. */
const mostLinks = 200;

/**
 * Text as nodes, with http(s) addresses as links that show their real host and
 * tell the other side nothing.
 * @param {string} text
 * @returns {Node[]}
 */
export function linked(text) {
    const out = [];
    let at = 0, links = 0;
    text = calmText(text);
    for (const m of text.matchAll(address)) {
        if (m[0] == trackingLink) { // the visitor's secret link stands there
            out.push(document.createTextNode(text.slice(at, m.index)), t.span({ className: "pd-chip pd-tone-info", title: tr("sms.link.why") }, tr("sms.link")));
            at = m.index + m[0].length;
            continue;
        }
        const url = m[0].replace(/[.,;:!?)\]}]+$/, "");
        const to = whereTo(url);
        if (!to) continue;
        if (++links > mostLinks) break;
        out.push(document.createTextNode(text.slice(at, m.index)), link(url, to));
        at = m.index + url.length;
    }
    out.push(document.createTextNode(text.slice(at)));
    return out;
}

const link = (url, to) =>
    t.bdi(
        { className: "pd-address" },
        t.a({ href: url, target: "_blank", rel: "noopener noreferrer nofollow", referrerPolicy: "no-referrer" }, url),
        hostMark(to),
    );

/** The real host of a link, with a warning where its name may deceive. @param {ReturnType<typeof whereTo>} to */
export function hostMark(to) {
    const names = { host: to.host, name: to.name };
    return t.span(
        { className: "pd-host" + (to.odd ? " is-odd" : ""), title: to.odd ? tr("link.odd." + to.odd, names) : tr("link.host", names) },
        to.odd ? icon("alert-line") : null,
        "⟶ " + to.host + (to.odd == "mixed" || to.odd == "encoded" ? ` (${to.name})` : ""),
    );
}

/** The words of a message that came as HTML only; nothing in it is run or loaded. */
export function plainText(html) {
    const doc = new DOMParser().parseFromString(html || "", "text/html");
    doc.querySelectorAll("script,style").forEach((el) => el.remove());
    doc.querySelectorAll("br,p,div,li,tr").forEach((el) => el.append("\n"));
    return (doc.body.textContent || "").replace(/\n{3,}/g, "\n\n").trim();
}

/**
 * Whoever a mail names as its sender: "Name <addr>". The address comes last
 * and whole; marks that turn the direction of writing can't move it.
 * @param {{from_addr?: string, from_name?: string}} m
 */
export function mailFrom(m) {
    const name = calmLine(m.from_name);
    return name && name != m.from_addr && m.from_addr ? `${name} <${m.from_addr}>` : m.from_addr || "";
}

/** "12 KB" */
export function bytes(n, lang) {
    const [v, unit] = n >= 1e6 ? [n / 1e6, "megabyte"] : [Math.max(1, n / 1e3), "kilobyte"];
    return new Intl.NumberFormat(lang, { style: "unit", unit, maximumFractionDigits: v < 10 ? 1 : 0 }).format(v);
}
