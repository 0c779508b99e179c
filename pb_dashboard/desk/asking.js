// Turns what is still to be known into a polite message in the visitor's language.

/** What stands above and below the questions, by the visitor's language. */
const frames = {
    "zh-TW": ["為了盡快協助您，想再跟您確認以下資訊：", "麻煩您直接回覆此信即可，謝謝您！", "・"],
    "zh-CN": ["为了尽快帮您处理，还需要向您确认以下信息：", "您直接回复即可，感谢您的配合！", "・"],
    ja: ["より早くご案内できるよう、恐れ入りますが次の点をお知らせいただけますでしょうか。", "お手数をおかけいたしますが、このメールへのご返信にてお知らせくださいますようお願いいたします。", "・"],
    en: ["So that we can help you quickly, could you please let us know:", "You can simply reply to this message. Thank you!", "- "],
};

/** One question needs no list. */
const single = {
    "zh-TW": (q) => `想再跟您確認一下：${q}\n\n麻煩您直接回覆即可，謝謝您！`,
    "zh-CN": (q) => `想再向您确认一下：${q}\n\n您直接回复即可，谢谢！`,
    ja: (q) => `恐れ入りますが、次の点をお知らせいただけますでしょうか。\n${q}\n\nお手数をおかけいたしますが、どうぞよろしくお願いいたします。`,
    en: (q) => `Could you please let us know: ${q}\n\nYou can simply reply to this message. Thank you!`,
};

/** The nearest of our languages. */
export const askIn = (locale) => (frames[locale] ? locale : /^zh[-_](hans|cn|sg)/i.test(locale || "") ? "zh-CN" : /^zh/i.test(locale || "") ? "zh-TW" : /^ja/i.test(locale || "") ? "ja" : "en");

/**
 * @param {string[]} questions in the visitor's language
 * @param {string} locale the visitor's
 * @returns {string} "" where nothing is asked
 */
export function askingMessage(questions, locale) {
    const lang = askIn(locale);
    if (!questions.length) return "";
    if (questions.length == 1) return single[lang](questions[0]);
    const [above, below, dot] = frames[lang];
    return [above, questions.map((q) => dot + q).join("\n"), below].join("\n\n").replace("\n\n" + dot, "\n" + dot);
}
