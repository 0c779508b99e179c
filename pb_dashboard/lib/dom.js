// Small pieces that every screen uses. Elements are made by Shablon's `t`;
// text always becomes text nodes.
import { tr } from "./i18n.js";

/** Keeps a value out of Shablon's deep proxies: large answers stay plain objects. */
export class Box {
    constructor(value) {
        this.value = value;
    }
}
export const box = (value) => new Box(value);

/**
 * A child that is rebuilt when its key changes and left alone otherwise. What
 * it reads while it is made does not tie the parent to it, and its rid tells
 * Shablon that the same element is meant to stay.
 */
export function keyed(key, make) {
    let last, el;
    return () => {
        const k = key();
        if (k !== last) {
            last = k;
            el = quiet(() => make(k));
            if (el) el.rid = "keyed " + k;
        }
        return el;
    };
}

function quiet(fn) {
    let out;
    watch(() => null, () => (out ??= fn())).unwatch();
    return out;
}

export const icon = (name) => t.i({ className: `ri-${name}`, ariaHidden: true });

/**
 * @param {{label?: string, icon?: string, kind?: string, title?: string, hint?: string, run?: Function, disabled?: Function|boolean, id?: string}} o
 * kind: space-separated of primary, quiet, danger, small, square; hint: the key that does the same
 */
export function button(o) {
    const names = (o.kind || "").split(" ").filter(Boolean).map((k) => "pd-btn-" + k).join(" ");
    return t.button(
        {
            type: "button",
            className: "pd-btn " + names,
            title: o.title,
            ariaLabel: o.label ? undefined : o.title,
            ariaKeyShortcuts: o.hint,
            disabled: o.disabled,
            onclick: o.run,
        },
        o.icon ? icon(o.icon) : null,
        o.label ? t.span({}, o.label) : null,
        o.hint && o.label ? t.kbd({ ariaHidden: true }, o.hint) : null,
    );
}

/** A button that shows its work and cannot be pressed twice. */
export function action(o) {
    const s = store({ busy: false });
    const el = button({
        ...o,
        disabled: () => s.busy || !!(typeof o.disabled == "function" ? o.disabled() : o.disabled),
        run: async (e) => {
            if (s.busy) return;
            s.busy = true;
            try {
                await o.run(e);
            } finally {
                s.busy = false;
            }
        },
    });
    return el;
}

/** A small label. tone: plain, info, ok, warn, bad, note */
export function chip(text, tone = "plain", title, iconName) {
    return t.span(
        { className: `pd-chip pd-tone-${tone}`, title },
        iconName ? icon(iconName) : null,
        t.span({}, text),
    );
}

let graphemes;
/** The first character as people count them: a surname in Chinese, an initial in Latin. */
export function initial(name) {
    graphemes ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
    const first = graphemes.segment((name || "").trim())[Symbol.iterator]().next().value;
    return (first?.segment || "?").toLocaleUpperCase();
}

export function avatar(name, kind = "") {
    let hue = 0;
    for (const c of name || "") hue = (hue * 31 + c.codePointAt(0)) % 360;
    const el = t.span({ className: "pd-avatar " + kind, ariaHidden: true, title: name || undefined }, initial(name));
    el.style.setProperty("--hue", hue);
    return el;
}

/** What stands where nothing is: a sentence and what to do. */
export function empty(iconName, title, hint, ...more) {
    return t.div(
        { className: "pd-empty" },
        icon(iconName),
        t.p({ className: "pd-empty-title" }, title),
        hint ? t.p({ className: "pd-hint" }, hint) : null,
        ...more,
    );
}

export function failed(sentence, retry) {
    return t.div(
        { className: "pd-empty", role: "alert" },
        icon("error-warning-line"),
        t.p({ className: "pd-empty-title" }, tr("error.title")),
        t.p({ className: "pd-hint" }, sentence),
        button({ label: tr("action.retry"), icon: "refresh-line", run: retry }),
    );
}

/** Grey bars in the shape of what is coming. */
export function skeleton(rows, className = "") {
    return t.div(
        { className: "pd-skeletons " + className, role: "status", ariaLabel: tr("state.loading") },
        Array.from({ length: rows }, () =>
            t.div({ className: "pd-skeleton" }, t.span(), t.span(), t.span())),
    );
}

/** A native select: right for keyboards, readers and phones. */
export function select({ value, options, onchange, label, className = "", disabled }) {
    return t.select(
        {
            className: "pd-select " + className,
            ariaLabel: label,
            disabled,
            // a function keeps the control true to its record after it was made
            value: typeof value == "function" ? value : undefined,
            onchange: (e) => onchange(e.target.value, e.target),
        },
        options.map(([v, text]) => t.option({ value: v, selected: v === value }, text)),
    );
}

/** A labelled row of a form. error: a function that gives a sentence or "". */
export function field({ label, help, control, error, wide }) {
    control.id ||= "pd" + Math.random().toString(36).slice(2, 9);
    return t.div(
        { className: () => "pd-field" + (wide ? " is-wide" : "") + (error?.() ? " has-error" : "") },
        t.label({ htmlFor: control.id }, label),
        control,
        () => error?.() ? t.p({ className: "pd-field-error", role: "alert" }, icon("error-warning-line"), error()) : null,
        help ? t.p({ className: "pd-hint" }, help) : null,
    );
}

/** Somebody types or an input method composes: keys mean letters, not actions. */
export const typing = (e) =>
    e.isComposing || e.keyCode === 229
    || (/^(INPUT|TEXTAREA|SELECT)$/.test(e.target?.tagName) && !/^(checkbox|radio)$/.test(e.target.type)) || e.target?.isContentEditable;
