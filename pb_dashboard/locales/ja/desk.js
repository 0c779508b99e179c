// 案件デスクの画面（日本語）
export default {






    "picker.search": "ショートカット、件名、カテゴリー…",
    "picker.nohits": "該当するテンプレートがありません",
    "picker.none": "テンプレートがまだありません",
    "picker.none.hint": "「設定 › テンプレート」で作成できます。",
    "picker.insert": "挿入",


    "person.email": "メール",
    "person.phone": "電話",

    "held.explained": "送信者には通常どおり受付の画面が表示されています。判断されるか保存期間が終わるまで、何も削除されません。",
    "held.nosubject": "隔離中のメッセージ",
    "held.why": "隔離された理由",
    "held.release": "受け付ける",
    "held.release.why": "迷惑メッセージではない：案件を作成し、受付確認を送ります",
    "held.released": "受け付けて、案件を作成しました。",
    "held.spam": "迷惑メッセージ",
    "held.spam.why": "迷惑メッセージと確定：案件は作らず、隔離から外します",
    "held.spammed": "迷惑メッセージと確定しました。",
    "held.source": "経路",
    "held.gone": "すでに判断済みです",
    "held.gone.hint": "このメッセージは、受け付けられたか迷惑メッセージと確定されています。",

    "outbox.explained": "送信できなかったメールと、メールサーバーから返された理由です。",
    "outbox.nosmtp": "メールサーバーが未設定です。「Settings › Mail settings」で設定してから再送信してください。",
    "outbox.attempts": "試行{n}回",
    "outbox.status.held": "送信保留",
    "outbox.status.failed": "失敗",
    "outbox.status.unknown": "不明",
    "outbox.why.held": "待機中：メールサーバーが未設定か、上限に達しています",
    "outbox.why.failed": "何度か試しても送れなかったか、はっきり拒否されました",
    "outbox.why.unknown": "最後の段階で接続が切れました。届いている可能性があり、再送信すると二重になることがあります。",
    "outbox.kind.email": "メール",
    "outbox.kind.sms": "SMS",
    "outbox.kind.webhook": "Webhook",
    "outbox.kind.notify": "通知",

};
