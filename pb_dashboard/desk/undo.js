// What was just done, for some seconds, with one button to take it back.
import { tr, words } from "../lib/i18n.js";
import { action, button } from "../lib/dom.js";
import { sentence } from "../lib/api.js";
import { countdown } from "../lib/time.js";

await words("rare");

const stays = 12_000;

/**
 * @param {import("./page.js").Desk} desk
 * @returns {{el: HTMLElement, offer: (text: string, undo?: {label?: string, title?: string, until?: number, leads?: boolean, run: () => Promise<string|void>}) => void, clear: () => void, run: () => void, key: () => void}}
 * undo.run gives the sentence that says what was taken back; after until there is nothing to take back;
 * leads: it takes nothing back but leads on, so the key does not run it.
 */
export function undoBar(desk) {
    const s = store({ text: "", turn: 0 });
    let undo, timer, el;
    const hide = () => (s.text = "");
    const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => (el.matches(":hover,:focus-within") ? wait() : hide()), stays);
    };
    const offer = (text, how) => {
        undo = how;
        s.turn++;
        s.text = text;
        if (!how?.until) return wait();
        clearTimeout(timer);
        timer = setTimeout(() => {
            undo = null;
            hide();
        }, how.until - Date.now());
    };
    const run = async () => {
        const mine = undo;
        if (!s.text || !mine) return;
        undo = null; // pressed twice, it runs once
        try {
            const said = await mine.run();
            offer(said || tr("undo.done"));
        } catch (err) {
            hide();
            desk.host.toast.error(sentence(err));
        }
    };
    const clear = () => {
        undo = null;
        hide();
    };
    el = t.div(
        { className: () => "pd-undo" + (s.text ? " is-on" : ""), role: "status", onunmount: () => clearTimeout(timer) },
        () => s.text
            ? t.div(
                { rid: "undo" + s.turn, className: "pd-undo-box" },
                t.span({ className: "pd-undo-text" }, s.text),
                undo?.until ? t.span({ className: "pd-hint", ariaHidden: true }, countdown(undo.until, (n) => tr("undo.seconds", { n }))) : null,
                undo ? action({ label: undo.label || tr("undo.undo"), title: undo.title, icon: undo.icon || "arrow-go-back-line", hint: undo.leads ? undefined : "z", kind: "small", run }) : null,
                button({ icon: "close-line", title: tr("action.close"), kind: "quiet square small", run: hide }),
            )
            : null,
    );
    return { el, offer, clear, run, key: () => (undo?.leads ? undefined : run()) };
}
