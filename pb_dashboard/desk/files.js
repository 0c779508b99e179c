// Attachments: a download under a link that works for a short time. Pictures
// that are what they say show themselves small.
import { language, tr } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { calmLine } from "../lib/calm.js";
import { bytes } from "../lib/text.js";

/** More than these are folded. */
const most = 12;

/** @param {import("./page.js").Desk} desk @param {{name: string, title?: string, collection: string, record: string, size?: number}[]} files */
export function fileList(desk, files) {
    const s = store({ all: files.length <= most });
    return t.div(
        { className: "pd-files" },
        () => (s.all ? files : files.slice(0, most)).map((f) => fileButton(desk, f)),
        () => s.all ? null : button({ label: tr("file.all", { n: files.length }), kind: "small quiet", run: () => (s.all = true) }),
    );
}

function fileButton(desk, f) {
    const [stem, ending] = parts(named(f));
    return t.span(
        { rid: f.record + f.name, className: "pd-file-box" },
        picture(named(f)) ? thumb(desk, f) : null,
        t.button(
            { type: "button", className: "pd-file", title: tr("file.download", { name: named(f) }), onclick: () => download(desk, f) },
            icon(iconOf(named(f))),
            t.bdi({ className: "pd-file-name" }, stem),
            ending ? t.span({ className: "pd-file-ending" }, ending) : null, // what a long name must not push out of sight
            f.size ? t.span({ className: "pd-hint" }, bytes(f.size, language())) : null,
        ),
    );
}

/** A picture once it is on the screen, if its bytes are those of one. */
function thumb(desk, f) {
    const s = store({ el: null });
    let watcher, made;
    const look = async () => {
        try {
            made = await (await import("./preview.js")).preview(desk, f, { name: named(f), download: () => download(desk, f) });
            if (made) s.el = box(made.el);
        } catch {
            // no picture: the file can be downloaded
        }
    };
    return t.span(
        {
            className: "pd-thumb-place",
            onmount: (el) => {
                watcher = new IntersectionObserver((seen) => {
                    if (!seen.some((x) => x.isIntersecting)) return;
                    watcher.disconnect();
                    look();
                });
                watcher.observe(el);
            },
            onunmount: () => {
                watcher?.disconnect();
                made?.drop();
            },
        },
        () => s.el?.value, // set once
    );
}

/** The name that the visitor gave it; the stored one bears a random ending. */
const named = (f) => calmLine(f.title || f.name) || f.name;

/** "photo" and ".png" of "photo.png". */
function parts(name) {
    const [, stem, ending] = /^(.+?)(\.[^.\s]{1,8})?$/s.exec(name) || [name, name, ""];
    return [stem, ending];
}

const picture = (name) => /\.(png|jpe?g|gif|webp)$/i.test(name);

async function download(desk, f) {
    try {
        const a = t.a({ href: await desk.host.fileURL(f), download: named(f), rel: "noopener noreferrer" });
        document.body.append(a);
        a.click();
        a.remove();
    } catch (err) {
        desk.host.toast.error(sentence(err));
    }
}

function iconOf(name) {
    const ext = (name.split(".").pop() || "").toLowerCase();
    if (/^(png|jpe?g|gif|webp|heic|avif)$/.test(ext)) return "image-line";
    if (ext == "pdf") return "file-pdf-2-line";
    if (/^(mp4|mov|webm)$/.test(ext)) return "film-line";
    return "file-line";
}
