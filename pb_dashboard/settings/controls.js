// One control for each type of a form's field. Each is given its value and a
// function to call with the new one.
import { localeName } from "../desk/labels.js";
import { select } from "../lib/dom.js";
import { fromInput, toInput } from "../lib/time.js";
import { signalSwitches } from "./signalswitches.js";

/** The value at "a.b" of an object. */
export const read = (o, path) => path.split(".").reduce((v, k) => v?.[k], o);

/** Sets the value at "a.b", making the object in between. */
export function write(o, path, value) {
    const keys = path.split("."), last = keys.pop();
    let at = o;
    for (const k of keys) {
        if (!at[k] || typeof at[k] != "object") at[k] = {};
        at = at[k];
    }
    at[last] = value;
}

const input = (type, convert = (v) => v) => (spec, value, changed) =>
    t.input({
        type,
        className: "pd-input" + (spec.mono ? " is-mono" : ""),
        value: value === 0 && spec.placeholder ? "" : value ?? "", // 0 takes the usual, which the placeholder says
        placeholder: spec.placeholder || "",
        maxLength: spec.max || 500,
        step: type == "number" ? "any" : undefined,
        autocomplete: "off",
        oninput: (e) => changed(convert(e.target.value)),
    });

const lines = (text) => text.split("\n").map((l) => l.trim()).filter(Boolean);

const area = (value, changed, rows = 3, max = 50000, mono = false) =>
    t.textarea({ className: "pd-textarea" + (mono ? " is-mono" : ""), rows, maxLength: max, value: value ?? "", oninput: (e) => changed(e.target.value) });

/** One control for each of the shop's languages. */
const each = (ctx, make) =>
    t.div(
        { className: "pd-locales" },
        ctx.me.locales.map((l) => {
            const control = make(l);
            control.lang = l;
            control.ariaLabel = localeName(l);
            return t.label({ className: "pd-locale" }, t.span({}, localeName(l)), control);
        }),
    );

export const controls = {
    text: input("text"),
    email: input("email"),
    number: input("number", (v) => (v === "" ? 0 : Number(v))),
    /** Written, never read: what is kept shows as a word in the empty field. */
    password: (spec, _, changed) =>
        t.input({ type: "password", className: "pd-input", value: "", placeholder: spec.placeholder || "", maxLength: spec.max || 8000, autocomplete: "new-password", spellcheck: false, oninput: (e) => changed(e.target.value) }),
    textarea: (spec, value, changed) => area(value, changed, spec.rows || 4, spec.max, spec.mono),
    /** Names with values: "Name: value" on each line. */
    pairs: (spec, value, changed) =>
        area(Object.entries(value || {}).map(([k, v]) => `${k}: ${v}`).join("\n"), (text) => changed(Object.fromEntries(lines(text).map((l) => [l.split(":")[0].trim(), l.includes(":") ? l.slice(l.indexOf(":") + 1).trim() : ""]))), spec.rows || 3, 8000, spec.mono),
    select: (spec, value, changed) => {
        // a value that is no longer offered must not look like another one
        const known = !value || spec.options.some(([v]) => v === value);
        return select({ label: spec.label, value: value ?? "", options: known ? spec.options : [[value, value], ...spec.options], onchange: changed });
    },
    date: (_, value, changed) => t.input({ type: "datetime-local", className: "pd-input", value: toInput(value), oninput: (e) => changed(fromInput(e.target.value)) }),
    bool: (spec, value, changed) =>
        t.label(
            { className: "pd-check" },
            t.input({ type: "checkbox", checked: !!value, onchange: (e) => changed(e.target.checked) }),
            t.span({}, spec.label),
        ),
    /** Any of some: an empty list is none. */
    ticks: (spec, value, changed) => {
        const on = new Set(Array.isArray(value) ? value : []);
        const toggle = (key) => (e) => {
            on[e.target.checked ? "add" : "delete"](key);
            changed([...on]);
        };
        const gone = [...on].filter((key) => !spec.options.some(([k]) => k == key)).map((key) => [key, key]);
        return t.div({ className: "pd-ticks", role: "group", ariaLabel: spec.label }, [...spec.options, ...gone].map(([key, label]) => t.label({ className: "pd-check" }, t.input({ type: "checkbox", checked: on.has(key), onchange: toggle(key) }), t.span({}, label))));
    },
    words: (spec, value, changed) => area((value || []).join("\n"), (v) => changed(lines(v)), spec.rows || 3),
    /** Codes such as countries: "TW, JP". */
    codes: (spec, value, changed) =>
        t.input({
            className: "pd-input",
            value: (value || []).join(", "),
            placeholder: spec.placeholder || "TW, JP",
            autocomplete: "off",
            oninput: (e) => changed(e.target.value.toUpperCase().split(/[\s,、，;]+/).filter(Boolean)),
        }),
    /** A control that its screen makes: spec.make. */
    own: (spec, value, changed, ctx) => spec.make(value, changed, ctx),
    signals: signalSwitches,
    locales: (spec, value, changed, ctx) => {
        // a plain text counts for every language
        const texts = typeof value == "string" ? Object.fromEntries(ctx.me.locales.map((l) => [l, value])) : { ...value };
        const set = (l) => (v) => {
            if (v) texts[l] = v;
            else delete texts[l];
            changed({ ...texts });
        };
        return each(ctx, (l) => spec.rows ? area(texts[l], set(l), spec.rows) : t.input({ className: "pd-input", value: texts[l] || "", maxLength: spec.max || 200, oninput: (e) => set(l)(e.target.value) }));
    },
    localeLines: (spec, value, changed, ctx) => {
        const lists = { ...(value && typeof value == "object" ? value : {}) };
        return each(ctx, (l) =>
            area((lists[l] || []).join("\n"), (v) => {
                lists[l] = lines(v);
                changed({ ...lists });
            }, spec.rows || 3));
    },
};
