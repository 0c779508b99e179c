// Files for an answer: chosen, dropped or pasted.
import { language, tr } from "../lib/i18n.js";
import { box, icon } from "../lib/dom.js";
import { bytes } from "../lib/text.js";

const most = 10, biggest = 10 * 1024 * 1024;

/** @param {import("./page.js").Desk} desk @param {import("./composer.js").Draft} s */
export function attachments(desk, s) {
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
                        { type: "button", title: tr("compose.detach", { name: f.name }), ariaLabel: tr("compose.detach", { name: f.name }), onclick: () => (s.files = box(s.files.value.filter((x) => x != f))) },
                        icon("close-line"),
                    ),
                )
            ),
    );
    const carriesFiles = (e) => e.dataTransfer?.types?.includes("Files");
    return {
        el,
        choose: () => input.click(),
        drop: {
            ondragover: (e) => {
                if (!carriesFiles(e)) return;
                e.preventDefault();
                e.currentTarget.classList.add("is-drop");
            },
            ondragleave: (e) => e.currentTarget.classList.remove("is-drop"),
            ondrop: (e) => {
                if (!carriesFiles(e)) return;
                e.preventDefault();
                e.currentTarget.classList.remove("is-drop");
                add(e.dataTransfer.files);
            },
            onpaste: (e) => {
                if (e.clipboardData?.files?.length) {
                    e.preventDefault();
                    add(e.clipboardData.files);
                }
            },
        },
    };
}
