package promise

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// The texts are written on Wednesday, 18 November 2026, at 10:30 in Taipei.
var (
	taipei = time.FixedZone("Taipei", 8*3600)
	wed    = time.Date(2026, 11, 18, 10, 30, 0, 0, taipei)
)

// want is "text = MM-DD HH:MM", one after another with "; " between.
func check(t *testing.T, text, want string, o Options) {
	t.Helper()
	var got []string
	for _, f := range Find(text, o) {
		if text[f.Start:f.End] != f.Text {
			t.Errorf("%q: %d to %d is not %q", text, f.Start, f.End, f.Text)
		}
		got = append(got, f.Text+" = "+f.Due.Format("01-02 15:04"))
	}
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("%s\n got: %s\nwant: %s", text, s, want)
	}
}

func TestFind(t *testing.T) {
	for text, want := range map[string]string{
		// Traditional Chinese
		"我們會在 3-5 個工作天內回覆您。":     "3-5 個工作天內 = 11-25 18:00",
		"退款約需 7～14 個工作天，請您耐心等候。": "7～14 個工作天 = 12-08 18:00",
		"我們將於三天內處理":              "三天內 = 11-21 18:00",
		"將於兩三天內寄出":               "兩三天內 = 11-21 18:00",
		"三至五個工作天內為您補寄":           "三至五個工作天內 = 11-25 18:00",
		"客服人員會在24小時內與您聯繫":        "24小時內 = 11-19 10:30",
		"我會在２４小時內回覆":             "２４小時內 = 11-19 10:30",
		"30 分鐘內我會回電給您":           "30 分鐘內 = 11-18 11:00",
		"我們明天下午前回覆您":             "明天下午前 = 11-19 12:00",
		"明天下午三點半前會致電給您":          "明天下午三點半前 = 11-19 15:30",
		"我們會在今天內處理":              "今天內 = 11-18 18:00",
		"我們會在今天下班前回覆您":           "今天下班前 = 11-18 18:00",
		"我们会在明天下班之前给您答复":         "明天下班之前 = 11-19 18:00",
		"明天會再跟您聯絡。":              "明天 = 11-19 18:00",
		"下週一會為您寄出":               "下週一 = 11-23 18:00",
		"我們週五前給您答覆":              "週五前 = 11-20 18:00",
		"我們會在星期一前回覆":             "星期一前 = 11-23 18:00",
		"我們下下週三前回覆":              "下下週三前 = 12-02 18:00",
		"最晚 11/25 前回覆":           "11/25 前 = 11-25 18:00",
		"我們將於 11月25日 出貨":         "11月25日 = 11-25 18:00",
		"我們會在十一月二十五日前完成":         "十一月二十五日前 = 11-25 18:00",
		"11/25（三）下午5點前回覆您":       "11/25（三）下午5點前 = 11-25 17:00",
		"2026/12/01 前會處理完":       "2026/12/01 前 = 12-01 18:00",
		"我們會在25號前答覆":             "25號前 = 11-25 18:00",
		"我們會在5號前答覆":              "5號前 = 12-05 18:00",
		"1/5 前會給您消息":             "1/5 前 = 01-05 18:00",
		"本週內會給您答覆":               "本週內 = 11-20 18:00",
		"月底前會退款給您":               "月底前 = 11-30 18:00",
		"一週內回覆您":                 "一週內 = 11-25 18:00",
		"一個月內完成":                 "一個月內 = 12-18 18:00",
		"半小時內回電給您":               "半小時內 = 11-18 11:00",
		"今晚會回覆您":                 "今晚 = 11-18 21:00",
		"下個工作天會回覆您":              "下個工作天 = 11-19 18:00",
		"您好，已收到。我們會在三天內回覆，並於週五前寄出。": "三天內 = 11-21 18:00; 週五前 = 11-20 18:00",
		"請您耐心等候，我們將於三天內回覆":          "三天內 = 11-21 18:00",
		// Simplified Chinese
		"我们会在3到5个工作日内回复您。": "3到5个工作日内 = 11-25 18:00",
		"预计48小时内发货":        "48小时内 = 11-20 10:30",
		"我们下周一给您答复，会尽快处理":  "下周一 = 11-23 18:00",
		"我们会在周五之前联系您":      "周五之前 = 11-20 18:00",
		"客服将于后天上午回复您":      "后天上午 = 11-20 12:00",
		// Japanese
		"11月25日までにご連絡いたします。":           "11月25日までに = 11-25 18:00",
		"明日中にご返信いたします。":                "明日中に = 11-19 18:00",
		"本日中に発送いたします。":                 "本日中に = 11-18 18:00",
		"3営業日以内にご回答いたします。":             "3営業日以内 = 11-23 18:00",
		"２～３営業日以内に返金いたします":             "２～３営業日以内 = 11-23 18:00",
		"三営業日以内にご連絡差し上げます":             "三営業日以内 = 11-23 18:00",
		"来週月曜にお届けいたします":                "来週月曜 = 11-23 18:00",
		"来週月曜日までにご連絡します":               "来週月曜日までに = 11-23 18:00",
		"今週中に確認のうえご連絡いたします。":           "今週中に = 11-20 18:00",
		"明日の午後3時までにお電話いたします":           "明日の午後3時までに = 11-19 15:00",
		"25日(水)までに弊社より回答いたします":         "25日(水)までに = 11-25 18:00",
		"24時間以内にご返信いたしますので、少々お待ちください。": "24時間以内 = 11-19 10:30",
		"明日までに発送いたしますので少々お待ちください":      "明日までに = 11-19 18:00",
		"担当者より明後日ご連絡いたします":             "明後日 = 11-20 18:00",
		"今月末までに対応いたします":                "今月末までに = 11-30 18:00",
		// English
		"We will answer by Friday.":                                   "by Friday = 11-20 18:00",
		"We'll get back to you within 2 business days.":               "within 2 business days = 11-20 18:00",
		"You will hear from us in 3 working days":                     "in 3 working days = 11-23 18:00",
		"I will call you tomorrow.":                                   "tomorrow = 11-19 18:00",
		"I'll send it tomorrow at 3 pm":                               "tomorrow at 3 pm = 11-19 15:00",
		"I’ll let you know by 5pm tomorrow":                           "by 5pm tomorrow = 11-19 17:00",
		"We will reply by end of day.":                                "by end of day = 11-18 18:00",
		"We'll sort it out by the end of next week":                   "by the end of next week = 11-27 18:00",
		"We answer by the 25th.":                                      "by the 25th = 11-25 18:00",
		"We will ship it next Monday":                                 "next Monday = 11-23 18:00",
		"We'll refund you by 25 November.":                            "by 25 November = 11-25 18:00",
		"We'll refund you by Nov 25th, 2026, at 12:00.":               "by Nov 25th, 2026, at 12:00 = 11-25 12:00",
		"We'll refund you by 11/25":                                   "by 11/25 = 11-25 18:00",
		"We will answer by 2026-11-25":                                "by 2026-11-25 = 11-25 18:00",
		"Please allow 3 to 5 working days.":                           "3 to 5 working days = 11-25 18:00",
		"Please send us a photo and we will reply within two days":    "within two days = 11-20 18:00",
		"You'll receive your refund within 5-7 business days.":        "within 5-7 business days = 11-27 18:00",
		"We will have news for you within a week":                     "within a week = 11-25 18:00",
		"We will call you back within an hour.":                       "within an hour = 11-18 11:30",
		"I will get back to you on Monday, after the weekend.":        "on Monday = 11-23 18:00",
		"Thanks! By Thursday noon we will know more.":                 "By Thursday noon = 11-19 12:00",
		"> We will answer by Friday.\nWe will answer by Thursday.":    "by Thursday = 11-19 18:00",
		"We'll write today.\nOn Mon, 16 Nov 2026 Anna wrote:\nby Fri": "today = 11-18 18:00",
	} {
		check(t, text, want, Options{Now: wed, Zone: taipei})
	}
}

func TestFindNothing(t *testing.T) {
	for _, text := range []string{
		"",
		// Traditional and Simplified Chinese
		"請您於三天內付款", "請於 11/25 前回覆我們", "麻煩您明天下午前提供照片", "您 3 天前的訂單已寄出", "收到商品後七天內可申請退貨",
		"付款後 3 天內出貨", "營業時間：週一至週五 9:00-18:00", "客服時間為週一到週五", "11/25 前下單享 9 折", "優惠活動到 11 月 25 日前",
		"我們已於 11/10 前寄出", "我們今天已寄出", "我們會儘快回覆", "改日再與您聯絡", "您希望明天前收到嗎？", "我們三天內可以送到嗎？",
		"價格為 1,200 元", "訂單 2026/11/25-0003", "過去三天內我們沒有收到", "我們會在 11/31 前回覆", "您明天要的商品", "保固期一年內免費維修",
		"请您在三天内付款", "营业时间：周一至周五", "我们会尽快回复", "您3天前的订单", "收货后7天内可以退货",
		// Japanese
		"後日ご連絡いたします。", "追ってご連絡いたします", "なるべく早く対応いたします", "11月25日までにご返信ください。", "25日までにお支払いをお願いいたします",
		"明日中にご返信いただけますか。", "営業時間は月曜から金曜の10時から18時までです", "3日前のご注文", "到着後3日以内にご連絡ください", "本日発送いたしました。",
		"11月10日までに発送いたします", "25日までにご返信をお待ちしております", "有効期限は11月25日までです", "お客様のご希望の25日までにご用意できません",
		// English
		"Your order of 3 days ago has left.", "Please answer by Friday.", "Please pay within 3 days.", "We need your reply by Friday.",
		"Our opening hours are Monday to Friday, 9 to 18.", "We are open Mon-Fri.", "The sale ends by Friday", "It costs $3.",
		"You can return it within 30 days of delivery.", "We answered yesterday.", "Could you send it by Friday?", "Will you be there tomorrow?",
		"You wrote that you need it by Friday.", "We'll answer soon.", "We'll answer as soon as we can.", "We shipped it today.",
		"in the last 3 days", "We will answer in a few days", "If you don't pay by Friday it is cancelled.", "We'll reply by November 31", "We will answer by 10 November",
		"We received it within 3 days after you paid.", "> We will answer by Friday.", "| by Friday we answer", "Model 11/25-b", "the invoice #25 by us",
		"-----Original Message-----\nWe will answer by Friday.", "monday", "tomorrow never dies", "Friday",
	} {
		check(t, text, "", Options{Now: wed, Zone: taipei})
	}
}

func TestEveningsAndWeekends(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, taipei) }
	for _, x := range []struct {
		now        time.Time
		text, want string
	}{
		{at(18, 19), "本日中にご連絡いたします", "本日中に = 11-18 23:59"},
		{at(20, 19), "We will answer by Friday", "by Friday = 11-27 18:00"},
		{at(20, 9), "We will answer by Friday", "by Friday = 11-20 18:00"},
		{at(20, 9), "我們兩個工作天內回覆", "兩個工作天內 = 11-24 18:00"},
		{at(21, 9), "我們 1 個工作天內回覆", "1 個工作天內 = 11-23 18:00"},
		{at(21, 9), "今週中にご連絡いたします", ""},
		{at(22, 9), "下週一會為您寄出", "下週一 = 11-23 18:00"},
		{at(18, 19), "We will answer by 5 pm", ""},
		{at(18, 9), "We will answer by 5 pm", "by 5 pm = 11-18 17:00"},
	} {
		check(t, x.text, x.want, Options{Now: x.now, Zone: taipei})
	}
}

func TestHolidays(t *testing.T) {
	closed := map[string]bool{"2026-11-19": true, "2026-11-20": true}
	working := func(d time.Time) bool {
		return !closed[d.Format("2006-01-02")] && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
	}
	check(t, "我們兩個工作天內回覆", "兩個工作天內 = 11-24 18:00", Options{Now: wed, Zone: taipei, Working: working})
	never := func(time.Time) bool { return false }
	check(t, "我們兩個工作天內回覆", "", Options{Now: wed, Zone: taipei, Working: never})
}

func TestZoneAndLocale(t *testing.T) {
	tokyo := time.FixedZone("Tokyo", 9*3600)
	got := Find("明日中にご返信いたします。", Options{Now: time.Date(2026, 11, 18, 15, 30, 0, 0, time.UTC), Zone: tokyo})
	if len(got) != 1 || !got[0].Due.Equal(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("past midnight in Tokyo: %v", got)
	}
	check(t, "We answer by 6/12", "by 6/12 = 12-06 18:00", Options{Now: wed, Zone: taipei, Locale: "en-GB"})
	check(t, "We answer by 12/6", "by 12/6 = 12-06 18:00", Options{Now: wed, Zone: taipei, Locale: "en-US"})
	check(t, "We answer by 25/11", "by 25/11 = 11-25 18:00", Options{Now: wed, Zone: taipei})
}

func TestNumber(t *testing.T) {
	for s, want := range map[string]int{"5": 5, "十": 10, "十四": 14, "二十": 20, "二十五": 25, "兩": 2, "三五": 5, "seven": 7, "": -1, "x": -1, "〇": 0} {
		if got := number(s); got != want {
			t.Errorf("%q is %d, want %d", s, got, want)
		}
	}
}

func TestBounds(t *testing.T) {
	many := strings.Repeat("我們會在三天內回覆。", 5000)
	if n := len(Find(many, Options{Now: wed})); n != MaxFound {
		t.Errorf("%d found, want %d", n, MaxFound)
	}
	late := strings.Repeat("x", MaxText) + "\nWe will answer by Friday."
	if n := len(Find(late, Options{Now: wed})); n != 0 {
		t.Errorf("%d found behind the end", n)
	}
	Find(strings.Repeat("11/25 前三天内3-", 20_000), Options{Now: wed}) // ends
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"我們會在 3-5 個工作天內回覆您。", "明日中に発送いたします", "We will answer by Nov 25th, 2026 at 5pm", "１１／２５（三）前", "by 99/99", "0 天內", "\xff\xfe三天內", "> x\n我們 週一至週五 前"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, p := range Find(s, Options{Now: wed, Zone: taipei}) {
			if p.Start < end || p.End <= p.Start || p.End > len(s) || s[p.Start:p.End] != p.Text {
				t.Fatalf("%q: bad place %d to %d", s, p.Start, p.End)
			}
			if utf8.ValidString(s) && !utf8.ValidString(p.Text) {
				t.Fatalf("%q: %q cuts a character", s, p.Text)
			}
			if !p.Due.After(wed) || p.Due.Sub(wed) > farthest {
				t.Fatalf("%q: due %v", s, p.Due)
			}
			end = p.End
		}
	})
}
