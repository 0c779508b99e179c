package spam

import "testing"

func TestCountryRule(t *testing.T) {
	for value, good := range map[string]bool{
		"TW": true, "tw": true, "jp": true, "GB": true, "RU": true, "XK": true,
		"UK": false, "ZZ": false, "XX": false, "QO": false, "EU": false, "TWN": false, "886": false, "T": false, "台灣": false, "T\x00": false,
	} {
		err := ValidateRule(Rule{Kind: KindCountry, Value: value, Action: ActionBlock})
		if (err == nil) != good {
			t.Errorf("%q: %v", value, err)
		}
	}
	set, errs := CompileRules([]Rule{
		{ID: "vn", Kind: KindCountry, Value: "vn", Action: ActionQuarantine},
		{ID: "kp", Kind: KindCountry, Value: "KP", Action: ActionBlock},
		{ID: "jp", Kind: KindCountry, Value: "JP", Action: ActionAllow},
	})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for country, want := range map[string]Outcome{"VN": Quarantined, "vn": Quarantined, "KP": Blocked, "JP": Accepted, "TW": Accepted, "": Accepted, "??": Accepted} {
		m := Message{Country: country, Text: "請問有現貨嗎"}
		hits := set.Match(m, now)
		v := Screen(Input{Message: m, Hits: hits, Off: map[string]bool{"country": true}})
		if v.Outcome != want {
			t.Errorf("%q: %s, want %s", country, v.Outcome, want)
		}
		for _, s := range v.Signals {
			if s.Name != "country" || s.Data["rule"] == "" {
				t.Errorf("%q: %+v", country, s)
			}
		}
	}
}

func TestPhoneCountry(t *testing.T) {
	tests := []struct {
		name string
		m    Message
		want string
	}{
		{"national number", Message{Phone: "0912-345-678", FormLocale: "zh-TW"}, ""},
		{"none", Message{FormLocale: "zh-TW"}, ""},
		{"own country", Message{Phone: "+886 912 345 678", FormLocale: "zh-TW"}, ""},
		{"a neighbour with the same language", Message{Phone: "+852 5123 4567", FormLocale: "zh-TW", Country: "TW"}, ""},
		{"where the network is", Message{Phone: "+81 90 1234 5678", FormLocale: "zh-TW", Country: "JP"}, ""},
		{"where the browser is from", Message{Phone: "+44 7700 900123", FormLocale: "zh-TW", AcceptLanguage: "en-GB,en;q=0.5"}, ""},
		{"English page", Message{Phone: "+44 7700 900123", FormLocale: "en", Country: "DE"}, ""},
		{"page unknown", Message{Phone: "+44 7700 900123", Country: "DE"}, ""},
		{"foreign number at home", Message{Phone: "+7 912 345 67 89", FormLocale: "ja", Country: "JP"}, "phone_country 0.5"},
		{"country unknown", Message{Phone: "0044 7700 900123", FormLocale: "zh-TW"}, "phone_country 0.5"},
		{"three countries", Message{Phone: "+7 912 345 67 89", FormLocale: "zh-TW", Country: "VN"}, "phone_country 1"},
		{"full width", Message{Phone: "＋７ ９１２ ３４５ ６７ ８９", FormLocale: "zh-TW", Country: "VN"}, "phone_country 1"},
		{"no number", Message{Phone: "+call me", FormLocale: "zh-TW"}, ""},
		{"no such code", Message{Phone: "+999 1234567", FormLocale: "zh-TW"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.m.Network = true
			if got := signals(t, checkPhoneCountry(), tt.m); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLanguageMismatch(t *testing.T) {
	const ru, en, ja = "Где мой заказ, пожалуйста?", "Where is my order, please?", "注文した商品がまだ届いていないのですが"
	tests := []struct {
		name string
		m    Message
		want string
	}{
		{"Chinese from anywhere", Message{FormLocale: "zh-TW", Country: "RU", Text: "請問我的訂單什麼時候會寄出呢謝謝您"}, ""},
		{"a Russian in Taiwan", Message{FormLocale: "zh-TW", Country: "TW", AcceptLanguage: "ru-RU", Text: ru}, ""},
		{"Russian from Russia", Message{FormLocale: "zh-TW", Country: "RU", AcceptLanguage: "ru-RU", Text: ru}, "language_mismatch 1"},
		{"and the browser speaks English", Message{FormLocale: "zh-TW", Country: "RU", AcceptLanguage: "en-US", Text: ru}, "language_mismatch 1.5"},
		{"English from Canada", Message{FormLocale: "zh-TW", Country: "CA", AcceptLanguage: "en-CA", Text: en}, "language_mismatch 0.5"},
		{"English in Taiwan", Message{FormLocale: "zh-TW", Country: "TW", AcceptLanguage: "en", Text: en}, ""},
		{"the visitor chose Russian", Message{FormLocale: "zh-TW", Locale: "ru", Country: "RU", Text: ru}, ""},
		{"Japanese on a Chinese page from Japan", Message{FormLocale: "zh-TW", Country: "JP", AcceptLanguage: "ja", Text: ja}, "language_mismatch 1"},
		{"Russian on an English page", Message{FormLocale: "en", Country: "RU", AcceptLanguage: "ru", Text: ru}, ""},
		{"country unknown", Message{FormLocale: "zh-TW", Text: ru}, "script 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.m.Network = true
			if got := signals(t, checkScript(), tt.m); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
