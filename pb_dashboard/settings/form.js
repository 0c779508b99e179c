// A form made from a list of fields. What the server refuses is said beside
// the field that it is about.
import { tr } from "../lib/i18n.js";
import { action, button, field } from "../lib/dom.js";
import { fieldError, sentence } from "../lib/api.js";
import { controls, read, write } from "./controls.js";

/**
 * @typedef {Object} Spec
 * @property {string} name  field of the record; "limits.ip_hour" reaches into an object
 * @property {"text"|"email"|"password"|"number"|"textarea"|"select"|"bool"|"date"|"words"|"pairs"|"codes"|"ticks"|"signals"|"locales"|"localeLines"|"heading"} type
 * @property {string} label
 * @property {string} [help]
 * @property {[string, string][]} [options]
 * @property {string} [placeholder]
 * @property {number} [max]
 * @property {boolean} [wide]
 * @property {boolean} [mono]  code, not words
 * @property {boolean} [bare]  the heading above is its label
 * @property {Object<string, string>} [faults]  codes of the server that are about this field, each with our own sentence
 * @property {boolean} [fixed]  cannot be changed once saved
 * @property {(values: Object) => boolean} [when]  shown only then
 */

/**
 * @param {{ctx: import("../start.js").Context, specs: Spec[], record: Object, save: (values: Object) => Promise<any>, cancel?: Function, remove?: Function, readonly?: boolean, typed?: (values: Object) => void}} o
 * typed: told what the form holds, whenever that changes
 */
export function recordForm({ ctx, specs, record, save, cancel, remove, readonly, typed }) {
    const s = store({ err: null, at: 0, saved: false });
    const values = structuredClone(record);
    const changed = (spec) => (value) => {
        write(values, spec.name, value);
        typed?.(values);
        s.at++;
        s.saved = false;
    };
    // the server may name only the object that a field stands in: its code says
    // which one is meant, else it is said once, at the first
    const errorOf = (spec) => () => {
        if (!s.err) return "";
        const base = spec.name.split(".")[0], code = s.err.response?.data?.[base]?.code;
        const siblings = specs.filter((x) => x.name.split(".")[0] == base && x.type != "heading");
        const said = fieldError(s.err, base); // "url: …" names the field itself
        const meant = siblings.find((x) => x.faults?.[code]) || siblings.find((x) => x.name != base && new RegExp(`^${x.name.slice(base.length + 1).split(".")[0]}\\b.*?:`).test(said)) || siblings[0];
        return fieldError(s.err, spec.name) || (meant == spec ? spec.faults?.[code] || fieldError(s.err, base) : "");
    };

    const row = (spec) => {
        if (spec.type == "heading") return t.h3({ className: "pd-form-heading" }, spec.label, spec.help ? t.span({ className: "pd-hint" }, spec.help) : null);
        const control = controls[spec.type](spec, read(values, spec.name), changed(spec), ctx);
        if (readonly || (spec.fixed && record.id)) disable(control);
        if (spec.type == "bool" || spec.bare) {
            return t.div(
                { className: "pd-field is-wide" },
                control,
                spec.help ? t.p({ className: "pd-hint" }, spec.help) : null,
                () => errorOf(spec)() ? t.p({ className: "pd-field-error", role: "alert" }, errorOf(spec)()) : null,
            );
        }
        const wide = spec.wide || spec.type.startsWith("locale") || ["textarea", "words", "pairs"].includes(spec.type);
        const el = field({ label: spec.label, help: spec.help, control, error: errorOf(spec), wide });
        return spec.when ? t.div({ className: "pd-only-when" + (wide ? " is-wide" : ""), hidden: () => (s.at, !spec.when(values)) }, el) : el;
    };
    const submit = async () => {
        try {
            await save(values);
            s.err = null;
            s.saved = true;
        } catch (err) {
            s.err = err;
            if (!Object.keys(err?.response?.data || {}).length) ctx.host.toast.error(sentence(err));
        }
    };
    const known = new Set(specs.flatMap((x) => [x.name, x.name.split(".")[0]]));
    return t.form(
        {
            className: "pd-form",
            noValidate: true,
            onsubmit: (e) => {
                e.preventDefault();
                submit();
            },
        },
        t.div({ className: "pd-form-grid" }, specs.map(row)),
        // what is about no field of this form would otherwise stay unsaid
        () => {
            const other = Object.entries(s.err?.response?.data || {}).filter(([k]) => !known.has(k)).map(([, v]) => v.message);
            return other.length ? t.p({ className: "pd-field-error", role: "alert" }, other.join(" ")) : null;
        },
        readonly ? null : t.div(
            { className: "pd-form-foot" },
            remove ? action({ label: tr("action.delete"), icon: "delete-bin-line", kind: "quiet danger", run: remove }) : null,
            t.span({ className: "pd-row-fill" }),
            () => s.saved ? t.span({ className: "pd-saved", role: "status" }, tr("form.saved")) : null,
            cancel ? button({ label: tr("action.cancel"), kind: "quiet", run: cancel }) : null,
            action({ label: tr("action.save"), icon: "check-line", kind: "primary", run: submit }),
        ),
    );
}

/** The fields of a record that a form is about, so that a save leaves the others alone. */
export const only = (values, specs) =>
    Object.fromEntries(["id", ...specs.filter((x) => x.type != "heading").map((x) => x.name.split(".")[0])].map((k) => [k, values[k]]));

function disable(el) {
    if ("disabled" in el) el.disabled = true;
    el.querySelectorAll?.("input,select,textarea").forEach((x) => (x.disabled = true));
}
