package journeys

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// An admin promises returns an answer within four working hours. A visitor who
// sends one back is told by when, and whoever opens the case sees what it is owed.
func TestServiceLevel(t *testing.T) {
	s := openShop(t)
	ctx := browser(t, "zh-TW", 1440, 1000)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.WaitVisible(`a[href="#/desk"]`),
		until(`(location.hash = "#/settings/desk/service", true)`),
		chromedp.WaitVisible(".pd-settings-intro button"),
		chromedp.Click(".pd-settings-intro button"),
		chromedp.WaitVisible(".pd-record.is-open input"),
		chromedp.SendKeys(".pd-record.is-open input", "退換貨"),
		until(`(() => {
			const set = (label, value) => {
				const el = [...document.querySelectorAll(".pd-record.is-open .pd-field")].find((f) => f.textContent.startsWith(label)).querySelector("input");
				el.value = value;
				el.dispatchEvent(new Event("input", { bubbles: true }));
			};
			set("首次回覆", "４h");
			set("結案", "2w");
			[...document.querySelectorAll(".pd-ticks .pd-check")].find((l) => l.textContent.includes("退換貨")).querySelector("input").click();
			return true;
		})()`),
		chromedp.Click(".pd-record.is-open button[type=submit], .pd-record.is-open .pd-btn-primary"),
		until(`document.querySelector(".pd-record.is-open .pd-field-error")`), // weeks are no working time
		until(`(() => {
			const el = [...document.querySelectorAll(".pd-record.is-open .pd-field")].find((f) => f.textContent.startsWith("結案")).querySelector("input");
			el.value = "3d";
			el.dispatchEvent(new Event("input", { bubbles: true }));
			return true;
		})()`),
		chromedp.Click(".pd-record.is-open button[type=submit], .pd-record.is-open .pd-btn-primary"),
		until(`document.querySelector(".pd-service-owed")?.textContent.includes("4 小時")`),
	)
	shot(t, ctx, "service")
	feedback := s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "王小明", "email": "ming@example.org", "category": "return", "locale": "zh-TW", "message": "茶壺的蓋子裂了，我想退貨。",
	})
	if feedback["answer_by"] == "" {
		t.Error("the visitor is told no time")
	}
	id, _ := s.call(http.MethodGet, "/api/collections/cases/records", nil)["items"].([]any)[0].(map[string]any)["id"].(string)
	do(t, ctx,
		until(`(location.hash = "#/desk/c/`+id+`", true)`),
		chromedp.WaitVisible(".pd-due-more"),
		chromedp.Click(".pd-due-more"),
		chromedp.WaitVisible(".pd-owed-list li"),
	)
	shot(t, ctx, "service-owed")
	if said := get(t, ctx, chromedp.Text(".pd-owed")); !strings.Contains(said, "退換貨") || !strings.Contains(said, "首次回覆") || !strings.Contains(said, "結案") {
		t.Errorf("owed: %s", said)
	}
}
