// Words of the Desk in the agent's language. They lie in areas, one file each
// under locales/{language}/: those of the first look are loaded at the start, and
// a module that is loaded later asks for its own before it does anything else:
//
//     await words("held", "signals");
//
// Every language has the same keys, so none stands in for another.

/** Areas that the list of cases and one case say at first glance. */
export const core = ["case", "queue"];

/** Languages that the Desk speaks, each named in itself. */
export const languages = { en: "English", "zh-TW": "繁體中文", ja: "日本語" };

let table = {};
let current = "en", wanted = "en";
let plural = new Intl.PluralRules("en");
const areas = new Set(core);
const tables = {}; // language -> {area: Promise of its words}

const area = (lang, name) => {
    const file = `../locales/${lang}/${name}.js`;
    const known = (tables[lang] ??= {});
    // a browser may remember that a file could not be had: the second address is another
    known[name] ??= import(file).catch(() => import(file + "?again")).then((m) => m.default).catch((err) => {
        delete known[name];
        throw err;
    });
    return known[name];
};

/** The Desk's language: a key of `languages`. */
export const language = () => current;

/** What stands between the parts of a list, and after the name of a value. */
export const comma = () => (current == "en" ? ", " : "、");
export const colon = () => (current == "en" ? ": " : "：");

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

/** Loads a language and makes it current, with all areas that are in use. */
export async function use(lang) {
    const known = languages[lang] ? lang : "en";
    wanted = known;
    let got = [], names = [];
    while (names.length < areas.size) { // a module may have asked for more meanwhile
        names = [...areas];
        got = await Promise.all(names.map((name) => area(known, name)));
    }
    if (wanted != known) return; // somebody chose another one
    table = Object.assign({}, ...got);
    current = known;
    plural = new Intl.PluralRules(known);
}

/** Loads areas of the language in use. Words that cannot be had show as their keys until the language is chosen again. */
export async function words(...names) {
    for (const name of names) areas.add(name);
    const lang = wanted;
    try {
        const got = await Promise.all(names.map((name) => area(lang, name)));
        if (lang == current) Object.assign(table, ...got);
    } catch (err) {
        console.warn("words of the Desk are missing:", err);
    }
}

/**
 * A sentence. `{name}` in it is replaced; a sentence with forms for one and
 * many is chosen by `vars.n`.
 * @param {string} key
 * @param {Object<string, string|number>} [vars]
 */
export function tr(key, vars) {
    let text = table[key] ?? key;
    if (typeof text == "object") {
        text = text[plural.select(Number(vars?.n))] ?? text.other;
    }
    return vars ? text.replace(/\{(\w+)\}/g, (whole, name) => vars[name] ?? whole) : text;
}

/** tr, or a fallback for keys that come from data, such as a new kind of event. */
export function trOr(key, fallback, vars) {
    return key in table ? tr(key, vars) : fallback;
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
