// Bold, lists and the like for whoever doesn't know the marks, and a look at the
// mail as the visitor will see it. The marks stand in the text: what is typed by
// hand and what a button writes is the same.
import { tr, words } from "../lib/i18n.js";
import { box, failed, icon, skeleton } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { formatted } from "./formatted.js";

await words("compose");

const mac = /Mac|iP/.test(navigator.platform);

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {Object} c the composer's parts, with onrest */
export function formatting(desk, view, { s, slot, area, onrest }) {
    const ui = store({ shown: false, look: box(null), problem: "" });
    const edit = editor(area);
    let turn = 0;
    const on = () => s.mode == "reply";
    const look = async () => {
        const mine = ++turn;
        if (!ui.shown || !on()) return;
        if (!s.has) return void (ui.look = box({ html: "" }));
        try {
            const got = await desk.api.preview(view.id, { as: "mail", subject: s.subject.trim(), body: s.body.trim(), template: s.template, sign: !!s.sign });
            if (mine == turn) Object.assign(ui, { look: box(got), problem: "" });
        } catch (err) {
            if (mine == turn) ui.problem = sentence(err);
        }
    };
    const toggle = () => {
        ui.shown = !ui.shown;
        look();
        if (!ui.shown) requestAnimationFrame(() => area.focus());
    };
    const tools = [
        ["bold", "bold", "B", () => edit.around("**")],
        ["italic", "italic", "I", () => edit.around("_")],
        ["list", "list-unordered", "", () => edit.lines("- ")],
        ["quote", "double-quotes-l", "", () => edit.lines("> ")],
        ["link", "link", "K", () => edit.link(tr("format.link.text"))],
    ];
    const hint = (key) => (key ? ` (${mac ? "⌘" : "Ctrl+"}${key})` : "");
    area.addEventListener("keydown", (e) => {
        if (e.isComposing || e.keyCode == 229 || !on() || !(mac ? e.metaKey : e.ctrlKey) || e.altKey || e.shiftKey) return;
        const tool = tools.find(([, , key]) => key && key == e.key.toUpperCase());
        // without a selection Ctrl-K opens the commands, as everywhere
        if (!tool || (tool[0] == "link" && area.selectionStart == area.selectionEnd)) return;
        e.preventDefault();
        e.stopPropagation();
        tool[3]();
    });
    onrest(look);
    const bar = t.div(
        { className: "pd-format", role: "group", ariaLabel: tr("format.label"), hidden: () => !on() },
        tools.map(([name, sign, key, run]) =>
            t.button(
                {
                    type: "button", className: "pd-btn pd-btn-quiet pd-btn-small pd-btn-square", title: tr("format." + name) + hint(key), ariaLabel: tr("format." + name),
                    ariaKeyShortcuts: key ? `${mac ? "Meta" : "Control"}+${key}` : undefined,
                    onmousedown: (e) => e.preventDefault(), // the text keeps the focus, and its selection
                    onclick: run,
                },
                icon(sign),
            )
        ),
        t.span({ className: "pd-row-fill" }),
        t.button(
            {
                type: "button", className: () => "pd-btn pd-btn-quiet pd-btn-small" + (ui.shown ? " is-on" : ""), title: tr("format.preview.why"), ariaPressed: () => String(ui.shown),
                onmousedown: (e) => e.preventDefault(), onclick: toggle,
            },
            icon("eye-line"),
            t.span({}, tr("format.preview")),
        ),
    );
    const panel = t.section({ className: "pd-format-look", ariaLabel: tr("format.preview.why"), hidden: () => !ui.shown || !on(), tabIndex: 0 }, () => {
        if (ui.problem) return failed(ui.problem, look);
        const got = ui.look.value;
        if (!got) return skeleton(2);
        if (!got.html) return t.p({ className: "pd-hint" }, tr("format.preview.empty"));
        return [t.p({ className: "pd-format-subject" }, got.subject), formatted(got.html, got.locale)];
    });
    slot.prepend(bar, panel);
}

/** Changes the text as a person would, so that Ctrl-Z takes it back. */
function editor(area) {
    const put = (from, to, text, select = [text.length, text.length]) => {
        area.focus();
        area.setSelectionRange(from, to);
        if (!document.execCommand("insertText", false, text)) {
            area.setRangeText(text, from, to);
            area.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
        area.setSelectionRange(from + select[0], from + select[1]);
    };
    const selected = () => [area.selectionStart, area.selectionEnd];
    return {
        /** Marks around each line of the selection, or no more. */
        around(mark) {
            let [from, to] = selected();
            const n = mark.length, all = area.value;
            while (from < to && /\s/.test(all[from])) from++;
            while (to > from && /\s/.test(all[to - 1])) to--;
            if (all.slice(from - n, from) == mark && all.slice(to, to + n) == mark) return put(from - n, to + n, all.slice(from, to), [0, to - from]);
            const text = all.slice(from, to);
            if (!text) return put(from, to, mark + mark, [n, n]);
            if (text.length > 2 * n && text.startsWith(mark) && text.endsWith(mark) && !text.includes("\n")) return put(from, to, text.slice(n, -n), [0, text.length - 2 * n]);
            // the marks of a list or quote stay outside
            const out = text.split("\n").map((l) => l.replace(/^(\s*(?:(?:[->]|\d{1,3}[.)]) )*)(.*?)(\s*)$/, (_, head, words, tail) => (words ? head + mark + words + mark + tail : head + tail))).join("\n");
            put(from, to, out, out.includes("\n") ? [0, out.length] : [out.indexOf(mark) + n, out.lastIndexOf(mark)]);
        },
        /** A sign before each line of the selection, or no more. */
        lines(sign) {
            const [at, end] = selected(), all = area.value;
            const from = all.lastIndexOf("\n", at - 1) + 1, stop = all.indexOf("\n", Math.max(at, end - 1)), to = stop < 0 ? all.length : stop;
            const list = all.slice(from, to).split("\n"), some = list.filter((l) => l.trim()), has = some.length && some.every((l) => l.startsWith(sign));
            const out = list.map((l) => (has ? l.replace(sign, "") : l.trim() || list.length == 1 ? sign + l : l)).join("\n");
            put(from, to, out, at == end ? [out.length, out.length] : [0, out.length]);
        },
        /** A link: of the selected words, or to the selected address. */
        link(words) {
            const [from, to] = selected(), text = area.value.slice(from, to).trim().replace(/\s*\n\s*/g, " ");
            if (/^https?:\/\/\S+$/.test(text)) return put(from, to, `[${words}](${text})`, [1, 1 + words.length]);
            const label = (text || words).replace(/[[\]]/g, "");
            const made = `[${label}](https://)`;
            put(from, to, made, text ? [label.length + 3, made.length - 1] : [1, 1 + label.length]);
        },
    };
}
