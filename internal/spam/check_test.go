package spam

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// signals runs one check and returns "name weight" for each signal, and fails
// when a signal could not be shown or stored.
func signals(t *testing.T, check Check, m Message) string {
	t.Helper()
	var out []string
	for _, s := range check(m) {
		if s.Sentence == "" {
			t.Errorf("signal %s has no sentence", s.Name)
		}
		if _, err := json.Marshal(s); err != nil {
			t.Errorf("signal %s: %v", s.Name, err)
		}
		out = append(out, fmt.Sprintf("%s %v", s.Name, s.Weight))
	}
	return strings.Join(out, ", ")
}

var longLine = strings.Repeat("The lamp arrived on Monday and the shade was broken. ", 3)

func TestFormChecks(t *testing.T) {
	guest := func(change func(*Message)) Message {
		m := Message{Network: true, UserAgent: "Mozilla/5.0"}
		change(&m)
		return m
	}
	tests := []struct {
		name  string
		check Check
		m     Message
		want  string
	}{
		{"honeypot empty", checkHoneypot(), guest(func(m *Message) { m.Honeypot = " " }), ""},
		{"honeypot filled", checkHoneypot(), guest(func(m *Message) { m.Honeypot = "http://x" }), "honeypot 8"},
		{"no token asked for", checkToken(), guest(func(m *Message) {}), ""},
		{"token valid", checkToken(), guest(func(m *Message) { m.Token = TokenValid }), ""},
		{"token missing", checkToken(), guest(func(m *Message) { m.Token = TokenMissing }), "token_missing 1.5"},
		{"token expired", checkToken(), guest(func(m *Message) { m.Token = TokenExpired }), "token_expired 1"},
		{"token replayed", checkToken(), guest(func(m *Message) { m.Token = TokenReplayed }), "token_replayed 1.5"},
		{"token invalid", checkToken(), guest(func(m *Message) { m.Token = TokenInvalid }), "token_invalid 3"},
		{"filled at once", checkFillTime(), guest(func(m *Message) { m.FillTime = time.Millisecond }), "fill_time 2.5"},
		{"filled just under 3 s", checkFillTime(), guest(func(m *Message) { m.FillTime = 3*time.Second - 1 }), "fill_time 2.5"},
		{"filled in 3 s", checkFillTime(), guest(func(m *Message) { m.FillTime = 3 * time.Second }), ""},
		{"fill time not measured", checkFillTime(), guest(func(m *Message) {}), ""},
		{"no work asked for", checkPow(), guest(func(m *Message) {}), ""},
		{"work missing", checkPow(), guest(func(m *Message) { m.Pow = PowMissing }), "pow_missing 0.5"},
		{"work invalid", checkPow(), guest(func(m *Message) { m.Pow = PowInvalid }), "pow_invalid 2"},
		{"work valid", checkPow(), guest(func(m *Message) { m.Pow = PowValid }), "pow_valid -1"},
		{"work valid beside a captcha that failed", checkPow(), guest(func(m *Message) { m.Pow, m.Captcha = PowValid, CaptchaMissing }), ""},
		{"work valid while captchas are down", checkPow(), guest(func(m *Message) { m.Pow, m.Captcha = PowValid, CaptchaDown }), "pow_valid -1"},
		{"work invalid beside a captcha", checkPow(), guest(func(m *Message) { m.Pow, m.Captcha = PowInvalid, CaptchaMissing }), "pow_invalid 2"},
		{"browser", checkUserAgent(), guest(func(m *Message) {}), ""},
		{"no browser", checkUserAgent(), guest(func(m *Message) { m.UserAgent = "" }), "user_agent_missing 1"},
		{"guest", checkAuthenticated(), guest(func(m *Message) {}), ""},
		{"signed in", checkAuthenticated(), guest(func(m *Message) { m.Authenticated = true }), "authenticated -2"},
		{"rates not measured", checkRates(), guest(func(m *Message) { m.IPCount.Count = 99 }), ""},
		{"rate at its limit", checkRates(), guest(func(m *Message) { m.IPCount = Rate{10, 10} }), ""},
		{"rate above", checkRates(), guest(func(m *Message) { m.IPCount = Rate{11, 10} }), "rate_ip 2"},
		{"rate twice", checkRates(), guest(func(m *Message) { m.IPCount = Rate{20, 10} }), "rate_ip 2"},
		{"rate above twice", checkRates(), guest(func(m *Message) { m.IPCount = Rate{21, 10} }), "rate_ip 4"},
		{"rate above five times", checkRates(), guest(func(m *Message) { m.IPCount = Rate{51, 10} }), "rate_ip 6"},
		{"mail address", checkRates(), guest(func(m *Message) { m.EmailCount = Rate{9, 3} }), "rate_email 3"},
		{"busy day", checkRates(), guest(func(m *Message) { m.OverCount = Rate{9999, 100} }), "rate_overall 2"},
		{"network above", checkRates(), guest(func(m *Message) { m.NetCount = Rate{31, 30} }), "rate_network 1"},
		{"network at its limit", checkRates(), guest(func(m *Message) { m.NetCount = Rate{30, 30} }), ""},
		{"country on a bad day", checkRates(), guest(func(m *Message) { m.CountryCount = Rate{999, 30} }), "rate_country 1.5"},
		{"many texts of one sender", checkRates(), guest(func(m *Message) { m.SenderTexts = Rate{9, 3} }), "sender_texts 2"},
		{"a sender with two questions", checkRates(), guest(func(m *Message) { m.SenderTexts = Rate{2, 3} }), ""},
		{"signed in, with many texts", checkRates(), guest(func(m *Message) { m.Authenticated, m.SenderTexts = true, Rate{4, 3} }), "sender_texts 1"},
		{"no captcha asked for", checkCaptcha(), guest(func(m *Message) {}), ""},
		{"captcha valid", checkCaptcha(), guest(func(m *Message) { m.Captcha = CaptchaValid }), "captcha_valid -1.5"},
		{"captcha missing", checkCaptcha(), guest(func(m *Message) { m.Captcha = CaptchaMissing }), "captcha_missing 2"},
		{"captcha invalid", checkCaptcha(), guest(func(m *Message) { m.Captcha = CaptchaInvalid }), "captcha_invalid 3"},
		{"captcha duplicate", checkCaptcha(), guest(func(m *Message) { m.Captcha = CaptchaDuplicate }), "captcha_duplicate 2"},
		{"captcha of another site", checkCaptcha(), guest(func(m *Message) { m.Captcha = CaptchaWrongHost }), "captcha_wrong_host 3"},
		{"captcha with a low score", checkCaptcha(), guest(func(m *Message) { m.Captcha = CaptchaLowScore }), "captcha_low_score 2"},
		{"captcha down", checkCaptcha(), guest(func(m *Message) { m.Captcha = CaptchaDown }), "captcha_down 0.5"},
		{"captcha of somebody known", checkCaptcha(), guest(func(m *Message) { m.Authenticated, m.Captcha = true, CaptchaMissing }), ""},
		{"guest is no member", checkMember(), guest(func(m *Message) {}), ""},
		{"member", checkMember(), guest(func(m *Message) { m.Member = true }), "member -6"},
		{"member within his rate", checkMember(), guest(func(m *Message) { m.Member, m.MemberCount = true, Rate{5, 5} }), "member -6"},
		{"member who floods", checkMember(), guest(func(m *Message) { m.Member, m.MemberCount = true, Rate{6, 5} }), "member 0"},
		{"forged member", checkMember(), guest(func(m *Message) { m.MemberInvalid = true }), "member_invalid 1.5"},
		{"integration with an odd reference", checkMember(), guest(func(m *Message) { m.Authenticated, m.MemberInvalid = true, true }), ""},
		{"mail domain unknown", checkMailDomain(), guest(func(m *Message) { m.Email = "a@b.example" }), ""},
		{"mail domain good", checkMailDomain(), guest(func(m *Message) { m.Email, m.Domain = "a@b.example", DomainOK }), ""},
		{"mail domain without mail", checkMailDomain(), guest(func(m *Message) { m.Email, m.Domain = "a@b.example", DomainNoMail }), "domain_no_mail 1.5"},
		{"typed", checkTyping(), guest(func(m *Message) { m.Typed, m.Keys, m.Text = true, 140, longLine }), ""},
		{"typing not counted", checkTyping(), guest(func(m *Message) { m.Text = longLine }), ""},
		{"a short text picked from a list", checkTyping(), guest(func(m *Message) { m.Typed, m.Text = true, "請問有現貨嗎" }), ""},
		{"pasted", checkTyping(), guest(func(m *Message) { m.Typed, m.Keys, m.Pastes, m.Text = true, 2, 1, longLine }), "pasted 0.5"},
		{"put in by a program", checkTyping(), guest(func(m *Message) { m.Typed, m.Text = true, longLine }), "pasted 1"},
		{"put in by an integration", checkTyping(), guest(func(m *Message) { m.Authenticated, m.Typed, m.Text = true, true, longLine }), ""},
		{"integration from one address", checkRates(), guest(func(m *Message) {
			m.Authenticated, m.IPCount, m.OverCount, m.EmailCount = true, Rate{999, 1}, Rate{999, 1}, Rate{4, 3}
		}), "rate_email 1.5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := signals(t, tt.check, tt.m); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Without a request, or from somebody known, the traps of the form are silent.
func TestSilence(t *testing.T) {
	m := Message{Token: TokenInvalid, Pow: PowInvalid, Captcha: CaptchaInvalid, FillTime: 1, Honeypot: "x", MemberInvalid: true,
		IPCount: Rate{99, 1}, OverCount: Rate{99, 1}, EmailCount: Rate{99, 1}, NetCount: Rate{99, 1}, CountryCount: Rate{99, 1},
		SenderTexts: Rate{99, 1}, Domain: DomainNoMail, Typed: true, Text: longLine, Phone: "+7 912 345 67 89", FormLocale: "en"}
	if v := Screen(Input{Message: m, Checks: DefaultChecks()}); len(v.Signals) > 0 {
		t.Errorf("an imported message has signals of a request: %+v", v.Signals)
	}
	m = Message{Network: true, Authenticated: true, Token: TokenInvalid, Pow: PowInvalid, Captcha: CaptchaMissing, FillTime: 1,
		UserAgent: "curl/8.5", MemberInvalid: true, Phone: "+7 912 345 67 89", FormLocale: "ja"}
	v := Screen(Input{Message: m, Checks: DefaultChecks()})
	if len(v.Signals) != 1 || v.Signals[0].Name != "authenticated" {
		t.Errorf("an authenticated message has signals %+v", v.Signals)
	}
	m.Honeypot = "x"
	m.Pow = PowValid
	if v = Screen(Input{Message: m, Checks: DefaultChecks()}); v.Outcome != Quarantined {
		t.Errorf("trust outweighs a filled honeypot: %+v", v)
	}
}

func TestTextChecks(t *testing.T) {
	long := "The lamp arrived on Monday and the shade was broken in two places, so I wrote to you at once."
	tests := []struct {
		name  string
		check Check
		text  string
		want  string
	}{
		{"prose", checkRepetition(), long, ""},
		{"a long laugh", checkRepetition(), "哈哈哈哈哈哈哈", ""},
		{"one character", checkRepetition(), strings.Repeat("a", 40), "repeated_char 1.5"},
		{"one emoji", checkRepetition(), strings.Repeat("😭", 40), ""},
		{"a dividing line", checkRepetition(), long + "\n----------------------------------------\n" + long[:30], ""},
		{"a line three times", checkRepetition(), "Buy it now\nBuy it now\nBuy it now", "repeated_line 1.5"},
		{"a line ten times", checkRepetition(), strings.Repeat("Buy it now\n", 10), "repeated_line 3"},
		{"a phrase", checkRepetition(), strings.Repeat("buy best watch ", 20), "repeated_text 1.5"},
		{"a phrase in Chinese", checkRepetition(), strings.Repeat("買最好的手錶", 20), "repeated_text 1.5"},
		{"empty", checkRepetition(), "", ""},

		{"words", checkGibberish(), long, ""},
		{"hard words", checkGibberish(), "Knightsbridge, Schwarzschild, rhythm", ""},
		{"no vowels", checkGibberish(), "sdfghjkl", "gibberish_text 1.5"},
		{"wild capitals", checkGibberish(), "fEwwZMtYQqGHhLXJ", "gibberish_text 1.5"},
		{"consonants", checkGibberish(), "axcvbnmtrwq", "gibberish_text 1.5"},
		{"short and mixed", checkGibberish(), "xKqZwvTbn", "gibberish_text 1.5"},
		{"short with rare pairs", checkGibberish(), "qzkvx jwpqz", "gibberish_text 1.5"},
		{"five letters", checkGibberish(), "XQKZW", ""},
		{"five mixed letters", checkGibberish(), "qKzWv", "gibberish_text 1.5"},
		{"brands", checkGibberish(), "iPhone YouTube PayPal eBay McDonald LaTeX WhatsApp TikTok GoPro MacBook iPadOS", ""},
		{"hard names", checkGibberish(), "Krzysztof Szczepaniak, Hrvoje Vlk, Nguyen, Ljubljana, Zhang Xueqing, Tsukuba, Bjork, Qatar", ""},
		{"pinyin", checkGibberish(), "qing wen you xian huo ma, xiexie", ""},
		{"product codes", checkGibberish(), "BRKTWXZQ XKQ-ZWV12 wxq77kz zx-qkvw", ""},
		{"a code in a question", checkGibberish(), "Where is order BRKTWXZQ? I paid on Monday.", ""},
		{"mail address", checkGibberish(), "sdfghjkl@example.com", ""},
		{"Chinese", checkGibberish(), "請問有現貨嗎", ""},

		{"plain", checkMarkup(), "2 < 3 and a > b [sic]", ""},
		{"HTML link", checkMarkup(), `<a class=x href="http://a.example">x</a>`, "markup 3"},
		{"BBCode", checkMarkup(), "[url=http://a.example]x[/url]", "markup 3"},
		{"both", checkMarkup(), "<A HREF=x>y</a> [URL]x[/URL]", "markup 5"},
		{"tags", checkMarkup(), "<b>hello</b>", "markup 1"},
		{"Markdown", checkMarkup(), "[here](https://a.example)", "markup 0.5"},

		{"Cyrillic inside Latin", checkHomoglyphs(), "best cаsino here", "homoglyphs 2"},
		{"many", checkHomoglyphs(), "bеst cаsinо frее bоnus", "homoglyphs 3.5"},
		{"Latin inside Cyrillic", checkHomoglyphs(), "зaрaботок", "homoglyphs 2"},
		{"Russian", checkHomoglyphs(), "Где мой заказ? iPhone 15", ""},
		{"a space forgotten", checkHomoglyphs(), "testГде мой заказ", ""},
		{"units", checkHomoglyphs(), "5 kΩ, 10 µm, αβγ", ""},
		{"Latin in Chinese", checkHomoglyphs(), "我的iPhone壞了", ""},

		{"nothing hidden", checkHidden(), long, ""},
		{"pasted from a page", checkHidden(), "請\u200b問有現貨嗎", "hidden_chars 0.5"},
		{"some hidden", checkHidden(), "c\u200ba\u200bs\u200bino", "hidden_chars 1.5"},
		{"many hidden", checkHidden(), strings.Repeat("a\u2060", 20), "hidden_chars 2.5"},
		{"family emoji", checkHidden(), "👨\u200d👩\u200d👧\u200d👦 thanks ❤\ufe0f", ""},
		{"Persian", checkHidden(), "می\u200cخواهم", ""},
		{"mark in Hebrew", checkHidden(), "שלום\u200f!", ""},
		{"byte order mark", checkHidden(), "\ufeffhello", ""},
		{"override", checkHidden(), "abc \u202efdp.exe\u202c", "bidi_override 1.5"},

		{"styled", checkStyled(), "𝗙𝗿𝗲𝗲 𝗺𝗼𝗻𝗲𝘆", "styled_letters 1.5"},
		{"a little styled", checkStyled(), "𝕏 Ⓡ", ""},
		{"full width", checkStyled(), "ＡＢＣＤＥＦＧ", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := signals(t, tt.check, Message{Text: tt.text}); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFieldChecks(t *testing.T) {
	tests := []struct {
		name  string
		check Check
		m     Message
		want  string
	}{
		{"name is text", checkName(), Message{Name: "Kevin Kim", Text: " kevin  kim"}, "name_is_text 2"},
		{"name in text", checkName(), Message{Name: "Kevin", Text: "Kevin here"}, ""},
		{"both empty", checkName(), Message{}, ""},
		{"link in the name", checkFieldLinks(), Message{Name: "WIN bit.ly/abc"}, "name_link 3"},
		{"mail as name", checkFieldLinks(), Message{Name: "ann@shop.example.com"}, ""},
		{"initials", checkFieldLinks(), Message{Name: "J. R. de Boer"}, ""},
		{"link as phone", checkFieldLinks(), Message{Phone: "https://junk.example"}, "field_link 2.5"},
		{"link as order", checkFieldLinks(), Message{OrderNo: "junk.top/1"}, "field_link 2.5"},
		{"phone and order", checkFieldLinks(), Message{Phone: "+886 912-345-678 ext. 5", OrderNo: "A-2026.0301"}, ""},
		{"gibberish name", checkGibberish(), Message{Name: "YmcRtAqLdV", Text: "hello"}, "gibberish_name 1"},
		{"gibberish name and text", checkGibberish(), Message{Name: "qKzWv", Text: "xKqZwvTbn"}, "gibberish_text 3, gibberish_name 1"},
		{"throw-away", checkDisposable(), Message{Email: "a@Mailinator.com"}, "disposable_email 2"},
		{"below a throw-away", checkDisposable(), Message{Email: "a@x.y.yopmail.com"}, "disposable_email 2"},
		{"ends alike", checkDisposable(), Message{Email: "a@notyopmail.com"}, ""},
		{"normal mail", checkDisposable(), Message{Email: "a@gmail.com"}, ""},
		{"no mail", checkDisposable(), Message{}, ""},
		{"dot at the end", checkDisposable(), Message{Email: "a@yopmail.com."}, "disposable_email 2"},
		{"Russian on a Japanese page", checkScript(), Message{FormLocale: "ja", Text: "Где мой заказ, пожалуйста?"}, "script 1"},
		{"Russian with a Russian browser", checkScript(), Message{FormLocale: "ja", AcceptLanguage: "ru-RU,ru;q=0.9", Text: "Где мой заказ, пожалуйста?"}, ""},
		{"English on a Chinese page", checkScript(), Message{FormLocale: "zh-TW", Text: "Where is my order, please?"}, "script 0.5"},
		{"English with an English browser", checkScript(), Message{FormLocale: "zh-TW", AcceptLanguage: "en-US", Text: "Where is my order, please?"}, ""},
		{"Chinese on an English page", checkScript(), Message{FormLocale: "en", Text: "請問我的訂單什麼時候會寄出呢謝謝您"}, "script 0.5"},
		{"Chinese on a Chinese page", checkScript(), Message{FormLocale: "zh-TW", Text: "請問我的訂單什麼時候會寄出呢謝謝您"}, ""},
		{"Japanese on a Japanese page", checkScript(), Message{FormLocale: "ja", Text: "注文した商品がまだ届いていないのですが"}, ""},
		{"nothing known", checkScript(), Message{Text: "Где мой заказ, пожалуйста?"}, ""},
		{"too short to tell", checkScript(), Message{FormLocale: "ja", Text: "Привет"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := signals(t, tt.check, tt.m); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDisposableList(t *testing.T) {
	n := 0
	for line := range strings.Lines(disposableList) {
		n++
		domain := strings.TrimSuffix(line, "\n")
		if domain != asciiHost(domain) || !strings.Contains(domain, ".") || strings.ContainsAny(domain, " #@") {
			t.Errorf("line %d: %q is no domain", n, domain)
		}
	}
	if n < 150 || len(words(disposableList)) != n {
		t.Errorf("%d lines, %d different", n, len(words(disposableList)))
	}
}
