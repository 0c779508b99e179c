package desk

import (
	"encoding/json"
	"strings"
)

// Locales are the languages in which every text of a visitor's exists.
func Locales() []string { return []string{"zh-TW", "zh-CN", "ja", "en"} }

// Text is a text by locale. A plain JSON string stands for every locale.
type Text map[string]string

// UnmarshalJSON takes {"ja": "…"} as well as "…".
func (t *Text) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = Text{"": one}
		return nil
	}
	m := map[string]string{}
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	*t = m
	return nil
}

// In is the text for a locale: that locale's, else one of the same language,
// else the plain one, else English, else any that is not blank.
func (t Text) In(locale string) string {
	language, _, _ := strings.Cut(locale, "-")
	for _, key := range []string{locale, language, "", "en"} {
		if s := strings.TrimSpace(t[key]); s != "" {
			return s
		}
	}
	for _, key := range Locales() {
		if s := strings.TrimSpace(t[key]); s != "" {
			return s
		}
	}
	return ""
}

// Clip cuts s to n characters, with an ellipsis where something was cut.
func Clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimRight(string(r[:n-1]), " \n\t　") + "…"
}

// OneLine folds white space, so that a text fits into a list row.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
