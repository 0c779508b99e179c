package spam

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// weightsOf lists what the signals of a verdict weigh.
func weightsOf(v Verdict) string {
	var out []string
	for _, s := range v.Signals {
		out = append(out, fmt.Sprintf("%s %v", s.Name, s.Weight))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func TestRatesDoNotAddUp(t *testing.T) {
	tests := []struct {
		name string
		m    Message
		off  string
		want string
	}{
		{"address and network", Message{IPCount: Rate{12, 10}, NetCount: Rate{40, 30}}, "", "rate_ip 2, rate_network 0"},
		{"a network of many addresses", Message{IPCount: Rate{12, 10}, NetCount: Rate{400, 30}}, "", "rate_ip 0, rate_network 3"},
		{"the address switched off", Message{IPCount: Rate{12, 10}, NetCount: Rate{40, 30}}, "rate_ip", "rate_network 1"},
		{"network alone", Message{NetCount: Rate{40, 30}}, "", "rate_network 1"},
		{"mail, from elsewhere", Message{EmailCount: Rate{100, 5}, EmailHere: 1}, "", "rate_email 3"},
		{"mail, nobody knows from where", Message{EmailCount: Rate{100, 5}}, "", "rate_email 3"},
		{"mail, from here", Message{EmailCount: Rate{100, 5}, EmailHere: 99}, "", "rate_email 5"},
		{"mail, half of it from here", Message{EmailCount: Rate{100, 5}, EmailHere: 11}, "", "rate_email 3"},
		{"both, from elsewhere", Message{EmailCount: Rate{100, 5}, SenderTexts: Rate{100, 10}, EmailHere: 1, TextsHere: 1}, "", "rate_email 1.88, sender_texts 1.12"},
		{"both, from here", Message{EmailCount: Rate{100, 5}, SenderTexts: Rate{100, 10}, EmailHere: 99, TextsHere: 99}, "", "rate_email 5, sender_texts 3"},
		{"texts switched off", Message{EmailCount: Rate{6, 5}, SenderTexts: Rate{100, 10}, TextsHere: 99}, "sender_texts", "rate_email 1.5"},
		{"mildly both", Message{EmailCount: Rate{6, 5}, SenderTexts: Rate{11, 10}}, "", "rate_email 1.5, sender_texts 1"},
	}
	for _, tt := range tests {
		tt.m.Network = true
		v := Screen(Input{Message: tt.m, Checks: []Check{checkRates()}, Off: Switched([]string{tt.off})})
		if got := weightsOf(v); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// The model's trust says nothing of what it could not read.
func TestTrustIsDoubted(t *testing.T) {
	for name, want := range map[string]string{
		"gibberish_text": "gibberish_text 1, text 3", "link_density": "link_density 1, text 3", "links": "links 1, text 3", "honeypot": "honeypot 1, text 3",
	} {
		for _, weight := range []float64{-1, 3} {
			if weight < 0 && name != "honeypot" {
				want = name + " 1"
			} else {
				want = fmt.Sprintf("%s 1, text %v", name, weight)
			}
			v := Screen(Input{Checks: []Check{named(map[string]float64{"text": weight, name: 1})}})
			if got := weightsOf(v); got != want {
				t.Errorf("%s beside %v: %s, want %s", name, weight, got, want)
			}
		}
	}
}

// Who asks whether junk is from the shop repeats its words.
func TestAskedWhetherGenuine(t *testing.T) {
	reports := map[string]string{
		"zh":       "我收到簡訊說恭喜您中獎，可領取體驗金，老師帶單保證獲利，網址是 https://gift.top/a ，請問是你們發的嗎？",
		"zh scam":  "有人加我LINE進群說投資股票穩賺要我匯款 https://a.xyz/1 請問是詐騙嗎",
		"zh-CN":    "收到短信说刷单日结兼职，日入过千，点击链接 https://a.xyz/1 请问是你们发的吗？",
		"ja":       "「ご当選おめでとう 100万円受け取り手続き。誰でも稼げる副業」というメールが届きました。https://prize.xyz/1 御社からですか？",
		"en":       "I got a mail: you have won, claim your prize of bitcoin profit, click here https://bit.ly/xyz Is this from you?",
		"en short": "Gift card winner, guaranteed profit, free spins at https://win.top/x - is this a scam?",
	}
	for name, text := range reports {
		m := browser(Message{FormLocale: "zh-TW", AcceptLanguage: "en,zh-TW", Text: text})
		v := Screen(Input{Message: m, Checks: DefaultChecks()})
		if v.Outcome != Accepted || !v.has("keyword") {
			t.Errorf("%s: %s with %v: %s", name, v.Outcome, v.Score, weightsOf(v))
		}
	}
	junk := "Best online casino bonus, free spins, claim your prize. "
	tests := map[string]struct {
		m    Message
		want Outcome
	}{
		"not asked":       {Message{Text: junk}, Quarantined},
		"asked":           {Message{Text: junk + "Is this from you?"}, Accepted},
		"asked by a bot":  {Message{Text: junk + "Is this from you?", Honeypot: "x"}, Quarantined},
		"with an id":      {Message{Text: junk + "Is this from you? Add me on Telegram @casino1"}, Quarantined},
		"with many links": {Message{Text: junk + "Is this from you? https://a.com/1 https://a.com/2 https://a.com/3"}, Quarantined},
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		tt := tests[name]
		tt.m.FormLocale = "en"
		m := withoutJavaScript(tt.m)
		if v := Screen(Input{Message: m, Checks: DefaultChecks()}); v.Outcome != tt.want {
			t.Errorf("%s: %s with %v: %s", name, v.Outcome, v.Score, weightsOf(v))
		}
	}
	for _, q := range genuineQuestions {
		if !newView(Message{Text: "X, " + q + "?"}).asksGenuine() {
			t.Errorf("%q is not found", q)
		}
	}
}
