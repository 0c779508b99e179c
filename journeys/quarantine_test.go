package journeys

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Six held messages are gone through without the mouse: one is released, one is
// spam, one is blocked by its words for a month, and the rest decided on together,
// which is taken back.
func TestQuarantineByKeys(t *testing.T) {
	s := openShop(t)
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "Mei Lin", "email": "mei@example.org", "locale": "en", "message": "Do you have a tea caddy made of tin?",
	})
	for i, text := range []string{
		"Do you ship the blue kettle to Norway?", "Where do I find the size of the large cup?", "Can I pay by bank transfer?",
		"We make any tea caddy, cheap and quick.", "May I visit your shop on a Sunday?", "Is the green teapot back in stock soon?",
	} {
		s.hold(fmt.Sprintf("guest%d@example.net", i), text)
	}
	held := s.items("/api/desk/quarantine")
	if len(held) != 6 {
		t.Fatalf("%d messages wait: %v", len(held), held)
	}
	caddy := slices.IndexFunc(held, func(v map[string]any) bool { return strings.Contains(message(v), "caddy") })
	if caddy != 2 { // latest first
		t.Fatalf("the messages wait in another order: %v", held)
	}

	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	open := func(v map[string]any) chromedp.Action[chromedp.Void] {
		return until(fmt.Sprintf(`document.querySelector(".pd-held .pd-text")?.textContent == %q`, message(v)))
	}
	rows := func(n int) chromedp.Action[chromedp.Void] {
		return until(fmt.Sprintf(`document.querySelectorAll(".pd-held-row").length == %d`, n))
	}
	do(t, ctx, chromedp.Navigate(s.url+"/_/#/desk?queue=quarantine"), rows(6))
	do(t, ctx, chromedp.KeyEvent("j"), open(held[0]))

	do(t, ctx, chromedp.KeyEvent("e"), rows(5), said("is open"), open(held[1]))
	s.mailsTo(held[0]["feedback"].(map[string]any)["email"].(string), 1)
	do(t, ctx, chromedp.KeyEvent("#"), rows(4), said("spam"), open(held[2]))

	// a colleague has accepted a message with the same words: one is asked again
	do(t, ctx,
		chromedp.KeyEvent("b"),
		chromedp.WaitVisible(".pd-block"),
		chromedp.SendKeys(".pd-block .pd-input", "tea caddy"),
		click(`[...document.querySelectorAll(".pd-block .pd-choice")].find((l) => l.textContent == "1 month")`),
		chromedp.SendKeys(".pd-block .pd-input", "\r"),
		chromedp.WaitVisible(".pd-block-people"),
	)
	shot(t, ctx, "block-asks")
	if n := len(s.items("/api/collections/block_rules/records")); n != 0 {
		t.Errorf("%d rules before the second Enter", n)
	}
	do(t, ctx, chromedp.SendKeys(".pd-block .pd-input", "\r"), rows(3), open(held[3]))
	rules := s.items("/api/collections/block_rules/records")
	if len(rules) != 1 || rules[0]["kind"] != "keyword" || rules[0]["value"] != "tea caddy" {
		t.Fatalf("rules: %v", rules)
	}
	expires, err := time.Parse("2006-01-02 15:04:05Z", rules[0]["expires"].(string))
	if days := time.Until(expires).Hours() / 24; err != nil || days < 29 || days > 30 {
		t.Errorf("the rule expires %v, %v", rules[0]["expires"], err)
	}

	do(t, ctx, chromedp.KeyEvent("x"), until(`document.querySelectorAll(".pd-held-row.is-marked").length == 1`))
	do(t, ctx, chromedp.KeyEvent("j"), open(held[4]))
	do(t, ctx, chromedp.KeyEvent("x"), until(`document.querySelectorAll(".pd-held-row.is-marked").length == 2`))
	shot(t, ctx, "quarantine-selected")
	do(t, ctx, chromedp.KeyEvent("e"))
	agree(t, ctx)
	do(t, ctx, rows(1), said("2 messages released"))
	if n := len(s.items("/api/desk/cases?queue=open")); n != 4 {
		t.Errorf("%d open cases, want the accepted one and three that were released", n)
	}
	do(t, ctx, chromedp.KeyEvent("z"), said("2 cases are closed as spam"))
	if n := len(s.items("/api/desk/cases?queue=open")); n != 2 {
		t.Errorf("%d open cases after the undo", n)
	}

	// those two are listed as blocked, and let in where their case is
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk?queue=quarantine&outcome=blocked"),
		rows(4),
		until(`document.querySelectorAll(".pd-held-row input:disabled").length == 2`),
		click(`document.querySelector(".pd-held-row:has(input:disabled) .pd-row")`),
		chromedp.WaitVisible(".pd-held .pd-btn-primary"),
	)
	shot(t, ctx, "quarantine-blocked")
	do(t, ctx, chromedp.KeyEvent("e"), chromedp.WaitVisible(".pd-spam-bar"))
}

// hold sends what a program would: with the trap filled in.
func (s *shop) hold(email, text string) {
	s.t.Helper()
	guest := *s
	guest.token = ""
	guest.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "Guest", "email": email, "locale": "en", "website": "https://bot.example", "message": text,
	})
}

// items is the first page of a list.
func (s *shop) items(path string) []map[string]any {
	s.t.Helper()
	var out []map[string]any
	for _, one := range s.call(http.MethodGet, path, nil)["items"].([]any) {
		out = append(out, one.(map[string]any))
	}
	return out
}

func message(verdict map[string]any) string {
	text, _ := verdict["feedback"].(map[string]any)["message"].(string)
	return text
}

// said waits until the bar with the last decision says something.
func said(words string) chromedp.Action[chromedp.Void] {
	return until(fmt.Sprintf(`document.querySelector(".pd-undo-text")?.textContent.includes(%q)`, words))
}

// click presses what an expression finds as soon as it is there.
func click(find string) chromedp.Action[chromedp.Void] {
	return until(`((el) => el && (el.click(), true))(` + find + `)`)
}

// agree says yes to the dashboard's question.
func agree(t *testing.T, ctx context.Context) {
	t.Helper()
	const asked = `.modal[data-modal-state=open], .modal.active`
	do(t, ctx,
		until(`!!document.querySelector("`+asked+`")`),
		click(`document.querySelector(".modal .modal-footer .btn.warning")`),
		until(`!document.querySelector("`+asked+`")`),
	)
}
