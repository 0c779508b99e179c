package journeys

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// hidden makes the page believe that another tab is before it, and shown that it is
// looked at again.
const (
	hidden = `(() => { Object.defineProperty(document, "hidden", { configurable: true, get: () => true }); document.dispatchEvent(new Event("visibilitychange")); return true; })()`
	shown  = `(() => { delete document.hidden; document.dispatchEvent(new Event("visibilitychange")); return true; })()`
)

// The Desk lies in a tab behind others: the visitor answers on his page, the tab's
// title says so, and the bell leads to his words. What one hears is one's own choice.
func TestAnswerRingsInAHiddenTab(t *testing.T) {
	byway(t)
	s := openShop(t)
	id, link := visitorsCase(t, s, map[string]any{"name": "王小明", "email": "ming@example.org", "locale": "zh-TW", "subject": "茶壺", "message": "壺蓋有一道裂痕，可以換嗎？"}, "可以，請問寄到哪裡？")
	boss, who := s.colleagueOf("supervisor")
	boss.call(http.MethodPatch, "/api/collections/cases/records/"+id, map[string]any{"assignee": who})
	ctx := browser(t, "zh-TW", 1440, 900)
	deskFor(t, ctx, s, "#/desk?queue=mine")
	do(t, ctx, typePassword("supervisor@staff.example", password)...)
	do(t, ctx, chromedp.WaitVisible(".pd-bell"), until(`!/^\(/.test(document.title)`),
		// once it listens
		until(`performance.getEntriesByType("resource").some((r) => r.name.includes("/api/desk/notices"))`),
		until(hidden))
	visitorWrites(t, link, "請寄到台北市大安路 1 號。")
	do(t, ctx, until(`document.title.startsWith("(1) ")`), until(shown), chromedp.WaitVisible(".pd-bell.has-news"),
		chromedp.Click(".pd-bell"), words(".pd-notice-row", "顧客傳來新訊息"))
	shot(t, ctx, "doorbell")
	do(t, ctx, chromedp.Click(".pd-notice-row"), words(".pd-messages", "大安路"), until(`!document.querySelector(".pd-bell.has-news") && !document.title.startsWith("(")`))

	do(t, ctx, chromedp.Click(".pd-bell"), click(`[...document.querySelectorAll(".pd-notices-head .pd-btn")].at(-1)`), chromedp.WaitVisible(".pd-notify-hear select"))
	shot(t, ctx, "doorbell-choices")
	do(t, ctx, until(`(() => { const s = document.querySelectorAll(".pd-notify-hear select")[1]; s.value = "off"; s.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`),
		chromedp.Click(".pd-notify .pd-pop-foot .pd-btn-primary"), until(`!document.querySelector(".pd-notify")`))
	if choice := s.call(http.MethodGet, "/api/collections/agents/records/"+who, nil)["notify"].(map[string]any); choice["answered"] != "off" {
		t.Errorf("kept: %v", choice)
	}
	nothingStopped(t, ctx, "bell")
}
