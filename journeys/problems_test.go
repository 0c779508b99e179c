package journeys

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Three visitors report one fault. It is offered as one, made a problem of, and
// once it is mended all of them are written to from one dialog.
func TestProblemIsToldToAll(t *testing.T) {
	byway(t)
	s := openShop(t)
	for email, text := range map[string]string{
		"a@example.org": "The card payment stops at processing and nothing happens.",
		"b@example.org": "Payment by card stops at processing, nothing happens after that.",
		"c@example.org": "My card payment stops at processing!",
	} {
		s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{"name": "Guest", "email": email, "locale": "en", "message": text, "consent": true})
	}
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk?queue=problems"),
		chromedp.WaitVisible(".pd-problems .pd-tab"),
		click(`document.querySelectorAll(".pd-problems .pd-tab")[3]`),
		words(".pd-problem", "3 cases say much the same"),
		click(`document.querySelector(".pd-problem-acts .pd-btn-primary")`),
		chromedp.WaitVisible(".pd-problem-form input"),
		chromedp.SendKeys(".pd-problem-form input", "Card payment stops"),
		chromedp.Click(".pd-problem-form .pd-btn-primary"),
		until(`!document.querySelector(".pd-problem-form")`),
		click(`document.querySelectorAll(".pd-problems .pd-tab")[0]`),
		words(".pd-problem", "Card payment stops"),
	)
	shot(t, ctx, "problem")
	do(t, ctx,
		click(`document.querySelector(".pd-problem-acts .pd-btn-primary")`),
		words(".pd-problem-fix", "3 people get a letter"),
		words(".pd-problem-letters", "is fixed"),
	)
	shot(t, ctx, "problem-fix")
	do(t, ctx, chromedp.Click(".pd-problem-fix .pd-btn-primary"), until(`!document.querySelector(".pd-problem-fix")`))
	for _, to := range []string{"a@example.org", "b@example.org", "c@example.org"} {
		mails := s.mailsTo(to, 2)
		if !strings.Contains(string(mails[1].Raw), "fixed") {
			t.Errorf("%s got %s", to, mails[1].Raw)
		}
	}
	id := s.items("/api/desk/cases?queue=done")[0]["id"].(string)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk/c/"+id+"?queue=problems"),
		chromedp.WaitVisible(".pd-msg"),
		until(`(document.querySelector(".pd-side").scrollTo(0, 1e6), document.querySelector(".pd-problem-card")?.textContent.includes("Card payment stops"))`),
		until(`document.querySelector(".pd-view-pane").getBoundingClientRect().width > 900`), // beside no list
	)
}
