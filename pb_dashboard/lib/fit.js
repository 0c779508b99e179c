// Finding and reading templates and names while one types.

/**
 * How well typed letters fit a text: 0 not at all, higher is better. Letters
 * must appear in order; words' starts and runs count more.
 */
export function fit(typed, text) {
    const q = typed.toLocaleLowerCase().replace(/\s+/g, ""), s = (text || "").toLocaleLowerCase();
    if (!q) return 1;
    const whole = s.indexOf(typed.toLocaleLowerCase().trim());
    if (whole >= 0) return 1000 - whole;
    let score = 0, from = 0, run = 0;
    for (const c of q) {
        const i = s.indexOf(c, from);
        if (i < 0) return 0;
        run = i == from ? run + 1 : 0;
        score += 1 + run * 2 + (i == 0 || /[\s_\-/.]/.test(s[i - 1]) ? 3 : 0);
        from = i + 1;
    }
    return score;
}

/** Places in a text that a template leaves to the agent: "[fill in: …]". */
export const openBlanks = (text) =>
    [...(text || "").matchAll(/[[［]\s*(?:請填寫|请填写|要記入|fill in)\s*[:：][^\]］]*[\]］]/gi)];

/** A template's subject without its Liquid, as a name: "About your order". */
export const withoutLiquid = (text) =>
    (text || "").replace(/\s*[[(（|｜]?\s*\{[{%][^}]*[%}]\}\s*[\])）]?/g, " ").replace(/\s*[|｜]\s*$/, "").trim();
