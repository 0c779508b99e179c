export default {
    "queue.why.done": "解決済み・完了の案件",
    "queue.why.follow_up": "あとで対応する日時を決めた案件",
    "queue.why.mine": "自分が担当している未解決の案件",
    "queue.why.open": "こちらの対応を待つ案件すべて（急ぐものが上）",
    "queue.why.outbox": "送信できなかったメール",
    "queue.why.person": "{name}さんの未解決の案件",
    "queue.why.problems": "複数のお客様から報告された不具合",
    "queue.why.promises": "お客様に伝えた回答期日：期日前・達成・超過",
    "queue.why.quarantine": "自動判定で保留されたメッセージ",
    "queue.why.screening": "自動判定の結果と、基準を変えた場合の試算",
    "queue.why.unassigned": "まだ担当者が決まっていない案件",
    "queue.why.waiting": "返信済み、または保留中の案件",
};
