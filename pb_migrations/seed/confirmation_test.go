package seed

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/liquid"
)

func TestConfirmation(t *testing.T) {
	var locales []string
	e := liquid.New()
	for _, r := range must(t, Confirmation) {
		locales = append(locales, r.Locale)
		if r.Key != "confirm" || r.Kind != "system" || strings.TrimSpace(r.Body) != r.Body {
			t.Errorf("%s: key %q, kind %q", r.Locale, r.Key, r.Kind)
		}
		for _, name := range []string{"confirm.url", "case.reference", "shop.name", "shop.email"} {
			if !strings.Contains(r.Body, "{{ "+name+" }}") {
				t.Errorf("%s lacks %s", r.Locale, name)
			}
		}
		for _, name := range []string{"case.subject", "contact.name", "contact.email", "contact.phone", "tracking_url", "case.answer_by"} {
			if strings.Contains(r.Subject+r.Body, name) {
				t.Errorf("%s holds %s", r.Locale, name)
			}
		}
		v := liquid.Vars{Locale: r.Locale, ConfirmURL: "https://shop.example/c/x"}
		v.Case.Reference, v.Shop.Name = "K7QF-2M9D", must(t, Settings).ShopName[r.Locale]
		subject, err := e.Render(r.Subject, v)
		if err != nil || strings.Contains(subject, "{") {
			t.Errorf("%s: subject %q, %v", r.Locale, subject, err)
		}
		body, err := e.Render(r.Body, v)
		if err != nil || strings.Contains(body, "\n\n\n") || strings.Contains(body, "{") || strings.Count(body, v.ConfirmURL) != 1 {
			t.Errorf("%s: %v\n%s", r.Locale, err, body)
		}
	}
	if !slices.Equal(locales, Locales()) {
		t.Errorf("locales %v", locales)
	}
}
