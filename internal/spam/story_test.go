package spam

import (
	"strings"
	"testing"
	"time"
)

// The ways in which messages arrive.
func browser(m Message) Message {
	m.Network, m.Source, m.UserAgent = true, "form", "Mozilla/5.0"
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
