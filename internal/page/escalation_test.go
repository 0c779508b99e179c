package page

import (
	"net/http"
	"strings"
	"testing"
)

// The button stands on one page alone, and a page that is over or gone says
// nothing of the case.
func TestEscalationPages(t *testing.T) {
	r := newRenderer(t)
	for _, locale := range Locales() {
		pages := every(t, r, locale)
		for _, state := range []string{EscalationAsk, EscalationDone, EscalationAgain, EscalationOver, EscalationGone} {
			w := pages["escalation "+state]
			text := w.Body.String()
			page := parse(t, text)
			if button := first(page, "button"); (button != nil) != (state == EscalationAsk) {
				t.Errorf("%s %s: a button: %v", locale, state, button != nil)
			}
			if form := first(page, "form"); form != nil && (attr(form, "method") != "post" || attr(form, "action") != "") {
				t.Errorf("%s %s: the form posts to %q", locale, state, attr(form, "action"))
			}
			if first(page, "script") != nil || strings.Contains(text, "<b>cup") {
				t.Errorf("%s %s: a script, or markup of a visitor's", locale, state)
			}
			if h := w.Header(); h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Robots-Tag") != "noindex" || h.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %v", locale, state, h)
			}
			told := strings.Contains(text, "#12") && strings.Contains(text, "airport") && strings.Contains(text, "A cup broke")
			if told != (state == EscalationAsk || state == EscalationDone || state == EscalationAgain) {
				t.Errorf("%s %s: tells of the case: %v", locale, state, told)
			}
			if strings.Contains(text, "{who}") || strings.Contains(text, "{shop}") || strings.Contains(text, "escalation.") {
				t.Errorf("%s %s: a word is missing:\n%s", locale, state, text)
			}
		}
		if w := pages["escalation gone"]; w.Code != http.StatusNotFound || w.Body.String() != pages["escalation ?"].Body.String() {
			t.Errorf("%s: gone is %d, or an unknown state is shown in another way", locale, w.Code)
		}
	}
}
