export default {
    "queue.why.done": "已解決與已結案的案件",
    "queue.why.follow_up": "訂了日期要再處理的案件",
    "queue.why.mine": "指派給我、尚待處理的案件",
    "queue.why.open": "輪到我們處理的所有案件，最急的在最上面",
    "queue.why.outbox": "還沒寄出或寄送失敗的信件",
    "queue.why.person": "{name} 的未結案件",
    "queue.why.problems": "多位顧客回報的同一個問題",
    "queue.why.promises": "答應顧客何時回覆：未到期、準時、逾期",
    "queue.why.quarantine": "被篩選機制攔下的訊息",
    "queue.why.screening": "篩選成效，以及試算其他門檻的結果",
    "queue.why.unassigned": "還沒有人負責的待處理案件",
    "queue.why.waiting": "我們已回覆，或案件暫停中",
};
