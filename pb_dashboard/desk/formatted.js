// How a text of ours looks as a mail: the server's plain elements, made anew one
// by one, so that nothing but these can come onto the page.
import { tr, words } from "../lib/i18n.js";
import { calmText } from "../lib/calm.js";
import { whereTo } from "../lib/hosts.js";
import { hostMark, trackingLink } from "../lib/text.js";

await words("rare");

const plain = ["p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr"];

/** @param {string} html the fragment that the server made @param {string} [lang] */
export function formatted(html, lang) {
    const doc = new DOMParser().parseFromString(html || "", "text/html");
    return t.div({ className: "pd-looks", lang, dir: "auto" }, children(doc.body));
}

const children = (node) => [...node.childNodes].flatMap(copy);

function copy(node) {
    if (node.nodeType == 3) return text(node.data);
    const tag = node.localName;
    if (tag == "a") return link(node);
    if (!plain.includes(tag)) return node.nodeType == 1 ? children(node) : [];
    // headings of a mail are none of the Desk's own
    if (/^h\d$/.test(tag)) return [t.p({ className: "pd-looks-h is-" + tag }, children(node))];
    return [t[tag](tag == "li" && node.value ? { value: node.value } : {}, ...children(node))];
}

function text(data) {
    const [first, ...more] = calmText(data).split(trackingLink);
    return [document.createTextNode(first), ...more.flatMap((x) => [t.span({ className: "pd-chip pd-tone-info", title: tr("sms.link.why") }, tr("sms.link")), document.createTextNode(x)])];
}

function link(a) {
    const href = a.getAttribute("href") || "", to = whereTo(href), words = children(a);
    if (!to) return /^(mailto|tel):/i.test(href) ? [t.a({ href, rel: "noreferrer" }, ...words)] : words;
    const el = t.a({ href, target: "_blank", rel: "noopener noreferrer nofollow", referrerPolicy: "no-referrer" }, ...words);
    return a.textContent == href && !to.odd ? [el] : [t.bdi({ className: "pd-address" }, el, hostMark(to))];
}
