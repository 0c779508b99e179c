package doctor

import (
	"slices"
	"strings"
)

// words say one finding: what is so, and what to do. Names in braces stand for Finding.With.
type words struct{ text, cure string }

// Locales are those in which findings can be said.
func Locales() []string { return []string{"en", "zh-TW", "ja"} }

// Words say a finding in a locale, English where there is no other: what is so,
// and what to do about it ("" where nothing is to be done).
func Words(f Finding, locale string) (text, cure string) {
	if !slices.Contains(Locales(), locale) {
		locale = "en"
	}
	w := wordsOf(locale)[f.ID]
	fill := make([]string, 0, 2*len(f.With))
	for name, value := range f.With {
		fill = append(fill, "{"+name+"}", value)
	}
	r := strings.NewReplacer(fill...)
	return r.Replace(w.text), r.Replace(w.cure)
}

func wordsOf(locale string) map[string]words {
	switch locale {
	case "zh-TW":
		return wordsZhTW()
	case "ja":
		return wordsJa()
	}
	return wordsEn()
}
