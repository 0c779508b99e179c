// Attachments: always a download, under a link that works for a short time.
import { language, tr } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { bytes } from "../lib/text.js";

/** @param {import("./page.js").Desk} desk @param {{name: string, title?: string, collection: string, record: string, size?: number}[]} files */
export function fileList(desk, files) {
    return t.div({ className: "pd-files" }, files.map((f) => fileButton(desk, f)));
}

function fileButton(desk, f) {
    return t.button(
        { type: "button", className: "pd-file", title: tr("file.download", { name: named(f) }), onclick: () => download(desk, f) },
        icon(iconOf(named(f))),
        t.span({ className: "pd-file-name" }, named(f)),
        f.size ? t.span({ className: "pd-hint" }, bytes(f.size, language())) : null,
    );
}

/** The name that the visitor gave it; the stored one bears a random ending. */
const named = (f) => f.title || f.name;

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
