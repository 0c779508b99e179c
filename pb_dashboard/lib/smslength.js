// How a text travels by SMS: the same count as the server's.

// the default alphabet and its extension (3GPP TS 23.038)
const basic = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const extended = new Set("\f^{}\\[~]|€"); // two units each

/**
 * @param {string} text
 * @returns {{unicode: boolean, units: number, parts: number, left: number}} left: units that still fit into the last part
 */
export function smsLength(text) {
    const chars = [...text];
    const unicode = !chars.every((c) => basic.has(c) || extended.has(c));
    const widths = chars.map((c) => (unicode ? c.length : extended.has(c) ? 2 : 1));
    const [single, part] = unicode ? [70, 67] : [160, 153];
    const units = widths.reduce((a, b) => a + b, 0);
    if (!units) return { unicode: false, units: 0, parts: 0, left: 160 };
    if (units <= single) return { unicode, units, parts: 1, left: single - units };
    let parts = 1, left = part;
    for (const w of widths) {
        if (w > left) { // no character is torn
            parts++;
            left = part;
        }
        left -= w;
    }
    return { unicode, units, parts, left };
}
