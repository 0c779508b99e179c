package journeys

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A visitor writes twice about one parcel, the second time with a tag in the
// address. The Desk offers him as the same person and says why; he and his cases
// become one, and a press takes the last step back.
func TestTwiceTheSameVisitor(t *testing.T) {
	byway(t)
	s := openShop(t)
	const words = "您好，我上週訂購的青瓷茶壺到現在還沒有收到，請問目前的配送進度如何？麻煩您了。"
	for _, v := range []map[string]any{
		{"name": "陳美玲", "email": "mei.ling@gmail.com", "locale": "zh-TW", "message": words},
		{"name": "美玲", "email": "meiling+shop@gmail.com", "locale": "zh-TW", "message": words + "謝謝！"},
	} {
		s.call(http.MethodPost, "/api/collections/feedback/records", v)
	}
	second := s.call(http.MethodGet, "/api/desk/cases?queue=all&sort=newest", nil)["items"].([]any)[0].(map[string]any)
	if second["number"] != float64(2) {
		t.Fatalf("the second case is %v", second)
	}
	ctx := browser(t, "zh-TW", 1440, 900)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk/c/"+second["id"].(string)),
		chromedp.WaitVisible(".pd-twin"),
	)
	offered := get(t, ctx, chromedp.Text(".pd-twins"))
	for _, why := range []string{"陳美玲", "mei.ling@gmail.com", "內容幾乎相同", "#1"} {
		if !strings.Contains(offered, why) {
			t.Errorf("the offer does not say %s: %s", why, offered)
		}
	}
	shot(t, ctx, "merge-offered")
	// first the person …
	do(t, ctx,
		chromedp.Click(".pd-twin .pd-btn-small"),
		chromedp.WaitVisible(".pd-merge-pair"),
	)
	shot(t, ctx, "merge-person")
	do(t, ctx,
		chromedp.Click(".pd-merge .pd-btn-primary"),
		until(`!document.querySelector("dialog") && document.querySelectorAll(".pd-identities li").length == 2`),
		// … then the case, which goes into the first one
		until(`document.querySelectorAll(".pd-twin").length == 1`),
		chromedp.Click(".pd-twin .pd-btn-small"),
		chromedp.WaitVisible(".pd-merge-pair"),
	)
	shot(t, ctx, "merge-case")
	do(t, ctx,
		chromedp.Click(".pd-merge .pd-btn-primary"),
		until(`document.querySelectorAll(".pd-msg.is-in").length == 2 && document.querySelector(".pd-case-line").innerText.includes("#1")`),
	)
	shot(t, ctx, "merged")
	if n := len(s.call(http.MethodGet, "/api/desk/cases?queue=open", nil)["items"].([]any)); n != 1 {
		t.Errorf("%d cases are open", n)
	}
	do(t, ctx,
		chromedp.Click(".pd-undo .pd-btn-small"),
		until(`document.querySelectorAll(".pd-msg.is-in").length == 1`),
	)
	if n := len(s.call(http.MethodGet, "/api/desk/cases?queue=open", nil)["items"].([]any)); n != 2 {
		t.Errorf("after undo %d cases are open", n)
	}
}

// "By the way" under an old matter becomes a case of its own.
func TestOwnCaseOfAMessage(t *testing.T) {
	byway(t)
	s := openShop(t)
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "Anna Berg", "email": "anna@example.org", "locale": "en", "message": "Hello, where is the blue kettle that I ordered?",
	})
	first := s.call(http.MethodGet, "/api/desk/cases?queue=all", nil)["items"].([]any)[0].(map[string]any)
	s.call(http.MethodPost, "/api/collections/messages/records", map[string]any{
		"case": first["id"], "direction": "in", "channel": "phone", "body": "By the way: do you sell red cups, too?", "call": map[string]any{"outcome": "answered", "seconds": 60},
	})
	ctx := browser(t, "en", 390, 844)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk/c/"+first["id"].(string)),
		until(`document.querySelectorAll(".pd-msg.is-in").length == 2`),
		click(`[...document.querySelectorAll(".pd-msg.is-in")].at(-1).querySelector(".pd-btn-msgmore")`),
		click(`document.querySelector(".pd-menu .ri-git-branch-line")?.closest("button")`),
		chromedp.WaitVisible(".pd-edit .pd-btn-primary"),
	)
	shot(t, ctx, "split-phone")
	do(t, ctx,
		chromedp.Click(".pd-edit .pd-btn-primary"),
		until(`document.querySelector(".pd-case-line")?.innerText.includes("#2") && document.querySelectorAll(".pd-msg.is-in").length == 1`),
	)
	if head := get(t, ctx, chromedp.Text(".pd-case-title h1")); !strings.Contains(head, "red cups") {
		t.Errorf("the new case is called %s", head)
	}
}
