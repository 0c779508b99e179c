package noticing

import (
	"fmt"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// toldWords are those of the mail of notices in one language. In a sentence {n}
// is a number of cases.
type toldWords struct {
	kinds                                            map[string]string // sentences by kind of notice
	which                                            map[string]string // dues
	assignedBySystem, escalatedByHand, other, system string
	cases                                            func(n int) string
	andMore                                          func(first string, n int) string
	why                                              func(shop string) string
}

func toldWordsOf(locale string) toldWords {
	switch locale {
	case "zh-TW":
		return toldChinese()
	case "ja":
		return toldJapanese()
	}
	return toldEnglish()
}

func toldEnglish() toldWords {
	return toldWords{
		kinds: map[string]string{
			desk.NoticeMention: "{who} mentioned you", desk.NoticeAssigned: "{who} gave you a case",
			desk.NoticeFollowUp: "Your reminder is due", desk.NoticePromiseDue: "A promise is due soon", desk.NoticePromiseBroken: "A promise was broken",
			desk.NoticeSLAWarning: "{which} is due soon: {due}", desk.NoticeSLABreached: "{which} is late, it was due {due}",
			desk.NoticeSLALate:   "Open cases that are late by the new service level: {n}",
			desk.NoticeEscalated: "Escalated to you: {name}", desk.NoticeTakenOn: "{by} has taken on what you escalated", desk.NoticeOutsideNote: "{by} answered our mail",
			desk.NoticeNewCase: "New case", desk.NoticeNewCase + ".more": "More new cases: {count}",
			desk.NoticeAnswered: "The customer wrote", desk.NoticeAnswered + ".more": "More customers wrote: {count}",
			desk.NoticeUnassigned: "{n} belong to nobody yet", desk.NoticeHandedOver: "You take over {n} from {from}",
			desk.NoticeRule: "{text} (rule “{rule}”)", desk.NoticeRuleFailed: "The rule “{rule}” can’t be used any more",
			desk.NoticeRuleFailed + ".often":    "The rule “{rule}” ran too often on a case and rests there",
			desk.NoticeRuleFailed + ".slow_off": "The rule “{rule}” was too slow again and again and was switched off",
			desk.NoticeWebhookDisabled:          "The webhook “{webhook}” was switched off",
			desk.NoticeQuestions:                "Asked often without a template: {questions}. Templates that are always changed in the same way: {templates}",
		},
		which:            map[string]string{"first_response": "The first answer", "next_response": "The next answer", "resolution": "The resolution"},
		assignedBySystem: "You were given a case", escalatedByHand: "{who} asks you to step in", other: "Something happened", system: "The Desk",
		cases: func(n int) string {
			if n == 1 {
				return "1 case"
			}
			return fmt.Sprintf("%d cases", n)
		},
		andMore: func(first string, n int) string { return fmt.Sprintf("%s, and %d more", first, n) },
		why: func(shop string) string {
			return join(" ", "You get this mail from "+shop+" because you had not looked at it in the Desk.", "To change what comes by mail, open the Desk, then “Notices” under your name.")
		},
	}
}

func toldChinese() toldWords {
	return toldWords{
		kinds: map[string]string{
			desk.NoticeMention: "{who} 提到了您", desk.NoticeAssigned: "{who} 把案件交給您",
			desk.NoticeFollowUp: "您的提醒時間到了", desk.NoticePromiseDue: "答應顧客的時間快到了", desk.NoticePromiseBroken: "答應顧客的時間已經過了",
			desk.NoticeSLAWarning: "{which}快到期了：{due}", desk.NoticeSLABreached: "{which}已逾期，期限是 {due}",
			desk.NoticeSLALate:   "依新的服務時限，有 {n}已經逾期",
			desk.NoticeEscalated: "案件升級給您：{name}", desk.NoticeTakenOn: "{by} 已接手您升級的案件", desk.NoticeOutsideNote: "{by} 回覆了我們的信",
			desk.NoticeNewCase: "有新案件", desk.NoticeNewCase + ".more": "另有新案件：{count} 件",
			desk.NoticeAnswered: "顧客傳來新訊息", desk.NoticeAnswered + ".more": "另有顧客傳來新訊息：{count} 則",
			desk.NoticeUnassigned: "還有 {n}沒有人負責", desk.NoticeHandedOver: "您從 {from} 接手了 {n}",
			desk.NoticeRule: "{text}（規則「{rule}」）", desk.NoticeRuleFailed: "規則「{rule}」已無法執行",
			desk.NoticeRuleFailed + ".often":    "規則「{rule}」在同一案件執行太多次，先在該案件暫停",
			desk.NoticeRuleFailed + ".slow_off": "規則「{rule}」一再檢查太久，已停用",
			desk.NoticeWebhookDisabled:          "Webhook「{webhook}」已自動停用",
			desk.NoticeQuestions:                "常被問到但還沒有範本的問題：{questions} 個；每次都改同一處的範本：{templates} 個",
		},
		which:            map[string]string{"first_response": "首次回覆", "next_response": "下一次回覆", "resolution": "解決期限"},
		assignedBySystem: "有新案件指派給您", escalatedByHand: "{who} 請您協助處理", other: "有新的動態", system: "系統",
		cases:   func(n int) string { return fmt.Sprintf("%d 件案件", n) },
		andMore: func(first string, n int) string { return fmt.Sprintf("%s，另有 %d 則", first, n) },
		why: func(shop string) string {
			return "這些通知您還沒有在案件台看過，所以「" + shop + "」寄了這封信給您。要調整哪些通知會寄信，請到案件台，點您的名字，開啟「通知」。"
		},
	}
}

func toldJapanese() toldWords {
	return toldWords{
		kinds: map[string]string{
			desk.NoticeMention: "{who}さんがあなたにメンションしました", desk.NoticeAssigned: "{who}さんから案件が割り当てられました",
			desk.NoticeFollowUp: "リマインダーの時刻です", desk.NoticePromiseDue: "約束の期日が近づいています", desk.NoticePromiseBroken: "約束の期日を過ぎました",
			desk.NoticeSLAWarning: "{which}の期限が近づいています：{due}", desk.NoticeSLABreached: "{which}の期限（{due}）を過ぎました",
			desk.NoticeSLALate:   "新しい対応期限により、{n}が期限を過ぎています",
			desk.NoticeEscalated: "エスカレーションが届いています：{name}", desk.NoticeTakenOn: "{by}さんがエスカレーションに対応します", desk.NoticeOutsideNote: "{by} から返信がありました",
			desk.NoticeNewCase: "新しい案件が届きました", desk.NoticeNewCase + ".more": "ほかにも新しい案件が届いています：{count}件",
			desk.NoticeAnswered: "お客様から新しいメッセージがあります", desk.NoticeAnswered + ".more": "ほかにもお客様からメッセージが届いています：{count}件",
			desk.NoticeUnassigned: "担当者のいない案件が {n}あります", desk.NoticeHandedOver: "{from}さんから案件 {n}を引き継ぎました",
			desk.NoticeRule: "{text}（ルール「{rule}」）", desk.NoticeRuleFailed: "ルール「{rule}」を実行できなくなりました",
			desk.NoticeRuleFailed + ".often":    "ルール「{rule}」が同じ案件で何度も実行されたため、その案件で休止しました",
			desk.NoticeRuleFailed + ".slow_off": "ルール「{rule}」は確認に時間がかかりすぎるため、無効にしました",
			desk.NoticeWebhookDisabled:          "Webhook「{webhook}」が停止されました",
			desk.NoticeQuestions:                "テンプレートのない、よくある質問：{questions}件／毎回同じように手直しされるテンプレート：{templates}件",
		},
		which:            map[string]string{"first_response": "初回回答", "next_response": "次の回答", "resolution": "解決"},
		assignedBySystem: "案件が割り当てられました", escalatedByHand: "{who}さんから対応の依頼が届いています", other: "新しい動きがあります", system: "システム",
		cases:   func(n int) string { return fmt.Sprintf("%d件", n) },
		andMore: func(first string, n int) string { return fmt.Sprintf("%s　ほか%d件", first, n) },
		why: func(shop string) string {
			return "このメールは、デスクで未確認のお知らせがあるため、" + shop + "からお送りしています。メールで受け取る内容を変更するには、デスクでご自分の名前を開き、「通知」をご覧ください。"
		},
	}
}
