package journeys

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// A case needs somebody else: the owner writes an escalation, an agent sets it off
// from the case, the colleague who is told says that he has it, and the line above
// the case says so.
func TestCaseIsEscalated(t *testing.T) {
	s := openShop(t)
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "王小明", "email": "ming@example.org", "locale": "zh-TW", "message": "水壺漏電，燙傷了手，請盡快聯絡我。",
	})
	ctx := browser(t, "zh-TW", 1440, 1000)
	signIn(t, ctx, s)
	do(t, ctx,
		until(`(location.hash = "#/settings/desk/escalations", true)`),
		chromedp.WaitVisible(".pd-settings-intro .pd-btn-primary"),
		chromedp.Click(".pd-settings-intro .pd-btn-primary"),
		chromedp.WaitVisible(".pd-step-row"),
		chromedp.SendKeys(".pd-record.is-open .pd-field input[type=text]", "商品傷人"),
		pick(`document.querySelector(".pd-step-row select")`, "email"),
		chromedp.WaitVisible(".pd-step-row input[type=email]"),
		chromedp.SendKeys(".pd-step-row input[type=email]", "plant@maker.example"),
		chromedp.SendKeys(".pd-step-row textarea", "請確認批號"),
		chromedp.Click(".pd-macro-add .pd-btn"),
		until(`document.querySelectorAll(".pd-step-row").length == 2`),
		click(`document.querySelector(".pd-record.is-open .pd-form-foot .pd-btn-primary")`),
		until(`[...document.querySelectorAll(".pd-record-line")].some((r) => r.innerText.includes("商品傷人") && r.innerText.includes("plant@maker.example → 小組負責人（2 小時後）"))`),
	)
	shot(t, ctx, "escalation-made")
	id := s.call(http.MethodGet, "/api/collections/cases/records", nil)["items"].([]any)[0].(map[string]any)["id"].(string)
	do(t, ctx,
		until(`(location.hash = "#/desk/c/`+id+`", true)`),
		chromedp.WaitVisible(".pd-msg"),
		click(`document.querySelector(".pd-case-actions [aria-haspopup=menu]")`),
		click(`document.querySelector(".pd-menu .pd-item")`),
		chromedp.WaitVisible(".pd-escalate textarea"),
		pick(`document.querySelector(".pd-escalate select")`, "e"+s.escalation("商品傷人")),
		until(`document.querySelectorAll(".pd-escalate-steps li").length == 2`),
		chromedp.SendKeys(".pd-escalate textarea", "顧客等回電"),
		click(`document.querySelector(".pd-escalate .pd-btn-primary")`),
		until(`(() => { const says = document.querySelector(".pd-escalation.is-open")?.innerText ?? ""; return says.includes("商品傷人") && says.includes("plant@maker.example") && says.includes("顧客等回電"); })()`),
	)
	shot(t, ctx, "escalated")
	do(t, ctx,
		click(`document.querySelector(".pd-escalation .pd-btn-primary")`),
		until(`document.querySelector(".pd-escalation.is-acknowledged")?.innerText.includes("已接手")`),
	)
	items := s.call(http.MethodGet, "/api/desk/cases/"+id+"/escalations", nil)["items"].([]any)
	if run := items[0].(map[string]any); run["state"] != "acknowledged" || run["next_at"] != "" {
		t.Errorf("%v", run)
	}
}

// escalation is the id of an escalation by its name.
func (s *shop) escalation(name string) string {
	s.t.Helper()
	for _, r := range s.items("/api/collections/escalations/records") {
		if r["name"] == name {
			return r["id"].(string)
		}
	}
	s.t.Fatalf("there is no escalation %s", name)
	return ""
}
