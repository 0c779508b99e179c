// Who gets a copy: addresses as chips, checked while they are typed.
import { comma, tr, words } from "../lib/i18n.js";
import { box, button, icon } from "../lib/dom.js";
import { badCopy, isAddress, isTheirs, readAddresses } from "./addresses.js";
import { copyCount } from "./draft.js";

await words("mail", "rare");

const most = 20;

/** @param {import("./page.js").Desk} desk @param {import("./case.js").CaseView} view @param {import("./composer.js").Draft} s */
export function copies(desk, view, s, keep) {
    const data = () => view.get();
    const same = (a, b) => a.toLowerCase() == b.toLowerCase();
    const has = (addr) => [...s.cc.value, ...s.bcc.value].some((a) => same(a.addr, addr));
    const theirs = (addr) => isTheirs(data(), addr);
    const set = (field, list) => {
        s[field] = box(list);
        keep();
    };
    const add = (field, list) => {
        const fresh = list.filter((a) => !has(a.addr)).slice(0, most - copyCount(s));
        if (fresh.length) set(field, [...s[field].value, ...fresh]);
    };
    /** Those to whom the visitor himself sent a copy. */
    const offered = () => {
        const last = data().messages?.findLast((m) => m.direction == "in" && Array.isArray(m.cc) && m.cc.length);
        return (last?.cc || []).filter((a) => isAddress(a.addr) && !has(a.addr) && !theirs(a.addr));
    };
    const strangers = () => [...s.cc.value, ...s.bcc.value].filter((a) => isAddress(a.addr) && !theirs(a.addr)).map((a) => a.addr);

    return t.div(
        { rid: "copies", className: "pd-copies" },
        row("cc"),
        row("bcc"),
        () => offered().length
            ? t.div({ className: "pd-copies-offer" }, offered().slice(0, 4).map((a) => button({ label: a.name || a.addr, icon: "add-line", kind: "small quiet", title: tr("copies.offer", { who: a.addr }), run: () => add("cc", [a]) })))
            : null,
        () => {
            const bad = badCopy(s), others = strangers();
            if (bad) return t.p({ className: "pd-copies-note pd-bad", role: "alert" }, icon("error-warning-line"), tr("copies.bad", { addr: bad }));
            return others.length ? t.p({ className: "pd-copies-note pd-hint" }, icon("information-line"), tr("copies.outside", { who: others.join(comma()) })) : null;
        },
    );

    function row(field) {
        const take = (input) => {
            add(field, readAddresses(input.value));
            input.value = "";
        };
        const input = t.input({
            className: "pd-tag-input",
            type: "text",
            inputMode: "email",
            autocomplete: "off",
            ariaLabel: tr("letter." + field),
            maxLength: 2000,
            onkeydown: (e) => {
                if (e.isComposing) return;
                const typed = e.target.value.trim();
                if (/^(Enter|,|;)$/.test(e.key) || (e.key == " " && isAddress(typed))) { // a blank within a name stays
                    e.preventDefault();
                    take(e.target);
                } else if (e.key == "Backspace" && !e.target.value) {
                    set(field, s[field].value.slice(0, -1));
                } else if (e.key == "Escape" && !copyCount(s)) {
                    s.copies = false;
                }
            },
            onpaste: (e) => {
                const text = e.clipboardData?.getData("text") || "";
                if (!/[,;\n<]/.test(text)) return;
                e.preventDefault();
                add(field, readAddresses(text));
            },
            onblur: (e) => e.target.value.trim() && take(e.target),
            onmount: (el) => field == "cc" && !copyCount(s) && el.focus(),
        });
        return t.label(
            { className: "pd-copies-row" },
            t.span({ className: "pd-copies-name" }, tr("letter." + field)),
            t.span(
                { className: "pd-tags" },
                () =>
                    s[field].value.map((a) =>
                        t.span(
                            { rid: a.addr, className: "pd-tag" + (isAddress(a.addr) ? "" : " is-bad"), title: a.addr },
                            t.span({}, a.name || a.addr),
                            t.button({ type: "button", title: tr("copies.remove", { addr: a.addr }), ariaLabel: tr("copies.remove", { addr: a.addr }), onclick: () => set(field, s[field].value.filter((x) => x != a)) }, icon("close-line")),
                        )
                    ),
                input,
            ),
        );
    }
}
