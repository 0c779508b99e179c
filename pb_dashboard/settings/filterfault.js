// What is wrong with a filter that somebody wrote: where, and how to mend it.
import { tr, trOr, words } from "../lib/i18n.js";

await words("rules");

const sample = 'priority = "high" && locale = "ja"';

/** @param {{code: string, message: string, params?: {part?: string, at?: number, how?: string, near?: string}}} found as the server told it */
export function filterFault(found) {
    const p = found.params || {}, key = "rules.error.filter." + found.code;
    const vars = { part: p.part || "", at: p.at || "", near: p.near || "", why: found.message, example: tr("rules.error.filter.example", { text: sample }) };
    const general = trOr(key, found.message, vars);
    const more = p.near ? "near" : p.how;
    return more ? trOr(`${key}.${more}`, general, vars) : general;
}
