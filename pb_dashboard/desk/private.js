// Finds what is somebody's private data in a text that staff typed: an answer
// to an address that nobody has proven must not tell a stranger of it. No rule
// is sure; the person decides.

// width is folded letter by letter, so that offsets stay those of the text
const narrow = (text) => text.replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[‐‑‒–—―−ー－](?=\d)/g, "-").replace(/\u3000/g, " ");

const digits = (text) => text.replace(/\D/g, "");

/** The check digit of card numbers (ISO/IEC 7812-1, annex B). */
function luhn(number) {
    let sum = 0;
    for (let i = number.length - 1, twice = false; i >= 0; i--, twice = !twice) {
        const d = Number(number[i]) * (twice ? 2 : 1);
        sum += d > 9 ? d - 9 : d;
    }
    return sum % 10 == 0;
}

/** The check of international account numbers (ISO 13616). */
function iban(text) {
    const s = text.replace(/\s/g, "").toUpperCase();
    if (s.length < 15 || s.length > 34) return false;
    let rest = 0;
    for (const c of s.slice(4) + s.slice(0, 4)) for (const d of String(parseInt(c, 36))) rest = (rest * 10 + Number(d)) % 97;
    return rest == 1;
}

/** The check digit of Taiwan's identity numbers. */
function taiwanID(s) {
    const at = "ABCDEFGHJKLMNPQRSTUVXYWZIO".indexOf(s[0]) + 10;
    const all = String(at) + s.slice(1);
    return [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1].reduce((sum, w, i) => sum + w * Number(all[i]), 0) % 10 == 0;
}

const number = String.raw`(?:\s*(?:為|是|为|は|is|[:：#＃№]|no\.?|number))*\s*[「『"(（]?`; // what stands between a word and its number
const code = String.raw`([A-Z0-9][A-Z0-9-]{3,29})(?![A-Z0-9])`;

// in the order in which they win where two find the same place; a group is the found part
const rules = [
    ["mail", /[\w.+%-]{1,64}@[A-Z0-9-]{1,63}(?:\.[A-Z0-9-]{1,63}){1,4}/gi],
    ["bank", /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/gi, iban],
    ["card", /(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])/g, (s) => luhn(digits(s)) && /^[2-6]/.test(s)],
    ["identity", /(?<![A-Z0-9])[A-Z][1289]\d{8}(?!\d)/g, taiwanID],
    ["identity", /(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?![\dX])/gi],
    ["identity", new RegExp(String.raw`(?:マイナンバー|個人番号|my number)${number}(\d{4}[ -]?\d{4}[ -]?\d{4})(?!\d)`, "gi")],
    ["order", new RegExp(String.raw`(?:訂單|订单|訂購|物流|追蹤|追踪|快遞|快递|包裹|運單|运单|宅配|寄件|配送|注文|受注|伝票|追跡|お問い?合わせ(?:伝票)?)(?:編號|编号|號碼|号码|單號|单号|番号|ナンバー|號|号)?${number}(?=[A-Z-]*\d)${code}`, "gi")],
    ["order", new RegExp(String.raw`\b(?:order|tracking|parcel|shipment|invoice)${number}(?=[A-Z-]*\d)${code}`, "gi")],
    ["member", new RegExp(String.raw`(?:會員|会员|会員|member(?:ship)?)(?:\s*(?:編號|编号|號碼|号码|卡號|卡号|番号|帳號|id|card|no\.?|number))+${number}(?=[A-Z-]*\d)${code}`, "gi")],
    ["bank", new RegExp(String.raw`(?:帳號|帳戶|账号|账户|戶頭|户头|卡號|卡号|口座(?:番号)?|account(?: (?:no\.?|number))?)${number}(?:[^\d\n]{0,12})(\d[\d -]{4,22}\d)`, "gi")],
    ["phone", /\+\d{1,3}[ -]?(?:\(\d{1,4}\)[ -]?)?\d(?:[ -]?\d){5,12}(?!\d)/g],
    ["phone", /(?<![\d-])(?:\(0\d{1,4}\)|0\d{1,4})[ -]?\d{2,4}[ -]?\d{3,4}(?![\d-])/g, (s) => digits(s).length >= 9 && digits(s).length <= 11],
    ["phone", /(?<![\d-])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d-])/g],
    ["phone", /(?<![\d-])\(?\d{3}\)?[ -]\d{3}[ -]\d{4}(?![\d-])/g],
    ["address", /〒\s*\d{3}-?\d{4}/g],
    ["address", /[\p{Script=Han}]{2,6}?(?:市|縣|县|區|区|鄉|鎮|镇)[\p{Script=Han}\d ]{0,14}?(?:路|街|大道|巷|弄|村|里)[\p{Script=Han}\d \-之]{0,24}?\d+(?:-\d+)?\s*(?:號|号|弄|楼|樓|室)(?:\s*\d+\s*(?:樓|楼|室|F))?/gu],
    ["address", /[\p{Script=Han}]{1,8}(?:路|街|大道)(?:[一二三四五六七八九十\d]+段)?(?:\s*\d+\s*巷)?(?:\s*\d+\s*弄)?\s*\d+(?:-\d+)?\s*(?:號|号)(?:\s*\d+\s*(?:樓|楼|室))?/gu],
    ["address", /[\p{Script=Han}]{2,4}[都道府県][\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{1,14}[市区町村郡][\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{0,14}\d+(?:(?:丁目|番地?|号|-)\d*)*/gu],
    ["address", /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{1,10}[市区町村][\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{1,14}\d+(?:丁目\d*|番地?\d*|-\d+)(?:[番号-]?\d+)*号?/gu],
    ["address", /\b\d{1,5}[A-Z]?,? (?:[A-Z][\p{L}'’.]*\s){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Close|Crescent)\b\.?/gu],
];

const towards = /^(?:[我您你會会已將将請请再就是的了]*(?:送|寄|配送|運送|运送|寄送|送貨|送货|出貨|发货)?(?:到|往|至|在|於|于|給|给))?/u;

/** The longest text that is looked through; the rest of a longer one is not. */
const most = 30_000;

/**
 * @param {string} text
 * @param {{known?: string[], spare?: string[]}} [o] known: what the visitor told us himself, or everybody may know; spare: parts of the text that a template gave
 * @returns {{kind: "mail"|"bank"|"card"|"identity"|"order"|"member"|"phone"|"address", text: string, start: number, end: number}[]} in the order of the text; offsets in UTF-16 units
 */
export function findPrivate(text, { known = [], spare = [] } = {}) {
    const plain = narrow(text.slice(0, most));
    const taken = [], found = [];
    const told = knower(known), given = spare.map(narrow);
    for (const [kind, pattern, holds] of rules) {
        for (const m of plain.matchAll(pattern)) {
            let value = (m[1] ?? m[0]).trimEnd(), start = m.index + m[0].lastIndexOf(m[1] ?? m[0]);
            const end = start + value.length;
            if (kind == "address") { // "sent to" is no part of the place
                start += towards.exec(value)[0].length;
                value = plain.slice(start, end);
            }
            if (taken.some(([a, b]) => start < b && end > a) || (holds && !holds(value))) continue;
            taken.push([start, end]);
            if (told(value) || given.some((g) => g.includes(value))) continue;
            found.push({ kind, text: text.slice(start, end), start, end });
        }
    }
    return found.sort((a, b) => a.start - b.start);
}

/** Tells whether a value stands in what is known, however it is spaced there. */
function knower(known) {
    const all = narrow(known.filter(Boolean).join("\n")).toLowerCase();
    const bare = all.replace(/[^\p{L}\p{N}@\n]/gu, ""), runs = all.replace(/[\s().-]/g, "").match(/\d{5,}/g) || [];
    return (value) => {
        const v = value.toLowerCase(), d = digits(v);
        if (all.includes(v) || bare.includes(v.replace(/[^\p{L}\p{N}@]/gu, ""))) return true;
        // a phone number with and without its country's code
        return /^[\d\s()+-]+$/.test(v) && d.length >= 8 && runs.some((r) => r.endsWith(d.slice(-8)) && r.length >= 8);
    };
}
