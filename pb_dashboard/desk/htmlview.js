// A mail in its own dress, in a frame where nothing runs and nothing is loaded
// from elsewhere. Pictures of other servers come through ours, when staff ask.
import { tr, words } from "../lib/i18n.js";
import { button, icon } from "../lib/dom.js";
import { whereTo } from "../lib/hosts.js";

await words("rare");

const remote = "data-remote-src";
const look = "body{margin:12px;font:14px/1.55 system-ui,sans-serif;color:#1c1e21;background:#fff;overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}"
    + "blockquote{margin:8px 0;padding-left:10px;border-left:3px solid #ccc}a{color:#1055c9}.pd-to{color:#666}.pd-odd{color:#b00020;font-weight:600}";

/** @param {import("./page.js").Desk} desk @param {Object} m a message whose html the server has cleaned */
export function htmlView(desk, m) {
    const doc = new DOMParser().parseFromString(stylesAside(m.html || ""), "text/html");
    doc.querySelectorAll("script,style,iframe,object,embed,form,link,meta,base").forEach((el) => el.remove());
    doc.querySelectorAll("[style]").forEach((el) => el.removeAttribute("style"));
    for (const el of doc.querySelectorAll("*")) for (const { name } of [...el.attributes]) if (/^on/i.test(name)) el.removeAttribute(name);
    doc.querySelectorAll("[href]").forEach((a) => showHost(doc, a));
    const far = [...doc.querySelectorAll(`img[${remote}]`)];
    const s = store({ shown: false });
    const frame = t.iframe({
        className: "pd-html",
        title: tr("letter.html"),
        // the page may measure it, and that is all: no script runs in it
        sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
        referrerPolicy: "no-referrer",
        onload: () => {
            dress(frame);
            fitHeight(frame);
        },
    });
    const fill = () => (frame.srcdoc = page(doc, desk.host.origin));
    inlined(desk, m, doc).then(fill);
    const show = async () => {
        s.shown = true;
        const path = `/api/desk/messages/${encodeURIComponent(m.id)}/picture`;
        await Promise.all(far.map(async (img, n) => {
            img.src = await desk.host.pictureURL(path, { n });
        }));
        fill();
    };
    return t.div(
        { className: "pd-html-box" },
        () => far.length && !s.shown
            ? t.div(
                { className: "pd-html-bar" },
                icon("image-line"),
                t.span({}, tr("letter.pictures", { n: far.length })),
                button({ label: tr("letter.pictures.show"), kind: "small", title: tr("letter.pictures.why"), run: show }),
            )
            : null,
        frame,
    );
}

/** A link says where it leads beside its words, which may claim another place. */
function showHost(doc, a) {
    const href = (a.getAttribute("href") || "").trim(), to = whereTo(href);
    if (!to) {
        if (a.tagName != "A" || !/^(mailto|tel):/i.test(href)) a.removeAttribute("href");
        return;
    }
    a.rel = "noopener noreferrer nofollow";
    a.referrerPolicy = "no-referrer";
    a.target = "_blank";
    const words = a.textContent.trim().toLowerCase();
    if (a.tagName != "A" || (!to.odd && (words == to.host || words == href.toLowerCase()))) return;
    const mark = doc.createElement("small");
    mark.className = to.odd ? "pd-odd" : "pd-to";
    mark.textContent = ` ⟶ ${to.host}${to.name != to.host ? ` (${to.name})` : ""}`;
    a.after(mark);
}

/** Pictures that came with the mail stand among its files under the same name. */
async function inlined(desk, m, doc) {
    await Promise.all([...doc.querySelectorAll('img[src^="cid:"]')].map(async (img) => {
        const name = decodeURIComponent(img.getAttribute("src").slice(4));
        const file = m.files?.find((f) => f.name == name || f.title == name);
        if (file) img.src = await desk.host.fileURL(file);
        else img.removeAttribute("src");
    }));
}

/**
 * Styles travel as data. The rules of the page hold for a text that is only being
 * read, too: a browser reports each style attribute that it comes upon there. So
 * they are renamed before. The server writes them with quotes, and no other < or
 * quote stands open in its text.
 */
const stylesAside = (html) => html.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/ data-style=/gi, " data-was=").replace(/ style="/gi, ' data-style="'));

function page(doc, origin) {
    const rules = `default-src 'none'; img-src ${origin} data:; style-src 'none'`;
    const body = [...doc.body.childNodes].map((n) => new XMLSerializer().serializeToString(n)).join("");
    return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${rules}"><base target="_blank">${body}`;
}

/** Puts the styles on from outside, which no policy for inline styles forbids. */
function dress(frame) {
    const doc = frame.contentDocument;
    if (!doc?.body) return;
    const sheet = new frame.contentWindow.CSSStyleSheet();
    sheet.replaceSync(look);
    doc.adoptedStyleSheets = [sheet];
    for (const el of doc.querySelectorAll("[data-style]")) el.style.cssText = el.getAttribute("data-style");
}

/** As tall as the mail; pictures may still come. */
function fitHeight(frame) {
    const body = frame.contentDocument?.body;
    if (!body) return;
    const fit = () => (frame.style.height = Math.min(4000, body.scrollHeight + 26) + "px");
    fit();
    new ResizeObserver(fit).observe(body);
}
