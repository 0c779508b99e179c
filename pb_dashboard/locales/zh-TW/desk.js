// 案件台畫面（台灣繁體中文）
export default {






    "picker.search": "快捷碼、主旨、類別…",
    "picker.nohits": "找不到符合的範本",
    "picker.none": "還沒有範本",
    "picker.none.hint": "可到「設定 › 範本」新增。",
    "picker.insert": "插入",


    "person.email": "電子信箱",
    "person.phone": "電話",

    "held.explained": "寄件人看到的畫面與一般顧客相同。在您判斷或保留期限到期之前，不會刪除任何內容。",
    "held.nosubject": "隔離中的訊息",
    "held.why": "攔下的原因",
    "held.release": "放行",
    "held.release.why": "不是垃圾訊息：建立案件並寄出收件通知",
    "held.released": "已放行並建立案件。",
    "held.spam": "垃圾訊息",
    "held.spam.why": "確定是垃圾訊息：不建立案件，移出隔離區",
    "held.spammed": "已確認為垃圾訊息。",
    "held.source": "管道",
    "held.gone": "已經處理過了",
    "held.gone.hint": "已有人放行這則訊息，或確認為垃圾訊息。",

    "outbox.explained": "沒能寄出的信件，以及郵件伺服器回報的原因。",
    "outbox.nosmtp": "尚未設定郵件伺服器。請先到「Settings › Mail settings」填寫，再重新寄送。",
    "outbox.attempts": "已嘗試 {n} 次",
    "outbox.status.held": "暫緩寄送",
    "outbox.status.failed": "失敗",
    "outbox.status.unknown": "不確定",
    "outbox.why.held": "等候中：尚未設定郵件伺服器，或已達上限",
    "outbox.why.failed": "多次嘗試失敗，或被明確拒收",
    "outbox.why.unknown": "最後一刻連線中斷，對方可能已經收到。重新寄送可能會重複。",
    "outbox.kind.email": "信件",
    "outbox.kind.sms": "簡訊",
    "outbox.kind.webhook": "Webhook",
    "outbox.kind.notify": "通知",

};
