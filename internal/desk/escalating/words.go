package escalating

import "time"

// words are those of the mail to somebody outside in one language.
type words struct {
	title, asks, asksBy                      string
	subject, category, priority, opened, due string
	press, otherwise                         string
	colon                                    string
	priorities                               map[string]string
	layout                                   string // of a time
}

// moment is a time in the shop's zone, with its offset: whoever reads it may be
// elsewhere. "" is none.
func (w words) moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(zone)
	return t.Format(w.layout) + " (UTC" + t.Format("-07:00") + ")"
}

func wordsOf(locale string) words {
	switch locale {
	case "zh-TW":
		return words{
			title: "請協助處理案件 {n}（{shop}）",
			asks:  "您好，{shop} 有一件案件需要請您協助：{n}。", asksBy: "您好，{shop} 的 {who} 想請您協助處理案件 {n}。",
			subject: "主旨", category: "類別", priority: "優先順序", opened: "收到時間", due: "應回覆時間",
			press:     "如果由您接手，請開啟下面的頁面，按一下「由我接手」：",
			otherwise: "您也可以直接回覆這封信，內容只有我們的團隊看得到，顧客看不到。\n連結只給您本人使用，30 天內有效。若沒有人接手，我們會繼續通知下一位。",
			colon:     "：", layout: "2006/1/2 15:04",
			priorities: map[string]string{"low": "低", "normal": "一般", "high": "高", "urgent": "緊急"},
		}
	case "zh-CN":
		return words{
			title: "请协助处理工单 {n}（{shop}）",
			asks:  "您好，{shop} 有一个工单需要您协助：{n}。", asksBy: "您好，{shop} 的 {who} 想请您协助处理工单 {n}。",
			subject: "主题", category: "类别", priority: "优先级", opened: "收到时间", due: "应回复时间",
			press:     "如果由您接手，请打开下面的页面，点击“由我接手”：",
			otherwise: "您也可以直接回复本邮件，内容仅我们的团队可见，顾客看不到。\n链接仅供您本人使用，30 天内有效。如果没有人接手，我们会继续通知下一位。",
			colon:     "：", layout: "2006/1/2 15:04",
			priorities: map[string]string{"low": "低", "normal": "普通", "high": "高", "urgent": "紧急"},
		}
	case "ja":
		return words{
			title: "案件 {n} のご対応のお願い（{shop}）",
			asks:  "お世話になっております。{shop}より、案件 {n} のご対応をお願いしたくご連絡いたしました。", asksBy: "お世話になっております。{shop}の{who}より、案件 {n} のご対応をお願いしたくご連絡いたしました。",
			subject: "件名", category: "カテゴリー", priority: "優先度", opened: "受付日時", due: "回答期限",
			press:     "ご対応いただける場合は、次のページを開き「対応を引き受ける」を押してください。",
			otherwise: "このメールにそのままご返信いただくこともできます。ご返信は当店の担当者のみが拝見し、お客様には表示されません。\nリンクはご本人様専用で、30日間有効です。どなたからもご対応の連絡がない場合は、次の担当者へ順にご連絡いたします。",
			colon:     "：", layout: "2006年1月2日 15:04",
			priorities: map[string]string{"low": "低", "normal": "通常", "high": "高", "urgent": "緊急"},
		}
	}
	return words{
		title: "Please take on case {n} ({shop})",
		asks:  "{shop} asks you to take on case {n}.", asksBy: "{who} of {shop} asks you to take on case {n}.",
		subject: "Subject", category: "Category", priority: "Priority", opened: "Received", due: "Answer due",
		press:     "If it is yours, open this page and press “I’ll take this on”:",
		otherwise: "You can also simply answer this mail: only our team reads it, never the customer.\nThe link is for you alone and works for 30 days. If nobody takes the case on, we’ll ask the next person.",
		colon:     ": ", layout: "2 Jan 2006, 15:04",
		priorities: map[string]string{"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"},
	}
}
