// A picture that came with a message, shown from memory: fetched with the
// person's right to it, small enough, and of a kind that its first bytes prove.
// Anything else (SVG and HTML above all) is only ever downloaded.
import { tr, words } from "../lib/i18n.js";
import { button } from "../lib/dom.js";

await words("compose");

const biggest = 4 * 1024 * 1024;
const mostPixels = 40_000_000; // a small file may unfold to gigabytes

/**
 * @param {import("./page.js").Desk} desk
 * @param {{name: string, collection: string, record: string}} file
 * @param {{name: string, download: () => void}} o
 * @returns {Promise<{el: HTMLElement, drop: () => void}|null>} null where it is no picture that may be shown; drop frees the memory
 */
export async function preview(desk, file, { name, download }) {
    const bytes = await fetched(await desk.host.fileURL(file));
    const kind = bytes && pictureKind(bytes);
    if (!kind || !(kind.width * kind.height <= mostPixels)) return null;
    const url = URL.createObjectURL(new Blob([bytes], { type: kind.type }));
    const el = t.button(
        { type: "button", className: "pd-thumb", title: tr("file.show", { name }), ariaLabel: tr("file.show", { name }), onclick: () => whole(url, name, download) },
        t.img({ src: url, alt: "", decoding: "async", width: kind.width, height: kind.height }),
    );
    return { el, drop: () => URL.revokeObjectURL(url) };
}

/** The bytes, or null where there are too many. */
async function fetched(url) {
    const stop = new AbortController();
    const answer = await fetch(url, { signal: stop.signal, credentials: "omit", referrerPolicy: "no-referrer" });
    const parts = [];
    let size = 0;
    if (!answer.ok || Number(answer.headers.get("Content-Length")) > biggest) {
        stop.abort();
        return null;
    }
    for await (const part of streamed(answer.body)) {
        size += part.length;
        if (size > biggest) {
            stop.abort();
            return null;
        }
        parts.push(part);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function* streamed(body) {
    const reader = body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

/**
 * Kind and size of a picture by its own bytes; null for anything else.
 * @param {Uint8Array} b
 * @returns {{type: string, width: number, height: number}|null}
 */
export function pictureKind(b) {
    const v = new DataView(b.buffer, b.byteOffset, b.byteLength);
    const says = (at, text) => [...text].every((c, i) => b[at + i] == c.charCodeAt(0));
    if (b.length < 24) return null;
    if (says(0, "\x89PNG\r\n\x1a\n") && says(12, "IHDR")) return { type: "image/png", width: v.getUint32(16), height: v.getUint32(20) };
    if (says(0, "GIF87a") || says(0, "GIF89a")) return { type: "image/gif", width: v.getUint16(6, true), height: v.getUint16(8, true) };
    if (b[0] == 0xff && b[1] == 0xd8) return jpeg(v);
    return says(0, "RIFF") && says(8, "WEBP") ? webp(v, says) : null;
}

/** Segments up to the frame header (ITU-T T.81, B.2). */
function jpeg(v) {
    for (let at = 2; at + 9 < v.byteLength && v.getUint8(at) == 0xff;) {
        const mark = v.getUint8(at + 1);
        if (mark == 0xff) at++;
        else if (mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark)) return { type: "image/jpeg", width: v.getUint16(at + 7), height: v.getUint16(at + 5) };
        else if (mark == 0xd9 || mark == 0xda) return null;
        else at += 2 + v.getUint16(at + 2);
    }
    return null;
}

/** The three forms of WebP (RFC 9649, section 2). */
function webp(v, says) {
    const of = (width, height) => ({ type: "image/webp", width, height });
    if (v.byteLength < 30) return null;
    if (says(12, "VP8 ")) return of(v.getUint16(26, true) & 0x3fff, v.getUint16(28, true) & 0x3fff);
    if (says(12, "VP8L")) {
        const bits = v.getUint32(21, true);
        return of((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
    }
    const three = (at) => v.getUint16(at, true) + (v.getUint8(at + 2) << 16) + 1;
    return says(12, "VP8X") ? of(three(24), three(27)) : null;
}

/** The whole picture over the page; Escape or a click beside it closes. */
function whole(url, name, download) {
    const dialog = t.dialog(
        {
            className: "pd-picture",
            ariaLabel: name,
            onclose: () => dialog.remove(),
            onclick: (e) => e.target == dialog && dialog.close(),
        },
        t.img({ src: url, alt: name }),
        t.div(
            { className: "pd-picture-foot" },
            t.bdi({}, name),
            button({ icon: "download-line", label: tr("file.save"), kind: "small", run: download }),
            button({ icon: "close-line", title: tr("action.close"), kind: "small square", run: () => dialog.close() }),
        ),
    );
    (document.querySelector(".pd-page") || document.body).append(dialog);
    dialog.showModal();
}
