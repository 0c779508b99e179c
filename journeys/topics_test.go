package journeys

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// A message without a category has one in the Desk, with how sure the model was.
// An admin tries the model on a text and makes it stricter.
func TestTopicIsSuggested(t *testing.T) {
	byway(t)
	s := openShop(t)
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "林佳蓉", "email": "lin@example.org", "locale": "zh-TW", "message": "請問我上週下的訂單什麼時候會出貨？物流都查不到。",
	})
	ctx := browser(t, "zh-TW", 1440, 900)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk"),
		chromedp.WaitVisible(".pd-row[data-id]"),
		chromedp.Click(".pd-row[data-id]"),
		until(`/文字模型建議（把握 \d+%）/.test(document.querySelector(".pd-case, main, body").textContent)`),
		chromedp.Navigate(s.url+"/_/#/settings/desk/topics"),
		chromedp.WaitVisible(".pd-topics textarea"),
		chromedp.SendKeys(".pd-topics textarea", "我要退貨，尺寸不合"),
		chromedp.Click(".pd-topics .pd-panel .pd-btn"),
		until(`document.querySelector(".pd-topic-tried")?.textContent.includes("退換貨")`),
	)
	shot(t, ctx, "topics")
	do(t, ctx,
		chromedp.SetValue(".pd-topics select", "0.9"),
		chromedp.Evaluate[chromedp.Void](`document.querySelector(".pd-topics select").dispatchEvent(new Event("change", { bubbles: true }))`),
		chromedp.Click(".pd-topics .pd-btn-primary"),
		until(`!!document.querySelector(".pd-topics .pd-saved")`),
	)
}
