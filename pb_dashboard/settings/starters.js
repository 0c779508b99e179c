// Names of the rules that a shop starts with, as they stand in its records: one
// that nobody has named anew is shown in the Desk's language.
import { trOr, words } from "../lib/i18n.js";

await words("rules");

const names = {
    legal: ["律師函、消保申訴：立刻通知小組負責人", "律师函、消费投诉：立刻通知团队负责人", "弁護士・消費生活センター：すぐ責任者へ", "Lawyers and consumer bodies: tell the lead at once"],
    safety: ["有人受傷或商品有危險：立刻通知小組負責人", "有人受伤或商品有危险：立刻通知团队负责人", "けが・商品の危険：すぐ責任者へ", "Injury or a dangerous product: tell the lead at once"],
    press: ["媒體來信：通知小組負責人", "媒体来信：通知团队负责人", "報道・取材：責任者へ", "Press: tell the lead"],
    bulk: ["大量訂購：通知小組負責人", "批量采购：通知团队负责人", "大口のご注文：責任者へ", "Bulk orders: tell the lead"],
    data_request: ["個人資料請求：通知小組負責人", "个人信息请求：通知团队负责人", "個人情報のご請求：責任者へ", "Requests about personal data: tell the lead"],
    unheard: ["寫了三次還沒有人回：通知小組負責人", "写了三次还没人回复：通知团队负责人", "3回ご連絡いただいても未返信：責任者へ", "Wrote three times without an answer: tell the lead"],
    vip: ["VIP 顧客：案件加上標籤", "VIP 客户：案件加上标签", "VIPのお客様：案件にタグを付ける", "VIP visitors: tag the case"],
    angry: ["很生氣的顧客：調高優先順序並通知小組負責人", "很生气的客户：调高优先级并通知团队负责人", "強いご不満：優先度を上げて責任者へ", "Upset visitors: higher priority, tell the lead"],
    nudge: ["三個工作天沒有回音：寄信問候一次", "三个工作日没有回音：发信问一次", "3営業日お返事なし：一度お尋ねする", "No word for 3 working days: ask once"],
    closing: ["問候信寄出後四個工作天沒有回音：寄信後結案", "询问邮件发出后四个工作日没有回音：发信后结案", "お尋ねから4営業日お返事なし：お知らせして終了", "Asked, and no word for 4 working days: close politely"],
    legal_again: ["後續來信提到律師函、消保申訴：立刻通知小組負責人", "后续来信提到律师函、消费投诉：立刻通知团队负责人", "返信に弁護士・消費生活センター：すぐ責任者へ", "Lawyers and consumer bodies in a reply: tell the lead at once"],
    safety_again: ["後續來信提到受傷或危險：立刻通知小組負責人", "后续来信提到受伤或危险：立刻通知团队负责人", "返信にけが・商品の危険：すぐ責任者へ", "Injury or danger in a reply: tell the lead at once"],
    data_request_again: ["後續來信提出個人資料請求：通知小組負責人", "后续来信提出个人信息请求：通知团队负责人", "返信に個人情報のご請求：責任者へ", "A request about personal data in a reply: tell the lead"],
};

/** @param {{name: string, starter?: string}} r @returns {string} "" for a rule of the shop's own */
export const starterName = (r) => (names[r.starter]?.includes(r.name) ? trOr("rules.starter." + r.starter, r.name) : "");
