package spam

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// The ways in which messages arrive.
func browser(m Message) Message {
	m.Network, m.Source, m.UserAgent = true, "form", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
	m.Accept, m.SecFetchSite = "text/html,application/xhtml+xml,*/*;q=0.8", "same-origin"
	if m.AcceptLanguage == "" {
		m.AcceptLanguage = m.FormLocale + ";q=0.9"
	}
	m.Token, m.Pow, m.FillTime = TokenValid, PowValid, 40*time.Second
	return m
}

func withoutJavaScript(m Message) Message {
	m = browser(m)
	m.Pow = PowMissing
	return m
}

func guestClient(m Message) Message {
	m.Network, m.Source, m.UserAgent = true, "api", "shop-app/1.0"
	m.Token, m.Pow = TokenMissing, PowMissing
	return m
}

func authenticatedClient(m Message) Message {
	m = guestClient(m)
	m.Authenticated = true
	return m
}

func imported(m Message) Message { m.Source = "import"; return m }

func robot(m Message) Message {
	m = guestClient(m)
	m.Source = "form"
	m.Token, m.FillTime = TokenReplayed, time.Second
	return m
}

func ham() map[string]Message {
	return map[string]Message{
		"short question zh":    {Name: "王小明", FormLocale: "zh-TW", Text: "請問有現貨嗎"},
		"product link":         {Name: "林小姐", FormLocale: "zh-TW", Text: "請問這個還有貨嗎 https://shop.example/products/123"},
		"nothing but a link":   {Name: "Ann", FormLocale: "en", Text: "https://shop.example/products/123?color=red"},
		"short link to photo":  {Name: "陳先生", FormLocale: "zh-TW", Text: "收到的商品破損，照片在這裡 https://reurl.cc/abc12 ，請協助退貨"},
		"receipt":              {Name: "張會計", FormLocale: "zh-TW", Subject: "發票", Text: "您好，訂單的發票可以改開三聯式嗎？統編 12345678，謝謝。"},
		"shop's LINE":          {Name: "小美", FormLocale: "zh-TW", Text: "我加LINE客服都沒有人回，請問可以用信箱聯絡嗎？"},
		"franchise":            {Name: "李大華", FormLocale: "zh-TW", Subject: "加盟合作", Text: "我想了解貴公司的加盟方案與代理條件，我在台中有一間店面，請與我聯絡。"},
		"simplified":           {Name: "刘洋", FormLocale: "zh-CN", Text: "你好，我上周下的订单显示已发货，但是物流三天没有更新了，能帮我查一下吗？"},
		"wechat question":      {Name: "周敏", FormLocale: "zh-CN", Text: "请问你们有微信客服吗？我想加微信咨询尺码。"},
		"japanese":             {Name: "佐藤花子", FormLocale: "ja", Text: "先日注文した商品がまだ届いておりません。お手数ですが、配送状況をご確認いただけますでしょうか。"},
		"japanese coupon":      {Name: "鈴木", FormLocale: "ja", Text: "公式LINEの友だち追加でもらえるクーポンが使えません。どうすればよいでしょうか。"},
		"japanese cooperation": {Name: "田中", FormLocale: "ja", Subject: "お取引について", Text: "突然のご連絡失礼いたします。弊社の店舗で御社の商品を取り扱いたいのですが、卸売は可能でしょうか。"},
		"english":              {Name: "J. R. de Boer", FormLocale: "en", Text: "Hi, my order 10023 arrived with the wrong size. How do I exchange it? Thanks!"},
		"english on zh page":   {Name: "Tom", FormLocale: "zh-TW", Text: "Do you ship to Canada? How much is it for two bottles?"},
		"newsletter":           {Name: "Mary", FormLocale: "en", Text: "Please unsubscribe me from your newsletter. The link in the mail does not work."},
		"emoji":                {Name: "🌸", FormLocale: "ja", Text: "😭😭😭😭😭😭😭😭😭😭😭😭😭😭😭😭😭😭😭😭😭😭"},
		"emoji and words":      {Name: "阿May", FormLocale: "zh-TW", Text: "超好吃！！！！！😍😍😍👨\u200d👩\u200d👧 還會再買～～～"},
		"arabic":               {Name: "محمد", FormLocale: "en", Text: "مرحبا، هل يمكنكم إرسال الطلب إلى دبي؟ وكم تكلفة الشحن؟ شكرا لكم."},
		"hebrew with marks":    {Name: "דנה", FormLocale: "en", Text: "\u200fשלום, מתי ההזמנה שלי תגיע? \u200fתודה רבה"},
		"long complaint": {Name: "黃太太", FormLocale: "zh-TW", Text: strings.Join([]string{
			"我在三月一日訂購了一台除濕機，三月五日才收到，打開之後發現外殼有一道很長的裂痕，水箱也卡不進去。",
			"我當天就打電話給客服，客服說會有專人回電，結果等了三天都沒有人理我，之後再打去又說找不到我的紀錄。",
			"後來我在官網用 LINE 留言，對方要我拍照，我拍了六張照片傳過去，又過了兩天才說要送回原廠檢測。",
			"請問新品瑕疵不是應該直接換貨嗎？七天鑑賞期就這樣被你們拖過了，實在很不合理，我要求全額退款。",
			"如果這星期內沒有回覆，我會向消保官申訴，也會把過程放到網路上，請主管親自處理，謝謝。",
		}, "\n")},
		"long complaint en": {Name: "Peter Schwarz", FormLocale: "en", Text: strings.Join([]string{
			"I bought a floor lamp from you on 3 March and it stopped working after two days.",
			"I called your service line four times. Each time somebody promised to call back, and nobody did.",
			"Your web page says that returns are free, yet the courier wanted 12 euros from me at the door.",
			"I paid by card, my bank asks for your written confirmation before it will transfer the money back.",
			"Please send me that confirmation and a refund by Friday, or I will have to complain to the consumer office.",
		}, " ")},
	}
}

func TestHamIsAccepted(t *testing.T) {
	checks := DefaultChecks()
	ways := map[string]func(Message) Message{
		"browser": browser, "without JavaScript": withoutJavaScript, "guest client": guestClient,
		"authenticated client": authenticatedClient, "imported": imported,
	}
	for name, m := range ham() {
		for way, arrive := range ways {
			if v := Screen(Input{Message: arrive(m), Checks: checks}); v.Outcome != Accepted {
				t.Errorf("%s, %s: %s with %v: %+v", name, way, v.Outcome, v.Score, v.Signals)
			}
		}
	}
}

// A slow visitor or a shared address must not be held for one thing alone.
func TestOneSignalHoldsNobody(t *testing.T) {
	base := Message{Name: "王小明", FormLocale: "zh-TW", Text: "請問我的訂單什麼時候會寄出？"}
	tests := map[string]func(*Message){
		"token missing":     func(m *Message) { m.Token = TokenMissing },
		"token expired":     func(m *Message) { m.Token = TokenExpired },
		"token replayed":    func(m *Message) { m.Token = TokenReplayed },
		"token invalid":     func(m *Message) { m.Token = TokenInvalid },
		"work invalid":      func(m *Message) { m.Pow = PowInvalid },
		"fast":              func(m *Message) { m.FillTime = time.Second },
		"no user agent":     func(m *Message) { m.UserAgent = "" },
		"throw-away mail":   func(m *Message) { m.Email = "a@yopmail.com" },
		"shared address":    func(m *Message) { m.IPCount = Rate{40, 10} },
		"busy day":          func(m *Message) { m.OverCount = Rate{4000, 10} },
		"form left open":    func(m *Message) { m.Token, m.Pow, m.FillTime = TokenExpired, PowMissing, 30*time.Hour },
		"captcha missing":   func(m *Message) { m.Captcha = CaptchaMissing },
		"captcha invalid":   func(m *Message) { m.Captcha = CaptchaInvalid },
		"captcha elsewhere": func(m *Message) { m.Captcha = CaptchaWrongHost },
		"captcha down":      func(m *Message) { m.Captcha = CaptchaDown },
		"forged member":     func(m *Message) { m.MemberInvalid = true },
		"no mail there":     func(m *Message) { m.Email, m.Domain = "a@b.example", DomainNoMail },
		"busy network":      func(m *Message) { m.NetCount = Rate{4000, 10} },
		"busy country":      func(m *Message) { m.CountryCount = Rate{4000, 10} },
		"many texts":        func(m *Message) { m.SenderTexts = Rate{4000, 10} },
		"shared letter":     func(m *Message) { m.Text, m.Near = longLine, Near{Others: 2} },
		"script":            func(m *Message) { m.UserAgent, m.Accept, m.SecFetchSite, m.AcceptLanguage = "curl/8.5", "*/*", "", "" },
		"bare browser":      func(m *Message) { m.Accept, m.SecFetchSite, m.AcceptLanguage = "*/*", "", "" },
		"other site":        func(m *Message) { m.SecFetchSite = "cross-site" },
		"foreign phone":     func(m *Message) { m.Phone, m.Country = "+7 912 345 67 89", "VN" },
		"pasted":            func(m *Message) { m.Typed, m.Pastes, m.Text = true, 1, longLine },
		"LINE id":           func(m *Message) { m.Text += "我的 LINE ID: sunny_tw" },
		"browser autofills": func(m *Message) { m.FillTime = 2 * time.Second; m.Pow = PowMissing },
	}
	for name, change := range tests {
		m := withoutJavaScript(base)
		change(&m)
		if v := Screen(Input{Message: m, Checks: DefaultChecks()}); v.Outcome != Accepted {
			t.Errorf("%s: %s with %v: %+v", name, v.Outcome, v.Score, v.Signals)
		}
	}
}

func TestSpamIsHeld(t *testing.T) {
	tests := map[string]Message{
		"seo":            withoutJavaScript(Message{Name: "Amit", Text: "Hello, I was on your website and noticed some errors on it. We offer SEO services and can place you on the first page of Google with quality backlinks. May I send a quote?"}),
		"guest post":     withoutJavaScript(Message{Name: "Julia", Text: "Hi, I came across your website and would love to contribute a guest post with a dofollow link. How much do you charge per post for an article?"}),
		"loan":           withoutJavaScript(Message{Name: "Finance", Text: "Apply for a loan today: business loans and personal loans at low interest rate, no credit check, quick approval."}),
		"casino":         robot(Message{Name: "MaxBet", Text: "Best online casino bonus https://a.top/x https://b.xyz/y"}),
		"bbcode":         robot(Message{Name: "Dennisvor", Text: "[url=https://pills.example/]buy cialis[/url] cheap"}),
		"html + bbcode":  withoutJavaScript(Message{Name: "x", Text: `<a href="http://a.example">a</a> [url=http://a.example]a[/url]`}),
		"homoglyphs":     robot(Message{Name: "win", Text: "Bеst cаsinо frее bоnus http://a.click/1"}),
		"blast":          guestClient(Message{Name: "Joe", Text: "We post your ad to millions of contact forms. Want more website traffic? Interested? https://t.me/abc"}),
		"gibberish":      robot(Message{Name: "YmcRtAqLdV", Text: "fEwwZMtYQqGHhLXJ"}),
		"honeypot":       browser(Message{Name: "王小明", Text: "請問有現貨嗎", Honeypot: "https://x.example"}),
		"flood":          browser(Message{Name: "a", Text: "hello", IPCount: Rate{200, 10}}),
		"invoices tw":    withoutJavaScript(Message{Name: "陳經理", Text: "本公司代開各行業發票，點數低，可驗證後付款，加LINE：abc888"}),
		"invoices cn":    withoutJavaScript(Message{Name: "张经理", Text: "代开全国各类正规发票，增值税专票普票，先开后付，微信：abc888"}),
		"lottery":        withoutJavaScript(Message{Name: "彩", Text: "六合彩內幕報碼，線上娛樂城註冊送體驗金 https://a.vip"}),
		"job":            withoutJavaScript(Message{Name: "招聘", Text: "在家兼職，日結高薪，手機操作輕鬆賺錢，日入過千，加賴 abc"}),
		"stocks":         withoutJavaScript(Message{Name: "老師", Text: "飆股老師帶單，保證獲利，加LINE進群領取明日牛股"}),
		"dating ja":      robot(Message{Name: "さくら", Text: "出会い系サイト 無料登録で女の子とすぐ会える https://a.click/x"}),
		"side job ja":    withoutJavaScript(Message{Name: "サポート", Text: "スマホだけで簡単に稼げる副業！誰でも月収100万円、LINE登録で収入アップ"}),
		"sales ja":       withoutJavaScript(Message{Name: "営業部", Text: "突然のご連絡失礼いたします。問い合わせフォーム営業の自動送信サービスで御社の新規顧客を開拓しませんか。営業リストも販売しております。"}),
		"replica ja":     robot(Message{Name: "ブランド", Text: "スーパーコピー時計 N級品 激安通販 https://a.xyz"}),
		"spaced":         withoutJavaScript(Message{Name: "x", Text: "代 開 發 票 點 數 優 惠 加 薇 信：abc"}),
		"full width":     robot(Message{Name: "x", Text: "Ｏｎｌｉｎｅ　Ｃａｓｉｎｏ ｗｗｗ．ａ．ｔｏｐ"}),
		"name with link": robot(Message{Name: "WIN https://a.example", Text: "hello"}),
	}
	checks := DefaultChecks()
	for name, m := range tests {
		m.FormLocale = "zh-TW"
		v := Screen(Input{Message: m, Checks: checks})
		if v.Outcome == Accepted {
			t.Errorf("%s: accepted with %v: %+v", name, v.Score, v.Signals)
		}
	}
}

// What happens to a shop in a year, and what becomes of each.
func TestStories(t *testing.T) {
	question := Message{Name: "王小明", Email: "ming@mail.example", FormLocale: "zh-TW", Country: "TW", Domain: DomainOK,
		Text: "您好，請問我的訂單什麼時候會寄出？上星期五下單的，謝謝。"}
	campaign := Message{Name: "Sandra", Email: "sandra81@mail.example", FormLocale: "zh-TW", Country: "PK",
		Text: "Earn a second salary from home without any experience. Our members already receive their weekly payments, join them this month before the places are gone."}
	from := func(m Message, change func(*Message)) Message { m = browser(m); change(&m); return m }
	tests := []struct {
		name string
		m    Message
		want Outcome
	}{
		{"a question", browser(question), Accepted},
		{"asked again by an impatient customer", from(question, func(m *Message) {
			m.Token, m.EmailCount, m.SenderTexts = TokenReplayed, Rate{4, 3}, Rate{2, 3}
		}), Accepted},
		{"the same short question as forty others", from(question, func(m *Message) { m.Text, m.Near = "請問這款保溫瓶還有現貨嗎？", Near{Others: 40} }), Accepted},
		{"a template that staff know as good", from(question, func(m *Message) { m.Near = Near{Others: 40, Good: 12} }), Accepted},
		{"customers who share a letter of protest", from(question, func(m *Message) { m.Text, m.Near = longLine, Near{Others: 40} }), Accepted},
		{"an office behind one address", from(question, func(m *Message) { m.IPCount, m.NetCount = Rate{35, 10}, Rate{35, 30} }), Accepted},
		{"a phone network on a sales day", from(question, func(m *Message) {
			m.NetCount, m.CountryCount, m.OverCount = Rate{80, 30}, Rate{900, 300}, Rate{900, 300}
		}), Accepted},
		{"a traveller", from(question, func(m *Message) { m.Country, m.Phone = "FR", "+33 6 12 34 56 78" }), Accepted},
		{"a Japanese guest on the Chinese page", from(question, func(m *Message) {
			m.Country, m.AcceptLanguage, m.Phone = "JP", "ja,en;q=0.5", "+81 90 1234 5678"
			m.Text = "先日注文した商品がまだ届いておりません。配送状況をご確認いただけますでしょうか。"
		}), Accepted},
		{"a Vietnamese worker in Taiwan", from(question, func(m *Message) {
			m.AcceptLanguage = "vi"
			m.Text = "Cho hỏi đơn hàng của tôi khi nào giao vậy shop?"
		}), Accepted},
		{"a guest who leaves a LINE id", from(question, func(m *Message) { m.Text += "可加 LINE ID: sunny_tw 聯絡我" }), Accepted},
		{"a dictated complaint", from(question, func(m *Message) { m.Typed, m.Text = true, longLine }), Accepted},
		{"a form restored after a crash", from(question, func(m *Message) { m.Token, m.FillTime, m.Pow = TokenExpired, time.Second, PowMissing }), Accepted},
		{"captcha provider down", from(question, func(m *Message) { m.Pow, m.Captcha = "", CaptchaDown }), Accepted},
		{"captcha walled off", from(question, func(m *Message) { m.Pow, m.Captcha, m.Country = "", CaptchaMissing, "CN" }), Accepted},
		{"captcha doubts a strict browser", from(question, func(m *Message) { m.Pow, m.Captcha, m.Accept = "", CaptchaLowScore, "*/*" }), Accepted},
		{"a mistyped mail domain", from(question, func(m *Message) { m.Domain = DomainNoMail }), Accepted},
		{"a member with bad signals", from(question, func(m *Message) {
			m.Member, m.Token, m.Pow, m.IPCount, m.Email = true, TokenInvalid, PowMissing, Rate{35, 10}, "a@yopmail.com"
		}), Accepted},
		{"a member whose browser filled in the trap", from(question, func(m *Message) { m.Member, m.Honeypot = true, "https://my.example" }), Accepted},
		{"a member's reference passed on to robots", from(question, func(m *Message) {
			m.Member, m.MemberCount, m.Token, m.IPCount, m.Email = true, Rate{40, 5}, TokenInvalid, Rate{35, 10}, "a@yopmail.com"
		}), Quarantined},
		{"a customer behind a phone network, without JavaScript", from(question, func(m *Message) {
			m.Text, m.AcceptLanguage, m.Pow, m.IPCount, m.NetCount = "hours?", "en", PowMissing, Rate{12, 10}, Rate{40, 30}
		}), Accepted},
		{"a customer whose address somebody else typed a hundred times", from(question, func(m *Message) {
			m.Pow, m.EmailCount, m.SenderTexts, m.EmailHere, m.TextsHere = PowMissing, Rate{100, 5}, Rate{100, 10}, 1, 1
		}), Accepted},
		{"the one who typed it", from(question, func(m *Message) {
			m.EmailCount, m.SenderTexts, m.EmailHere, m.TextsHere = Rate{100, 5}, Rate{100, 10}, 99, 99
		}), Quarantined},
		{"a bot that computes the sum where a captcha is asked for", from(campaign, func(m *Message) {
			m.Captcha, m.Token, m.Email, m.Text = CaptchaInvalid, TokenExpired, "a@yopmail.com", "Good day"
		}), Quarantined},
		{"a member's account used for junk", from(campaign, func(m *Message) {
			m.Member, m.Honeypot, m.Near, m.SenderTexts = true, "x", Near{Others: 3, Junk: 1}, Rate{9, 3}
		}), Quarantined},
		{"a forged membership", from(question, func(m *Message) { m.MemberInvalid = true }), Accepted},
		{"an integration by script", authenticatedClient(from(question, func(m *Message) { m.UserAgent, m.Accept = "python-requests/2.31", "*/*" })), Accepted},

		{"a campaign's first", browser(campaign), Accepted},
		{"a campaign of many senders", from(campaign, func(m *Message) { m.Near = Near{Others: 20}; m.Pow = PowMissing }), Quarantined},
		{"a campaign that staff have confirmed", from(campaign, func(m *Message) { m.Near = Near{Others: 3, Junk: 1} }), Quarantined},
		{"a campaign by robots", robot(from(campaign, func(m *Message) { m.Near, m.Honeypot = Near{Others: 30, Junk: 9}, "x" })), Blocked},
		{"one network sends and sends", from(question, func(m *Message) { m.NetCount, m.IPCount, m.Pow = Rate{400, 30}, Rate{60, 10}, PowMissing }), Quarantined},
		{"a script with bad manners", from(campaign, func(m *Message) {
			m.UserAgent, m.Accept, m.AcceptLanguage, m.Token, m.Pow, m.Email = "Go-http-client/1.1", "", "", TokenMissing, PowMissing, "a@yopmail.com"
		}), Quarantined},
		{"a solved captcha of another site", from(campaign, func(m *Message) { m.Pow, m.Captcha, m.FillTime = "", CaptchaWrongHost, time.Second }), Quarantined},
		{"random letters", from(question, func(m *Message) { m.Name, m.Text, m.Pow, m.Domain = "qKzWv", "xKqZwvTbn", PowMissing, DomainNoMail }), Quarantined},
		{"the trap filled in", from(question, func(m *Message) { m.Honeypot = "x" }), Quarantined},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if v := Screen(Input{Message: tt.m, Checks: DefaultChecks()}); v.Outcome != tt.want {
				t.Errorf("%s with %v, want %s: %+v", v.Outcome, v.Score, tt.want, v.Signals)
			}
		})
	}
}

// With the learned model, as the line runs it.
func TestStoriesWithModel(t *testing.T) {
	checks := append(DefaultChecks(), TextCheck(textmodel.Base))
	for name, m := range ham() {
		if v := Screen(Input{Message: browser(m), Checks: checks}); v.Outcome != Accepted {
			t.Errorf("%s: %s with %v: %+v", name, v.Outcome, v.Score, v.Signals)
		}
	}
	for name, text := range map[string]string{
		"seo":      "We guarantee first page rankings on Google for your website. Our link building packages start at $99 a month, reply for a free audit.",
		"casino":   "Best online casino 2026! Claim your 200% welcome bonus and free spins now https://win.example",
		"loan":     "Need cash today? Business loans up to $500,000, bad credit welcome, money in your account within 24 hours.",
		"invoices": "代開發票，正規稅票，點數優惠，先開後付，來電洽詢",
		"stocks":   "飆股老師免費帶單，每日推薦三支牛股，保證獲利，立即加入群組",
		"side job": "スマホだけで誰でも簡単に月収50万円！今だけ無料で副業マニュアルをプレゼント",
	} {
		if v := Screen(Input{Message: browser(Message{FormLocale: "en", Text: text}), Checks: checks}); v.Outcome == Accepted {
			t.Errorf("%s: accepted with %v: %+v", name, v.Score, v.Signals)
		}
	}
}
