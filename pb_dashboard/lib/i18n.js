// Words of the Desk in the agent's language. English is always loaded, so a
// missing word shows in English and never as a key.
import en from "../locales/en.js";

/** Languages that the Desk speaks, each named in itself. */
export const languages = { en: "English", "zh-TW": "繁體中文", ja: "日本語" };

let words = en;
let current = "en";
let plural = new Intl.PluralRules("en");

/** The Desk's language: a key of `languages`. */
export const language = () => current;

/**
 * Picks the closest language that the Desk speaks.
 * @param {string[]} wanted BCP 47 tags, best first, such as navigator.languages
 */
export function closest(wanted) {
    for (const tag of wanted) {
        const low = (tag || "").toLowerCase();
        if (low.startsWith("zh")) return "zh-TW";
        if (low.startsWith("ja")) return "ja";
        if (low.startsWith("en")) return "en";
    }
    return "en";
}

/** Loads a language and makes it current. */
export async function use(lang) {
    const known = languages[lang] ? lang : "en";
    words = known == "en" ? en : (await import(`../locales/${known}.js`)).default;
    current = known;
    plural = new Intl.PluralRules(known);
}

/**
 * A sentence. `{name}` in it is replaced; a sentence with forms for one and
 * many is chosen by `vars.n`.
 * @param {string} key
 * @param {Object<string, string|number>} [vars]
 */
export function tr(key, vars) {
    let text = words[key] ?? en[key] ?? key;
    if (typeof text == "object") {
        text = text[plural.select(Number(vars?.n))] ?? text.other;
    }
    return vars ? text.replace(/\{(\w+)\}/g, (whole, name) => vars[name] ?? whole) : text;
}

/** tr, or a fallback for keys that come from data, such as a new kind of event. */
export function trOr(key, fallback, vars) {
    return key in words || key in en ? tr(key, vars) : fallback;
}

/**
 * One text of an object by locale, as records keep them.
 * @param {string|Object<string, string>} texts
 * @param {string} [locale] the Desk's language when left out
 */
export function byLocale(texts, locale = current) {
    if (!texts || typeof texts == "string") return texts || "";
    return texts[locale] || texts.en || Object.values(texts).find(Boolean) || "";
}
