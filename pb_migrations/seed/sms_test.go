package seed

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pocketdesk/pocketdesk/internal/liquid"
)

// A text costs by its length: at most two messages of 67 characters in Chinese
// and Japanese, one of 160 in English, with a shop's name of ten and a link of usual length.
func TestSMS(t *testing.T) {
	link := "https://shop.example.com/support/t/" + strings.Repeat("x", 26)
	var locales []string
	for _, r := range must(t, SMS) {
		locales = append(locales, r.Locale)
		v := liquid.Vars{Locale: r.Locale, TrackingURL: link}
		v.Case.Reference, v.Shop.Name = "K7QF-2M9D", strings.Repeat("店", 10)
		most := 134
		if r.Locale == "en" {
			v.Shop.Name, most = "Ten Kettle", 160
		}
		body, err := liquid.New().Render(r.Body, v)
		if err != nil || r.Key != "ack_sms" || r.Kind != "sms" || r.Subject != "" {
			t.Errorf("%s: %+v, %v", r.Locale, r, err)
		}
		if n := utf8.RuneCountInString(body); n > most || !strings.HasSuffix(body, link) || !strings.Contains(body, "K7QF-2M9D") || strings.Contains(body, "\n") {
			t.Errorf("%s: %d characters: %s", r.Locale, n, body)
		}
	}
	if !slices.Equal(locales, Locales()) {
		t.Errorf("locales %v", locales)
	}
}
