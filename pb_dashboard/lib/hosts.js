// Where a link really leads, and whether its name looks like another's.

const others = /\p{Script=Cyrillic}|\p{Script=Greek}|\p{Script=Armenian}|\p{Script=Cherokee}|\p{Script=Coptic}/u;

/**
 * @param {string} url
 * @returns {{host: string, name: string, odd: ""|"mixed"|"encoded"|"user"}|null} host: as the browser goes there. name: as people read it.
 *   odd: letters of several alphabets in one name; a name in other letters than Latin; another name before an @. null: no web address
 */
export function whereTo(url) {
    let u;
    try {
        u = new URL(url);
    } catch {
        return null;
    }
    if (u.protocol != "https:" && u.protocol != "http:") return null;
    const labels = u.hostname.split(".").map((l) => (l.startsWith("xn--") ? decoded(l.slice(4)) ?? l : l));
    const name = labels.join(".") + (u.port ? ":" + u.port : "");
    return { host: u.host, name, odd: u.username || u.password ? "user" : labels.some(mixed) ? "mixed" : name != u.host ? "encoded" : "" };
}

/** Letters that look like Latin ones, beside Latin ones or posing as such. */
function mixed(label) {
    if (!/[^\x00-\x7f]/.test(label) || !others.test(label)) return false;
    // "аррӏе" is Cyrillic throughout, and made to be read as Latin
    return /[a-z]/i.test(label) || /^[асеорхуіјѕһԁԛԝӏ0-9-]+$/u.test(label);
}

/** Punycode (RFC 3492) as text; null where it is none. */
function decoded(code) {
    const cut = code.lastIndexOf("-");
    const out = [...(cut > 0 ? code.slice(0, cut) : "")].map((c) => c.codePointAt(0));
    let n = 128, i = 0, bias = 72;
    for (let at = cut > 0 ? cut + 1 : 0; at < code.length;) {
        const old = i;
        for (let w = 1, k = 36;; k += 36) {
            const digit = "abcdefghijklmnopqrstuvwxyz0123456789".indexOf(code[at++]?.toLowerCase() ?? "?");
            if (digit < 0) return null;
            i += digit * w;
            const t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
            if (digit < t) break;
            w *= 36 - t;
        }
        const size = out.length + 1;
        let delta = Math.floor((i - old) / (old ? 2 : 700));
        delta += Math.floor(delta / size);
        let k = 0;
        for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
        bias = k + Math.floor((36 * delta) / (delta + 38));
        n += Math.floor(i / size);
        i %= size;
        if (n > 0x10ffff) return null;
        out.splice(i++, 0, n);
    }
    return String.fromCodePoint(...out);
}
