package spam

import (
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// Pitches where the shop takes them at a low priority, with the learned model.
func TestPitchesWithModel(t *testing.T) {
	tests := map[Outcome]map[string]string{
		Quarantined: {
			"recovery":   "Collaboration opportunity. I lost $80,000 to a fake trading platform and a specialist recovered my bitcoin in three days. WhatsApp +1 202 555 0147." + " https://recover.top/a https://a1.top https://a2.top https://a3.top https://a4.top https://a5.top https://a6.top https://a7.top https://a8.top https://a9.top",
			"accounts":   "商務合作：高價收購銀行帳戶、門號卡，現金當面交易，絕對安全，貴公司員工也可洽談合作，TG @buyacc",
			"girls":      "異業合作 全台優質妹妹，24小時服務，學生 OL 皆有，洽談合作請加 https://t.me/abcgirls",
			"seo":        "Hello, I came across your website and noticed you are not ranking on Google. We are an SEO agency and offer SEO services, link building and quality backlinks at affordable prices. Can I send you a free audit report and a quote?",
			"web design": "Hi, I was on your website and I think it needs a website redesign. We are a web design company with affordable prices, our portfolio is available. Are you free for a quick call this week?",
			"guest post": "Hi, I came across your website and would like to publish a guest post on your blog with a dofollow link. How much do you charge per post?",
			"backlinks":  "We offer high DA backlinks and link building packages from $49. Increase your organic traffic with our SEO experts today.",
			"seo zh":     "您好，我們是專業SEO公司，提供關鍵字排名與網站優化，協助貴公司網站流量提升，保證排名首頁，歡迎來信索取方案報價。",
		},
		Accepted: {
			"coffee":  "您好，我是台中「山丘咖啡」的品牌經理林怡君。我們在中部有六家門市，想邀請貴公司於十月的市集一起推出聯名保溫瓶，預計印製五百支，由我們負責設計與通路。若有興趣，是否方便約下週三線上會議洽談合作方式？電話 04-2222-3333。",
			"tea":     "Dear team, I am the buyer for a chain of twelve tea shops in Osaka. We would like to discuss a partnership: our shops would sell your bottles next to our spring tea, about 300 pieces in March, and we would show your brand in our windows. Could you tell me the right person to speak to about wholesale terms?",
			"sweets":  "突然のご連絡失礼いたします。京都で和菓子店を営む山本と申します。貴社の水筒と弊社の抹茶を組み合わせたコラボ企画をご提案したく、十月の催事に向けて200セットほどを考えております。一度お打ち合わせのお時間をいただけますでしょうか。",
			"podcast": "Hi, I run a design podcast about everyday objects with 8,000 listeners a month. I would love to collaborate with your brand for our episode on tea ware, and interview your designer. We don't charge anything. Would October suit you?",
			"museum":  "您好，我们是杭州的文创品牌，去年与三家博物馆做过联名。想与贵公司探讨合作，推出一款限量水杯，数量约一千只，设计稿已附上。期待您的回复，谢谢。陈晨",
		},
	}
	checks := append(DefaultChecks(), TextCheck(textmodel.Base))
	for want, texts := range tests {
		for name, text := range texts {
			m := browser(Message{FormLocale: "zh-TW", AcceptLanguage: "zh-TW,en,ja", Text: text})
			v := Screen(Input{Message: m, Checks: checks, Pitch: PitchLow})
			if v.Outcome != want || want == Accepted && !v.Pitch {
				t.Errorf("%s: %s, pitch %v with %v: %s", name, v.Outcome, v.Pitch, v.Score, weightsOf(v))
			}
		}
	}
}

// Reports of junk, and a terse question from behind a phone network, with the model.
func TestInnocentWithModel(t *testing.T) {
	checks := append(DefaultChecks(), TextCheck(textmodel.Base))
	for name, m := range map[string]Message{
		"prize":      {Text: "我收到簡訊說恭喜您中獎，要我點擊連結領取，網址是 https://shop-gift.top/a ，請問是你們發的嗎？"},
		"stocks":     {Text: "請問是詐騙嗎？有人加我LINE說是你們的客服，投資股票穩賺，要我匯款 https://a.xyz/1"},
		"en":         {Text: "I received an SMS with your name: gift card winner, click the link below https://bit.ly/xyz . Is this from you or a scam?"},
		"ja":         {Text: "「ご当選おめでとうございます。100万円受け取り手続きはこちら」というメールが届きました。https://prize.xyz/1 御社からですか？"},
		"phone call": {Text: "有人打電話說是你們公司，說我中獎要我先匯手續費，請問是你們發的嗎？還是詐騙？"},
		"hours":      {Text: "hours?", IPCount: Rate{12, 10}, NetCount: Rate{40, 30}},
	} {
		m.FormLocale, m.AcceptLanguage = "zh-TW", "zh-TW,en,ja"
		arrive := browser
		if name == "hours" {
			arrive = withoutJavaScript
		}
		if v := Screen(Input{Message: arrive(m), Checks: checks}); v.Score >= defaultQuarantine {
			t.Errorf("%s: %s with %v: %s", name, v.Outcome, v.Score, weightsOf(v))
		}
	}
}
