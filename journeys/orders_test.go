package journeys

import (
	"cmp"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/orderlookup"
)

const ordersSecret = "0123456789abcdef-orders"

// shopSystem is the shop's own, on this machine: it knows two orders, of two people,
// and one member.
func shopSystem(t *testing.T, down *atomic.Bool) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, _ := strconv.ParseInt(r.Header.Get(orderlookup.TimestampHeader), 10, 64)
		switch q := r.URL.Query(); {
		case r.Header.Get(orderlookup.SignatureHeader) != orderlookup.Sign(ordersSecret, at, r.Method, r.RequestURI):
			w.WriteHeader(http.StatusUnauthorized)
		case down.Load():
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			w.Header().Set("Content-Type", "application/json")
			answer := map[string]string{
				"TW1001": `{"orders":[{"number":"TW1001","status":"已出貨","total":"1290","currency":"TWD","email":"ming@example.org","items":[{"name":"<b>茶壺</b>","quantity":1,"price":1290}]}]}`,
				"TW2002": `{"orders":[{"number":"TW2002","status":"處理中","email":"someone@example.org"}]}`,
				"M-77":   `{"member":{"number":"M-77","name":"王小明","level":"金卡會員"},"orders":[{"number":"TW1001"},{"number":"TW0990"}]}`,
			}[q.Get("order")+q.Get("member")]
			io.WriteString(w, cmp.Or(answer, `{}`))
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL + "/orders"
}

// happened waits for a line of the timeline, which is made when it comes into sight.
func happened(text string) chromedp.Action[chromedp.Void] {
	return until(`(document.querySelector(".pd-side").scrollTo(0, 1e6), document.querySelector(".pd-timeline")?.textContent.includes("` + text + `"))`)
}

// The orders that a visitor names stand beside the case, with whose they are; a
// system that fails can be asked again.
func TestOrdersBesideTheCase(t *testing.T) {
	byway(t)
	t.Setenv("POCKETDESK_LOOKUP_PRIVATE", "1")
	s := openShop(t)
	var down atomic.Bool
	s.call(http.MethodPatch, "/api/collections/desk_settings/records/desk_settings00", map[string]any{"lookup": map[string]any{"enabled": true, "url": shopSystem(t, &down)}})
	s.call(http.MethodPost, "/api/desk/lookup/secret", map[string]any{"secret": ordersSecret})
	id, _ := s.taken("ming@example.org", "茶壺有裂痕", "訂單 TW1001 的茶壺有裂痕，訂單編號 TW2002 也還沒到。")
	ctx := browser(t, "zh-TW", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx,
		chromedp.WaitVisible(".pd-orders .pd-order"),
		words(".pd-orders", "已出貨"),
		words(".pd-orders-owner.pd-tone-warn", "尚未確認"),
		words(".pd-order-items", "<b>茶壺</b>"), // text, whatever it looks like
		until(`document.querySelector(".pd-order-total").innerText.includes("1,290")`),
	)
	shot(t, ctx, "orders")
	do(t, ctx,
		click(`[...document.querySelectorAll(".pd-orders-known button")].find((b) => b.innerText == "TW2002")`),
		words(".pd-orders-owner.pd-tone-bad", "請注意"),
	)
	down.Store(true)
	do(t, ctx,
		click(`document.querySelector(".pd-orders-tools button:last-child")`),
		words(".pd-orders-trouble", "503"),
	)
	down.Store(false)
	do(t, ctx,
		click(`document.querySelector(".pd-orders-trouble button")`),
		chromedp.WaitVisible(".pd-orders-owner.pd-tone-bad"),
		click(`document.querySelector(".pd-orders-tools button")`),
		until(`document.activeElement == document.querySelector(".pd-orders-search input")`),
		chromedp.KeyEvent("TW9999\r"),
		words(".pd-orders", "查無資料"),
	)
}

// A guest is invited with a coupon, once the agent says that he asked for it; he
// becomes a member, and his orders are found by his number.
func TestGuestBecomesMember(t *testing.T) {
	byway(t)
	t.Setenv("POCKETDESK_LOOKUP_PRIVATE", "1")
	s := openShop(t)
	var down atomic.Bool
	s.call(http.MethodPatch, "/api/collections/desk_settings/records/desk_settings00", map[string]any{
		"lookup":     map[string]any{"enabled": true, "url": shopSystem(t, &down)},
		"membership": map[string]any{"signup_url": "https://shop.example/join", "coupon": "WELCOME100"},
	})
	s.call(http.MethodPost, "/api/desk/lookup/secret", map[string]any{"secret": ordersSecret})
	id, _ := s.taken("ming@example.org", "想加入會員", "請問要怎麼加入會員？")
	ctx := browser(t, "zh-TW", 1440, 900)
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx,
		words(".pd-member-line", "非會員"),
		chromedp.Click(".pd-member-line button"),
		chromedp.WaitVisible(".pd-menu .pd-item"),
		click(`[...document.querySelectorAll(".pd-menu .pd-item")].find((b) => b.innerText.includes("邀請"))`),
		words(".pd-invite-text", "WELCOME100"),
		until(`document.querySelector(".pd-invite .pd-btn-primary").disabled`),
		chromedp.Click(".pd-invite-check input"),
		until(`!document.querySelector(".pd-invite .pd-btn-primary").disabled`),
	)
	shot(t, ctx, "invite")
	do(t, ctx, chromedp.Click(".pd-invite .pd-btn-primary"), happened("邀請顧客加入會員"))
	mails := s.mailsTo("ming@example.org", 2)
	invitation, err := mail.ParseCaught(mails[len(mails)-1].Raw)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(invitation.Text, "https://shop.example/join?ref=") || !strings.Contains(invitation.Text, "WELCOME100") {
		t.Errorf("mail: %s", invitation.Text)
	}
	do(t, ctx,
		chromedp.Click(".pd-member-line button"),
		chromedp.WaitVisible(".pd-menu .pd-item"),
		click(`document.querySelector(".pd-menu .pd-item")`),
		until(`document.activeElement == document.querySelector(".pd-edit input")`),
		chromedp.KeyEvent("M-77\r"),
		happened("受邀後已成為會員"),
		until(`document.querySelector(".pd-member-line").innerText.includes("會員") && !document.querySelector(".pd-member-line").innerText.includes("非")`),
	)
	report := s.call(http.MethodGet, "/api/desk/invitations/report", nil)
	if report["sent"] != 1.0 || report["converted"] != 1.0 {
		t.Errorf("report: %v", report)
	}
	openCase(t, ctx, s, id)
	do(t, ctx, chromedp.Reload(), words(".pd-orders-owner.pd-tone-ok", "已確認"), words(".pd-orders-member", "金卡會員"))
	shot(t, ctx, "member")
}
