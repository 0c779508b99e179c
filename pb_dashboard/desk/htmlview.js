// A mail in its own dress, in a frame where nothing runs and nothing is loaded
// from elsewhere. Pictures of other servers come through ours, when staff ask.
import { tr } from "../lib/i18n.js";
import { button, icon } from "../lib/dom.js";

const remote = "data-remote-src";
const look = "body{margin:12px;font:14px/1.55 system-ui,sans-serif;color:#1c1e21;background:#fff;overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}"
    + "blockquote{margin:8px 0;padding-left:10px;border-left:3px solid #ccc}a{color:#1055c9}";

/** @param {import("./page.js").Desk} desk @param {Object} m a message whose html the server has cleaned */
export function htmlView(desk, m) {
    const doc = new DOMParser().parseFromString(m.html || "", "text/html");
    doc.querySelectorAll("script,style,iframe,object,embed,form,link,meta,base").forEach((el) => el.remove());
    const far = [...doc.querySelectorAll(`img[${remote}]`)];
    const s = store({ shown: false });
    const frame = t.iframe({
        className: "pd-html",
        title: tr("letter.html"),
        // the page may measure it, and that is all: no script runs in it
        sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
        referrerPolicy: "no-referrer",
        onload: () => fitHeight(frame),
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

/** Pictures that came with the mail stand among its files under the same name. */
async function inlined(desk, m, doc) {
    await Promise.all([...doc.querySelectorAll('img[src^="cid:"]')].map(async (img) => {
        const name = decodeURIComponent(img.getAttribute("src").slice(4));
        const file = m.files?.find((f) => f.name == name || f.title == name);
        if (file) img.src = await desk.host.fileURL(file);
        else img.removeAttribute("src");
    }));
}

function page(doc, origin) {
    const rules = `default-src 'none'; img-src ${origin} data:; style-src 'unsafe-inline'`;
    const body = [...doc.body.childNodes].map((n) => new XMLSerializer().serializeToString(n)).join("");
    return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${rules}"><base target="_blank"><style>${look}</style>${body}`;
}

/** As tall as the mail; pictures may still come. */
function fitHeight(frame) {
    const body = frame.contentDocument?.body;
    if (!body) return;
    const fit = () => (frame.style.height = Math.min(4000, body.scrollHeight + 26) + "px");
    fit();
    new ResizeObserver(fit).observe(body);
}
