package journeys

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/webhook"
)

// The owner tells another system what happens: the secret is shown once, a test
// arrives, so does a case, what failed is seen and sent again.
func TestWebhooks(t *testing.T) {
	byway(t)
	t.Setenv("POCKETDESK_WEBHOOK_PRIVATE", "1")
	var down atomic.Bool
	type letter struct {
		header http.Header
		body   []byte
		Type   string
	}
	came := make(chan letter, 100)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := letter{header: r.Header.Clone()}
		l.body, _ = io.ReadAll(r.Body)
		_ = json.Unmarshal(l.body, &l)
		if down.Load() {
			http.Error(w, "closed for stocktaking", http.StatusServiceUnavailable)
			return
		}
		came <- l
	}))
	defer srv.Close()
	s := openShop(t)
	ctx := browser(t, "zh-TW", 1440, 1000)
	signIn(t, ctx, s)
	do(t, ctx,
		until(`(location.hash = "#/settings/desk/webhooks", true)`),
		chromedp.WaitVisible(".pd-settings-intro .pd-btn-primary"),
		chromedp.Click(".pd-settings-intro .pd-btn-primary"),
		chromedp.WaitVisible(".pd-hooktypes"),
		chromedp.SendKeys(".pd-record.is-open .pd-field:nth-child(1) input", "ERP"),
		chromedp.SendKeys(".pd-record.is-open .pd-field:nth-child(2) input", srv.URL+"/erp"),
		click(`[...document.querySelectorAll(".pd-hooktypes input[type=radio]")][1]`),
		click(`[...document.querySelectorAll(".pd-hooktype")].find((x) => x.textContent.includes("case.opened"))?.querySelector("input")`),
		chromedp.Click(".pd-record.is-open .pd-form-foot .pd-btn-primary"),
		chromedp.WaitVisible(".pd-hookdialog code"),
	)
	shot(t, ctx, "webhook-secret")
	secret := get(t, ctx, chromedp.Evaluate[string](`document.querySelector(".pd-hookdialog code").textContent`))
	next := func(typ string) {
		t.Helper()
		select {
		case l := <-came:
			if err := webhook.Verify(l.header, l.body, time.Now(), secret); err != nil || l.Type != typ {
				t.Errorf("%s came, want %s: %v", l.Type, typ, err)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("no %s came", typ)
		}
	}
	do(t, ctx,
		chromedp.Click(".pd-hookdialog .pd-dialog-foot .pd-btn-primary"),
		until(`!document.querySelector(".pd-hookdialog")`),
		click(`document.querySelector(".pd-record-top .ri-pulse-line")?.closest("button")`),
	)
	next("webhook.ping")
	s.asks("王小明", "請問訂單什麼時候出貨？")
	next("case.opened")
	down.Store(true)
	s.asks("林美玲", "想退換一件上衣，請問怎麼辦理？")
	do(t, ctx,
		click(`document.querySelector(".pd-record-top .ri-history-line")?.closest("button")`),
		until(`document.querySelector(".pd-hookrow .pd-out-error")?.textContent.includes("closed for stocktaking")`),
	)
	shot(t, ctx, "webhook-deliveries")
	down.Store(false)
	do(t, ctx, click(`document.querySelector(".pd-hookrow .pd-out-error").closest(".pd-hookrow").querySelector(".ri-restart-line")?.closest("button")`))
	next("case.opened")
	raw, _ := json.Marshal(s.call(http.MethodGet, "/api/desk/webhooks", nil))
	if strings.Contains(string(raw), secret) || strings.Contains(string(raw), "whsec_") {
		t.Error("the secret is told again")
	}
}
