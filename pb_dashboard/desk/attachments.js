// Files for an answer: chosen, dropped or pasted. A picture that is dropped or
// pasted stands in the text where the cursor was.
import { language, tr, words } from "../lib/i18n.js";
import { box, icon } from "../lib/dom.js";
import { bytes } from "../lib/text.js";

await words("rare");

const most = 30, biggest = 10 * 1024 * 1024;
const picture = /^image\/(png|jpeg|gif|webp)$/;

/** @param {import("./page.js").Desk} desk @param {import("./composer.js").Draft} s @param {(text: string) => void} put writes at the cursor */
export function attachments(desk, s, put) {
    /** Pictures under names that can stand in the text, and that no other file has. */
    const shown = (list) => {
        const taken = new Set(s.files.value.map((f) => f.name)), names = [];
        const out = [...list].map((f) => {
            if (s.mode != "reply" || !picture.test(f.type)) return f;
            const [, raw, ext] = /^(.*?)(\.\w+)?$/.exec(f.name.normalize("NFC").replace(/[\s()[\]<>\\#?%:]+/g, "-"));
            const stem = raw.replace(/^-+|-+$/g, "") || "image";
            let name = stem + (ext || "." + f.type.slice(6)), n = 1;
            while (taken.has(name)) name = `${stem}-${++n}${ext || ""}`;
            taken.add(name);
            names.push(name);
            return new File([f], name, { type: f.type });
        });
        return [out, names];
    };
    const addShown = (list) => {
        const [files, names] = shown(list);
        add(files);
        const kept = names.filter((name) => s.files.value.some((f) => f.name == name));
        if (kept.length) put(kept.map((name) => `![${name}](cid:${name})`).join("\n"));
    };
    const detach = (f) => {
        s.files = box(s.files.value.filter((x) => x != f));
        s.body = s.body.replaceAll(`![${f.name}](cid:${f.name})`, "");
    };
    const add = (list) => {
        const files = [...s.files.value];
        for (const f of list) {
            if (f.size > biggest) desk.host.toast.error(tr("compose.toobig", { name: f.name }));
            else if (files.length >= most) desk.host.toast.error(tr("compose.toomany", { n: most }));
            else files.push(f);
        }
        s.files = box(files);
    };
    const input = t.input({
        type: "file",
        multiple: true,
        hidden: true,
        onchange: () => {
            add(input.files);
            input.value = "";
        },
    });
    const el = t.div(
        { className: "pd-files" },
        input,
        () =>
            s.files.value.map((f) =>
                t.span(
                    { className: "pd-file" },
                    icon("attachment-2"),
                    t.span({ className: "pd-file-name" }, f.name),
                    t.span({ className: "pd-hint" }, bytes(f.size, language())),
                    t.button(
                        { type: "button", title: tr("compose.detach", { name: f.name }), ariaLabel: tr("compose.detach", { name: f.name }), onclick: () => detach(f) },
                        icon("close-line"),
                    ),
                )
            ),
    );
    return { el, addShown, choose: () => input.click() };
}
