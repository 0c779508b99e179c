// The shop's templates as a composer offers them.
import { fit } from "../lib/fit.js";

const fresh = 60_000;

/**
 * Templates for a case, grouped by key; asked for once a minute at most.
 * @param {import("./page.js").Desk} desk @param {string} locale of the case @param {boolean} sms texts for phones
 */
export async function templatesFor(desk, locale, sms) {
    const all = (desk.templates ??= {}), name = sms ? "sms" : "mail";
    if (!all[name] || Date.now() - all[name].at > fresh) {
        const kinds = sms ? "kind = 'sms'" : "kind = 'reply' || kind = 'snippet' || kind = ''";
        const rows = desk.api.list("templates", { filter: "enabled = true && (" + kinds + ")", sort: "key" });
        all[name] = { at: Date.now(), rows };
        rows.catch(() => delete all[name]);
    }
    return grouped(await all[name].rows, locale, desk.me.shop?.locale);
}

/**
 * Groups the rows of one key; the language of the case comes first.
 * @returns {{key: string, rows: Object[], best: Object}[]}
 */
export function grouped(rows, locale, shopLocale) {
    const by = Map.groupBy(rows, (r) => r.key);
    return [...by].map(([key, all]) => ({
        key,
        rows: all,
        best: all.find((r) => r.locale == locale) || all.find((r) => r.locale == shopLocale) || all[0],
    }));
}

/** Best first: by letters typed, then own language, own category, how often used. */
export function ranked(groups, typed, c) {
    const points = (g) => {
        const texts = g.rows.flatMap((r) => [r.shortcut, r.subject, r.key, r.category, r.locale]);
        const score = Math.max(fit(typed, g.best.shortcut) * 2, ...texts.map((x) => fit(typed, x)), typed ? fit(typed, g.best.body) / 4 : 0);
        if (!score) return 0;
        return score + (g.best.locale == c.locale ? 40 : 0) + (g.best.category && g.best.category == c.category ? 30 : 0) + Math.min(20, g.best.used || 0);
    };
    return groups.map((g) => [points(g), g]).filter(([p]) => p > 0).sort((a, b) => b[0] - a[0]).map(([, g]) => g);
}

/** Without letters typed: by category, that of the case first, those for all last. */
export function byCategory(desk, groups, c) {
    const order = new Map(desk.names.categories().map((x, i) => [x.id, i]));
    const place = (id) => (id == c.category && id ? -1 : order.get(id) ?? 999);
    const best = ranked(groups, "", c);
    return best.map((g, i) => [place(g.best.category), i, g]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , g]) => g);
}
