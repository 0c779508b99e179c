package liquid

import (
	"strings"
	"time"
	"unicode"
)

// Vars are the values of one rendering. A field left at its zero value is empty in the text.
// Times may be in any zone: they are shown in the shop's.
type Vars struct {
	Contact     Contact
	Case        Case
	Shop        Shop
	Agent       Agent
	TrackingURL string
	ConfirmURL  string    // of the mail that asks for a confirmation; else empty
	Invite      Invite    // to become a member
	Problem     Problem   // of the mail to those who reported a fault
	Now         time.Time // for the variable today
	Locale      string    // of the text, a BCP 47 tag; if empty the contact's counts
}

// Contact is whom the text addresses. Name is whole, as the person wrote it; the caller gives "" for a
// name that is not fit to be repeated.
type Contact struct{ Name, Email, Phone, Locale string }

// Case is what the text is about.
type Case struct {
	Reference         string // the receipt code that visitors see
	Number            int    // for staff; 0 is empty
	Subject, Category string
	Opened, AnswerBy  time.Time
}

// Invite is what a guest is offered for becoming a member.
type Invite struct{ SignupURL, Coupon string }

// Problem is a fault that was mended. Reward is what those who reported it get; "" for none.
type Problem struct{ Reward string }

// Shop is who writes. Location nil means UTC.
type Shop struct {
	Name, Email, Phone, Hours, URL string
	Location                       *time.Location
}

// Agent is the member of staff who signs.
type Agent struct{ Name, Signature string }

// Variable describes one name for the list beside a template editor.
type Variable struct {
	Name    string            // contact.name
	Example string            // what it may give
	Labels  map[string]string // by locale: en, zh-TW, ja
}

// Variables lists what templates may use, in the order in which an editor shows it.
func Variables() []Variable {
	out := make([]Variable, 0, len(variableTable()))
	for _, v := range variableTable() {
		out = append(out, Variable{v.Name, v.Example, map[string]string{"en": v.en, "zh-TW": v.zhTW, "ja": v.ja}})
	}
	return out
}

type variableRow struct{ Name, Example, en, zhTW, ja string }

func variableTable() []variableRow {
	return []variableRow{
		{"contact.salutation", "王小明 您好", "Greeting with the name, or without one", "稱呼（含姓名，沒有姓名時為「您好」）", "宛名（お名前がない場合は「お客様」）"},
		{"contact.name", "王小明", "Visitor's name", "顧客姓名", "お客様のお名前"},
		{"contact.email", "ming@example.com", "Visitor's email", "顧客電子信箱", "お客様のメールアドレス"},
		{"contact.phone", "+886 912 345 678", "Visitor's phone", "顧客電話", "お客様の電話番号"},
		{"case.reference", "K7QF-2M9D", "Receipt code that the visitor sees", "受理編號（顧客可見）", "受付番号（お客様に表示）"},
		{"case.number", "1042", "Case number, for staff", "案件號碼（內部使用）", "案件番号（社内用）"},
		{"case.subject", "想詢問退貨方式", "Subject", "主旨", "件名"},
		{"case.category", "return", "Category key", "類別代碼", "カテゴリーのキー"},
		{"case.opened", "2026年11月24日 18:00", "When it was received", "收到時間", "受付日時"},
		{"case.answer_by", "2026年11月25日 18:00", "Answer promised by", "預計回覆時間", "ご返信の目安日時"},
		{"shop.name", "我的商店", "Shop's name", "商店名稱", "店舗名"},
		{"shop.email", "service@example.com", "Shop's service email", "客服信箱", "お問い合わせ用メールアドレス"},
		{"shop.phone", "+886 2 2345 6789", "Shop's service phone", "客服電話", "お問い合わせ用電話番号"},
		{"shop.hours", "週一至週五 09:00–18:00", "Service hours", "客服時間", "受付時間"},
		{"shop.url", "https://shop.example.com", "Shop's website", "商店網址", "店舗のウェブサイト"},
		{"agent.name", "林怡君", "Name of the member of staff", "客服人員姓名", "担当者名"},
		{"agent.signature", "客服部 林怡君", "Signature of the member of staff", "客服人員簽名", "担当者の署名"},
		{"tracking_url", "https://shop.example.com/support/t/…", "Link to the tracking page", "案件進度查詢連結", "お問い合わせ状況の確認ページ"},
		{"confirm.url", "https://shop.example.com/support/c/…", "Link that confirms the mail address, in the template “confirm”", "確認電子信箱的連結（用於範本 confirm）", "メールアドレスの確認リンク（テンプレート confirm 用）"},
		{"invite.signup_url", "https://shop.example.com/signup?ref=…", "Page to become a member at, in the template “member_invite”", "加入會員的連結（用於範本 member_invite）", "会員登録ページのリンク（テンプレート member_invite 用）"},
		{"invite.coupon", "WELCOME100", "Coupon for new members", "新會員優惠碼", "新規会員向けクーポンコード"},
		{"problem.reward", "THANKS50", "Code that thanks for reporting a fault, in the template “problem_fixed”", "回報問題的答謝優惠碼（用於範本 problem_fixed）", "不具合報告のお礼コード（テンプレート problem_fixed 用）"},
		{"today", "2026年11月24日", "Today's date", "今天日期", "今日の日付"},
	}
}

// values gives the value of every variable by its name in templates.
func values(v Vars) map[string]any {
	style := newStyle(v)
	name := oneLine(v.Contact.Name)
	out := map[string]any{
		"contact.name":       newText(name),
		"contact.salutation": newText(salutation(style.locale, name)),
		"contact.email":      newText(oneLine(v.Contact.Email)),
		"contact.phone":      newText(oneLine(v.Contact.Phone)),
		"case.reference":     newText(v.Case.Reference),
		"case.number":        newText(""),
		"case.subject":       newText(oneLine(v.Case.Subject)),
		"case.category":      newText(v.Case.Category),
		"case.opened":        newMoment(v.Case.Opened, style, false),
		"case.answer_by":     newMoment(v.Case.AnswerBy, style, false),
		"shop.name":          newText(v.Shop.Name),
		"shop.email":         newText(v.Shop.Email),
		"shop.phone":         newText(v.Shop.Phone),
		"shop.hours":         newText(v.Shop.Hours),
		"shop.url":           newText(v.Shop.URL),
		"agent.name":         newText(v.Agent.Name),
		"agent.signature":    newText(v.Agent.Signature),
		"tracking_url":       newText(v.TrackingURL),
		"confirm.url":        newText(v.ConfirmURL),
		"invite.signup_url":  newText(v.Invite.SignupURL),
		"invite.coupon":      newText(oneLine(v.Invite.Coupon)),
		"problem.reward":     newText(oneLine(v.Problem.Reward)),
		"today":              newMoment(v.Now, style, true),
	}
	if v.Case.Number != 0 {
		out["case.number"] = v.Case.Number
	}
	return out
}

// letters is the vocabulary of [Variables].
func letters() vocabulary {
	out := vocabulary{filters: filterTable()}
	for _, v := range variableTable() {
		out.names = append(out.names, v.Name)
	}
	return out
}

// bindings brings values by name into the shape that the library reads: one map for each name before the dot.
func bindings(values map[string]any) map[string]any {
	out := map[string]any{"blank": "", "empty": ""}
	for name, value := range values {
		root, field, ok := strings.Cut(name, ".")
		if !ok {
			out[root] = value
			continue
		}
		fields, _ := out[root].(map[string]any)
		if fields == nil {
			fields = map[string]any{}
			out[root] = fields
		}
		fields[field] = value
	}
	return out
}

// oneLine makes a visitor's value safe to stand in a subject or within a sentence: control characters
// become spaces, and the marks that turn the direction of all following text (Unicode UAX #9) are dropped.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF:
			return -1
		case unicode.IsControl(r), r == 0x2028, r == 0x2029:
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(s)
}
