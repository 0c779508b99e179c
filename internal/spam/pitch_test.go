package spam

import "testing"

func pitches() map[string]Message {
	return map[string]Message{
		"seo":             {Text: "Hello, I was on your website and noticed some errors on it. We offer SEO services and can place you on the first page of Google. May I send a quote?"},
		"agency":          {Text: "Hi there, we are a digital marketing agency that helps online stores. Are you free for a quick call next week?"},
		"collaboration":   {Text: "Hi! I'm a content creator from Osaka with 40k followers and would love to collaborate with your brand."},
		"partnership":     {Text: "Dear team, I would like to discuss a partnership between our companies. Who is the right person to speak to?"},
		"factory":         {Text: "We are a leading manufacturer of glass bottles in Ningbo. Please find our catalogue and price list, samples are free."},
		"media kit":       {Text: "Our magazine reaches 200,000 readers. Would you like to receive our media kit for the spring issue?"},
		"web":             {Text: "We are a web design company. Is it time for a website redesign? Let us know."},
		"business zh":     {Text: "您好，我們想與貴公司談談業務合作的可能，再請窗口與我聯絡，謝謝。"},
		"cross trade zh":  {Text: "您好，我們是台中的咖啡品牌，希望能和您進行異業合作，一起推出聯名活動。"},
		"media zh":        {Subject: "媒體邀約", Text: "我們是生活風格媒體，想邀請您的品牌參與本季專題。"},
		"influencer zh":   {Text: "哈囉，我是美妝部落客，粉絲三萬，想詢問是否有開箱合作的機會？"},
		"marketing zh":    {Text: "您好，我們是專業的網路行銷公司，可協助貴公司提升曝光，方便約個時間線上會議嗎？"},
		"cooperation cn":  {Text: "您好，我司专注小程序开发八年，可为贵司提供定制方案与报价，期待与您洽谈合作。"},
		"supply cn":       {Text: "我们是义乌的工厂，长期为电商提供礼品货源，可寄样品，欢迎报价。"},
		"proposal ja":     {Text: "突然のご連絡失礼いたします。貴社との業務提携のご提案でご連絡いたしました。一度お打ち合わせのお時間をいただけますでしょうか。"},
		"sales ja":        {Text: "お世話になっております。弊社サービスのご案内でございます。EC事業者様の集客を支援しております。"},
		"with a category": {Category: "cooperation", Text: "貴公司您好，我是手作品牌的負責人，想了解寄售。"},
	}
}

func TestPitch(t *testing.T) {
	check := checkPitch()
	for name, m := range pitches() {
		if got := check(m); len(got) != 1 || got[0].Name != "pitch" || got[0].Weight != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, m := range ham() {
		if got := check(m); got != nil && name != "japanese cooperation" && name != "franchise" {
			t.Errorf("%s is taken for a pitch: %+v", name, got)
		}
	}
	customers := map[string]Message{
		"order":        {OrderNo: "A1001", Category: "cooperation", Text: "您好，我買了三個貴公司的杯子，想改地址。"},
		"wrong box":    {Category: "cooperation", Text: "請問有現貨嗎？"},
		"wholesale":    {Text: "貴公司您好，我們公司想大量訂購保溫瓶當尾牙禮品，請問 200 個的報價？需要開發票。"},
		"marketing":    {Text: "I don't want your marketing mails any more, please take me off the list."},
		"collab goods": {Text: "請問上次和插畫家的聯名款還會再出嗎？"},
		"refund":       {Text: "我的訂單到現在還沒收到，貴公司的物流合作廠商說沒有這個包裹，請退款。"},
		"ja return":    {Text: "御社の商品を注文したのですが、サイズが合わず返品をお願いしたいです。"},
		"influencer":   {Text: "I saw your bottle on a blogger's page. Is the blue one in stock?"},
		"gift":         {Text: "Could I get a quote for 20 mugs with our logo? We would like to order by June."},
		"api":          {Text: "Your payment page does not work with my card. Is there another payment solution?"},
	}
	for name, m := range customers {
		if got := check(m); got != nil {
			t.Errorf("%s is taken for a pitch: %+v", name, got)
		}
	}
}

func TestPitchDecides(t *testing.T) {
	seo, offer := pitches()["seo"].Text, pitches()["agency"].Text+" We help online stores, our portfolio is on request. Social media marketing services boost your business."
	en := func(text string) Message { return browser(Message{FormLocale: "en", Text: text}) }
	zh := func(text string) Message { return browser(Message{FormLocale: "zh-TW", Text: text}) }
	machine := func(change func(*Message)) Message { m := en(offer); change(&m); return m }
	const A, Q, B = Accepted, Quarantined, Blocked
	tests := []struct {
		name                     string
		m                        Message
		normal, low, quarantined Outcome
		pitch                    bool
	}{
		{"a person", en(offer), A, A, Q, true},
		{"without JavaScript", withoutJavaScript(en(offer)), Q, A, Q, true},
		{"a mild one", zh(pitches()["cross trade zh"].Text), A, A, Q, true},
		{"a customer", zh("請問有現貨嗎"), A, A, A, false},
		{"what is sold to every site", en(seo), Q, Q, Q, true},
		{"web design", en("I was on your website. It is time for a website redesign: we are a web design company with affordable prices and dedicated developers. Our portfolio is on request, or hop on a call. Unsubscribe below."), Q, Q, Q, true},
		{"guest post", en("I came across your website and would like to publish a guest post on your blog with a dofollow link. How much do you charge?"), Q, Q, Q, true},
		{"backlinks", en("We offer backlinks and link building. Increase your organic traffic and rank higher with our SEO experts."), Q, Q, Q, true},
		{"many links", withoutJavaScript(en(offer + " https://a.com/1 https://b.com/2 https://c.com/3")), Q, Q, Q, false},
		{"two links", en(offer + " https://a.com/1 https://b.com/2"), Q, A, Q, true},
		{"an invitation to a chat", withoutJavaScript(en(offer + " https://t.me/abc")), Q, Q, Q, false},
		{"an id to be added", withoutJavaScript(en(offer + " Add me on Telegram @buyacc")), Q, Q, Q, false},
		{"a shortened link", withoutJavaScript(en(offer + " https://bit.ly/abc")), Q, Q, Q, false},
		{"a cheap ending", withoutJavaScript(en(offer + " https://a.top/1")), Q, Q, Q, false},
		{"a link as code", withoutJavaScript(en(offer + " [x](https://a.com/1)")), Q, Q, Q, false},
		{"accounts bought", zh("商務合作：高價收購銀行帳戶、門號卡，現金交易，貴公司員工也可洽談合作，TG @buyacc"), A, A, A, false},
		{"girls", withoutJavaScript(zh("異業合作 全台優質妹妹 https://t.me/abcgirls")), Q, Q, Q, false},
		{"recovery", en("Collaboration opportunity. I lost $80,000 in bitcoin trading and a specialist recovered my wallet. WhatsApp +1 202 555 0147 https://a.top/x https://a1.top https://a2.top https://a3.top https://a4.top"), Q, Q, Q, false},
		{"honeypot", machine(func(m *Message) { m.Honeypot = "x" }), Q, Q, Q, false},
		{"forged token", machine(func(m *Message) { m.Token = TokenInvalid }), Q, Q, Q, false},
		{"a campaign known as junk", machine(func(m *Message) { m.Near = Near{Others: 4, Junk: 1} }), Q, Q, Q, false},
		{"sent to many", machine(func(m *Message) { m.Near = Near{Others: 4} }), Q, A, Q, true},
		{"sent to very many", machine(func(m *Message) { m.Near = Near{Others: 40} }), Q, Q, Q, true},
		{"disguised", machine(func(m *Message) { m.Text += " bеst cаsino" }), Q, Q, Q, false},
		{"with a casino", withoutJavaScript(machine(func(m *Message) { m.Text += " online casino" })), Q, Q, Q, false},
		{"from a script in a hurry", machine(func(m *Message) {
			m.Token, m.Pow, m.FillTime, m.UserAgent, m.Captcha = TokenMissing, PowMissing, 0, "curl/8", CaptchaMissing
		}), Q, Q, Q, false},
		{"everything at once", robot(Message{FormLocale: "en", Honeypot: "x", Text: seo + " https://a.top/1 https://b.top/2 https://c.top/3", Near: Near{Junk: 3}}), B, B, B, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for mode, want := range map[string]Outcome{"": tt.normal, PitchNormal: tt.normal, PitchLow: tt.low, PitchQuarantine: tt.quarantined} {
				v := Screen(Input{Message: tt.m, Checks: DefaultChecks(), Pitch: mode})
				if v.Outcome != want || v.Pitch != tt.pitch {
					t.Errorf("%q: %s, pitch %v with %v, want %s, %v: %+v", mode, v.Outcome, v.Pitch, v.Score, want, tt.pitch, v.Signals)
				}
			}
		})
	}
}

// Two words of business open no door to a text that reads like junk, and a
// pitch that only reads a little like it is let in.
func TestPitchAndText(t *testing.T) {
	text := func(w float64) Check {
		return func(Message) []Signal { return []Signal{{Name: "text", Weight: w, Sentence: "x"}} }
	}
	tests := []struct {
		text  float64
		more  map[string]float64
		want  Outcome
		pitch bool
	}{
		{5, nil, Accepted, true},
		{6.5, nil, Accepted, true},
		{7, nil, Accepted, true},
		{6.5, map[string]float64{"pow_missing": 0.5, "script": 0.5}, Accepted, true},
		{6.5, map[string]float64{"pow_missing": 0.5, "script": 1}, Quarantined, true},
		{6, map[string]float64{"keyword": 4}, Quarantined, true}, // the words count in full here
		{6.5, map[string]float64{"repeated_text": 30}, Quarantined, true},
		{7, map[string]float64{"repeated_text": 30}, Quarantined, true},
	}
	for _, tt := range tests {
		in := Input{Message: Message{Text: "x"}, Pitch: PitchLow, Checks: []Check{named(map[string]float64{"pitch": 0}), text(tt.text), named(tt.more)}}
		if v := Screen(in); v.Outcome != tt.want || v.Pitch != tt.pitch {
			t.Errorf("%v, %v: %s, %v with %v", tt.text, tt.more, v.Outcome, v.Pitch, v.Score)
		}
	}
}

// Staff's rules and switches come before the privilege of a pitch.
func TestPitchAndStaff(t *testing.T) {
	m := browser(Message{FormLocale: "en", Text: pitches()["seo"].Text})
	blocked := func(Message) []Signal { return []Signal{Noticed("contact_blocked", "Blocked.", nil)} }
	tests := []struct {
		name   string
		in     Input
		want   Outcome
		thresh Thresholds
	}{
		{"block rule", Input{Hits: []Hit{ruleHit(ActionBlock)}}, Blocked, Thresholds{}},
		{"quarantine rule", Input{Hits: []Hit{ruleHit(ActionQuarantine)}}, Quarantined, Thresholds{}},
		{"allow rule", Input{Hits: []Hit{ruleHit(ActionAllow)}}, Accepted, Thresholds{}},
		{"blocked person", Input{Checks: append(DefaultChecks(), blocked)}, Quarantined, Thresholds{}},
		{"switched off", Input{Off: Switched([]string{"pitch"})}, Quarantined, Thresholds{}},
		{"low thresholds", Input{}, Quarantined, Thresholds{Quarantine: 1, Block: 2}},
		{"high thresholds", Input{}, Accepted, Thresholds{Quarantine: 9, Block: 30}},
	}
	for _, tt := range tests {
		tt.in.Message, tt.in.Pitch, tt.in.Thresholds = m, PitchLow, tt.thresh
		if tt.in.Checks == nil {
			tt.in.Checks = DefaultChecks()
		}
		if v := Screen(tt.in); v.Outcome != tt.want {
			t.Errorf("%s: %s with %v: %+v", tt.name, v.Outcome, v.Score, v.Signals)
		}
	}
}
