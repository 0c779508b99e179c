package page

import (
	"slices"
	"strings"
	"testing"
)

func TestLocale(t *testing.T) {
	for _, c := range []struct{ q, cookie, header, fallback, want string }{
		{"ja", "en", "zh-TW", "zh-CN", "ja"},
		{"", "en", "zh-TW", "ja", "en"},
		{"klingon!", "en", "zh-TW", "ja", "en"},
		{"fr", "xx", "de, ja;q=0.5", "zh-TW", "ja"},
		{"", "", "zh-TW,zh;q=0.9,en;q=0.8", "ja", "zh-TW"},
		{"", "", "en;q=0.3, ja;q=0.8, zh-CN;q=0.5", "", "ja"},
		{"", "", "ja;q=0, en", "", "en"},
		{"", "", "ja;q=nonsense, en;q=0.1", "", "en"},
		{"", "", "ja;q=NaN, en;q=0.1", "", "en"},
		{"", "", "@@@, ,;;, ja-JP", "", "ja"},
		{"", "", "*", "zh-TW", "zh-TW"},
		{"", "", "fr-CA, de", "zh-TW", "zh-TW"},
		{"", "", "", "", "en"},
		{"", "", "", "pt", "en"},
		{"", "", "", "zh-Hant-HK", "zh-TW"},
		{"zh-Hant", "", "", "", "zh-TW"},
		{"zh-HK", "", "", "", "zh-TW"},
		{"zh-MO", "", "", "", "zh-TW"},
		{"zh_tw", "", "", "", "zh-TW"},
		{"ZH-tw", "", "", "", "zh-TW"},
		{"yue", "", "", "", "zh-TW"},
		{"zh", "", "", "", "zh-CN"},
		{"zh-Hans", "", "", "", "zh-CN"},
		{"zh-SG", "", "", "", "zh-CN"},
		{"zh-Hans-TW", "", "", "", "zh-CN"},
		{"zh-Hant-CN", "", "", "", "zh-TW"},
		{"en-GB", "", "", "", "en"},
		{"ja-JP-u-ca-japanese", "", "", "", "ja"},
		{strings.Repeat("ja-", 1e5), "", strings.Repeat("en-", 1e5), "ja", "ja"},
	} {
		if got := Locale(c.q, c.cookie, c.header, c.fallback); got != c.want {
			t.Errorf("Locale(%.40q, %q, %.40q, %q) = %s, want %s", c.q, c.cookie, c.header, c.fallback, got, c.want)
		}
	}
}

func FuzzLocale(f *testing.F) {
	f.Add("zh-Hant", "x", "ja;q=0.1,*;q=0", "en")
	f.Add("", "", "a-b-c-d;q=1e309,,;q=-1", "")
	f.Fuzz(func(t *testing.T, q, cookie, header, fallback string) {
		if got := Locale(q, cookie, header, fallback); !slices.Contains(Locales(), got) {
			t.Errorf("Locale(%q, %q, %q, %q) = %q", q, cookie, header, fallback, got)
		}
	})
}

func TestLocaleLinks(t *testing.T) {
	current := 0
	for _, link := range localeLinks("ja") {
		if link.Current {
			current++
		}
		if link.Label == "" || Locale(strings.TrimPrefix(link.URL, "?lang="), "", "", "") != link.Locale {
			t.Errorf("link %+v", link)
		}
	}
	if current != 1 {
		t.Errorf("%d current links", current)
	}
}
