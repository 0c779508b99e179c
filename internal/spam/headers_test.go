package spam

import "testing"

func TestHeaders(t *testing.T) {
	const chromeUA = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
	const safariUA = "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.0 Mobile/15E148 Safari/604.1"
	const page = "text/html,application/xhtml+xml,*/*;q=0.8"
	tests := []struct {
		name string
		m    Message
		want string
	}{
		{"form of a page", Message{UserAgent: chromeUA, AcceptLanguage: "zh-TW", Accept: page, SecFetchSite: "same-origin", Source: "form"}, ""},
		{"script of a page", Message{UserAgent: chromeUA, AcceptLanguage: "zh-TW", Accept: "*/*", SecFetchSite: "same-origin", Source: "form"}, ""},
		{"older phone", Message{UserAgent: safariUA, AcceptLanguage: "ja", Accept: page}, ""},
		{"older Chrome", Message{UserAgent: "Mozilla/5.0 Chrome/60.0.1 Safari/537.36", AcceptLanguage: "ja", Accept: page}, ""},
		{"headers not handed in", Message{UserAgent: chromeUA, AcceptLanguage: "ja"}, ""},
		{"a shop's app", Message{UserAgent: "shop-app/1.0"}, ""},
		{"no name", Message{}, ""},
		{"no language", Message{UserAgent: safariUA, Accept: page}, "headers 0.5"},
		{"no fetch site", Message{UserAgent: chromeUA, AcceptLanguage: "en", Accept: page}, "headers 0.5"},
		{"a program in a browser's name", Message{UserAgent: chromeUA, Accept: "*/*"}, "headers 1.5"},
		{"driven", Message{UserAgent: "Mozilla/5.0 HeadlessChrome/131.0.0.0", AcceptLanguage: "en", Accept: page, SecFetchSite: "same-origin"}, "headers 0.5"},
		{"curl", Message{UserAgent: "curl/8.5.0", Accept: "*/*"}, "headers 1"},
		{"python", Message{UserAgent: "python-requests/2.31"}, "headers 1"},
		{"Go", Message{UserAgent: "Go-http-client/1.1"}, "headers 1"},
		{"from another site", Message{UserAgent: chromeUA, AcceptLanguage: "en", Accept: page, SecFetchSite: "cross-site", Source: "form"}, "headers 0.5"},
		{"widget on another site", Message{UserAgent: chromeUA, AcceptLanguage: "en", Accept: "*/*", SecFetchSite: "cross-site", Source: "widget"}, ""},
		{"another origin, older browser", Message{UserAgent: safariUA, AcceptLanguage: "en", Accept: page, Origin: "https://junk.example", Source: "form"}, "headers 0.5"},
		{"own origin", Message{UserAgent: safariUA, AcceptLanguage: "en", Accept: page, Origin: "https://www.shop.example", Source: "form"}, ""},
		{"hidden origin", Message{UserAgent: safariUA, AcceptLanguage: "en", Accept: page, Origin: "null", Source: "form"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := tt.m
			m.Network, m.OwnHosts = true, []string{"shop.example"}
			if got := signals(t, checkHeaders(), m); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			m.Authenticated = true
			if got := signals(t, checkHeaders(), m); got != "" {
				t.Errorf("an integration has %q", got)
			}
		})
	}
}

func FuzzHeaders(f *testing.F) {
	f.Add("Mozilla/5.0 Chrome/131.0.0.0", "en;q=0.1,*", "*/*", "cross-site", "https://a.example", "+886 912 345 678", "TW")
	f.Add("curl/8", "zh-Hant-TW-x-private", "", "", "://%", "00 1 212", "xx")
	f.Fuzz(func(t *testing.T, ua, language, accept, site, origin, phone, country string) {
		m := Message{Network: true, Source: "form", UserAgent: ua, AcceptLanguage: language, Accept: accept, SecFetchSite: site,
			Origin: origin, Phone: phone, Country: country, FormLocale: language, Locale: country, Text: phone + "Где мой заказ, пожалуйста?"}
		for _, check := range []Check{checkHeaders(), checkPhoneCountry(), checkScript()} {
			for _, s := range check(m) {
				if s.Weight <= 0 || s.Sentence == "" {
					t.Fatalf("signal %+v", s)
				}
			}
		}
	})
}
