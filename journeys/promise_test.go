package journeys

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// An agent writes a date, the composer offers to record it, and the visitor reads
// it on his page in the shop's time.
func TestPromiseReachesTheVisitor(t *testing.T) {
	byway(t)
	s := openShop(t)
	s.call(http.MethodPatch, "/api/collections/desk_settings/records/desk_settings00", map[string]any{"timezone": "Asia/Taipei"})
	id, link := visitorsCase(t, s, map[string]any{"name": "佐藤美咲", "email": "misaki@example.org", "locale": "ja", "message": "急須の蓋にひびが入っていました。交換をお願いできますか。"}, "確認いたします。")
	ctx := browser(t, "ja", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx, chromedp.SendKeys(".pd-compose-text", "交換品の手配について、3営業日以内にご連絡いたします。"), chromedp.WaitVisible(".pd-offer:not(.is-on)"))
	shot(t, ctx, "promise-offer")
	do(t, ctx, chromedp.Click(".pd-offer .pd-btn-small"), chromedp.WaitVisible(".pd-offer.is-on"),
		// the draft keeps it
		chromedp.Reload(), chromedp.WaitVisible(".pd-offer.is-on"),
		chromedp.Click(".pd-compose button[type=submit]"), chromedp.WaitVisible(".pd-promise"))
	shot(t, ctx, "promise-badge")
	page := browser(t, "ja", 390, 844)
	do(t, page, withoutScript, chromedp.Navigate(link), chromedp.WaitVisible(".word"))
	shot(t, page, "promise-visitor")
	if text := get(t, page, chromedp.Text(".word")); !strings.Contains(text, "までにご返信いたします") || !strings.Contains(text, "18:00") {
		t.Errorf("the visitor reads: %s", text)
	}
	do(t, ctx, chromedp.Navigate(s.url+"/_/#/desk?queue=promises"), chromedp.WaitVisible(".pd-promises .pd-out"))
	shot(t, ctx, "promises")
	if text := get(t, ctx, chromedp.Text(".pd-promises .pd-out")); !strings.Contains(text, "3営業日以内") {
		t.Errorf("the list: %s", text)
	}
}

// A case that is put aside leaves the queue, comes back on top with its note when
// its time has come, and the bell says so.
func TestReminderComesBackOnTop(t *testing.T) {
	byway(t)
	s := openShop(t)
	for _, who := range []string{"anna", "bela"} {
		s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{"name": who, "email": who + "@example.org", "locale": "en", "consent": true, "message": "Hello, do you ship the blue kettle to Norway? Regards, " + who})
	}
	mine := s.call(http.MethodPost, "/api/desk/me", map[string]any{})["agent"].(map[string]any)["id"]
	var ids []string
	for _, row := range s.items("/api/desk/cases?queue=open") {
		ids = append(ids, row["id"].(string))
		s.call(http.MethodPatch, "/api/collections/cases/records/"+row["id"].(string), map[string]any{"assignee": mine})
	}
	last := ids[len(ids)-1]
	ctx := browser(t, "en", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, last)
	do(t, ctx, chromedp.Click(`[data-fact="follow_up"] button`), chromedp.WaitVisible(".pd-remind"))
	shot(t, ctx, "remind")
	do(t, ctx, chromedp.SendKeys(".pd-remind-more input[maxlength]", "ask the store"),
		chromedp.Evaluate[chromedp.Void](`(() => { const c = document.querySelector(".pd-remind .pd-check input"); if (!c.checked) c.click(); })()`),
		chromedp.Click(".pd-remind .pd-when"),
		chromedp.Navigate(s.url+"/_/#/desk?queue=mine"),
		until(`document.querySelectorAll(".pd-row[data-id]").length == 1`))
	// nobody waits for tomorrow: its time comes in a moment
	at := time.Now().Add(300 * time.Millisecond)
	s.call(http.MethodPatch, "/api/collections/cases/records/"+last, map[string]any{"follow_up_at": desk.Date(at).String()})
	<-time.After(time.Until(at.Add(time.Millisecond)))
	s.call(http.MethodPost, "/api/crons/pocketdesk.due", nil)
	do(t, ctx, chromedp.WaitVisible(".pd-bell.has-news"), until(`document.title.startsWith("(1) ")`), until(`document.querySelector(".pd-row[data-id]")?.dataset.id == "`+last+`"`),
		chromedp.Click(".pd-bell"), chromedp.WaitVisible(".pd-notice-row"))
	shot(t, ctx, "bell")
	do(t, ctx, chromedp.Click(".pd-notice-row"), chromedp.WaitVisible(".pd-reminder"), until(`!document.querySelector(".pd-bell.has-news")`))
	shot(t, ctx, "reminder")
	if text := get(t, ctx, chromedp.Text(".pd-reminder")); !strings.Contains(text, "ask the store") {
		t.Errorf("the reminder says: %s", text)
	}
	do(t, ctx, chromedp.Click(".pd-reminder .pd-btn"), until(`!document.querySelector(".pd-reminder")`))
}
