package journeys

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Somebody looks for a word of two characters, written in another way than the
// visitor did, narrows the search by a filter that the box offers, opens what it
// finds and comes back to the queue.
func TestSearchFinds(t *testing.T) {
	s := openShop(t)
	for _, m := range []map[string]any{
		{"name": "王小明", "email": "ming@example.org", "category": "return", "locale": "zh-TW", "message": "收到的茶壺蓋子破了，想要退貨。"},
		{"name": "山田　花子", "email": "hanako@example.org", "category": "product", "locale": "ja", "message": "ﾃｨｰﾎﾟｯﾄの色違いはありますか。"},
		{"name": "Anna Berg", "email": "anna@example.org", "category": "return", "locale": "en", "message": "May I send the blue kettle back? My order is A-10023."},
	} {
		s.call(http.MethodPost, "/api/collections/feedback/records", m)
	}
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	box := ".pd-search-input"
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk?queue=open"),
		chromedp.WaitVisible(".pd-row[data-id]"),
		press("/"),
		chromedp.WaitVisible(".pd-searchhelp"),
		chromedp.SendKeys(box, "退货"),
		until(`[...document.querySelectorAll(".pd-hit mark")].map((m) => m.textContent).join() == "退貨"`),
	)
	shot(t, ctx, "search")
	if words := get(t, ctx, chromedp.Text(".pd-hitlist")); !strings.Contains(words, "王小明") || strings.Contains(words, "花子") {
		t.Errorf("found: %s", words)
	}
	clear := until(`(() => { const b = document.querySelector(".pd-search-input"); b.value = ""; b.dispatchEvent(new Event("input", { bubbles: true })); return true })()`)
	do(t, ctx,
		clear,
		until(`!document.querySelector(".pd-hitlist")`),
		chromedp.SendKeys(box, "ティーポット"),
		until(`[...document.querySelectorAll(".pd-hit mark")].map((m) => m.textContent).join() == "ﾃｨｰﾎﾟｯﾄ"`),
		clear,
		until(`!document.querySelector(".pd-hitlist")`),
		chromedp.SendKeys(box, "kettle category:ret"),
		until(`[...document.querySelectorAll(".pd-searchhelp [role=option]")].some((o) => o.textContent.startsWith("category:return"))`),
		chromedp.KeyEvent(kb.ArrowDown),
		until(`document.querySelector(".pd-searchhelp [aria-selected=true]")?.textContent.startsWith("category:return")`),
		chromedp.KeyEvent("\r"),
		until(`document.querySelector(".pd-search-input").value == "kettle category:return "`),
		until(`[...document.querySelectorAll(".pd-hit mark")].map((m) => m.textContent).join() == "kettle"`),
	)
	shot(t, ctx, "search-filter")
	do(t, ctx,
		chromedp.Click(".pd-hitlist .pd-row"),
		chromedp.WaitVisible(".pd-msg"),
		until(`location.hash.startsWith("#/desk/c/") && document.querySelector(".pd-case").textContent.includes("blue kettle")`),
		chromedp.Click(box),
		chromedp.KeyEvent("\x1b"),
		until(`!document.querySelector(".pd-hitlist") && document.querySelectorAll(".pd-row[data-id]").length == 3 && document.querySelector(".pd-search-input").value == ""`),
	)
}

// What a search doesn't understand is told, and so is where it looked.
func TestSearchTells(t *testing.T) {
	byway(t)
	s := openShop(t)
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "Anna Berg", "email": "anna@example.org", "locale": "en", "message": "May I send the blue kettle back?",
	})
	ctx := browser(t, "en", 390, 844)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk?queue=done&q=kettle%20is:purple"),
		chromedp.WaitVisible(".pd-hitlist .pd-row"),
		until(`document.querySelector(".pd-search-notes").textContent.includes("is:purple")`),
		chromedp.Click(".pd-scope:nth-child(2)"),
		chromedp.WaitVisible(".pd-hitlist .pd-empty"),
		until(`location.hash.includes("scope=here")`),
		chromedp.Click(".pd-hitlist .pd-empty .pd-btn"),
		chromedp.WaitVisible(".pd-hitlist .pd-row"),
		until(`document.documentElement.scrollWidth <= innerWidth`),
	)
	shot(t, ctx, "search-phone")
}
