package journeys

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// pick chooses an option of a list as a person would.
func pick(list, value string) chromedp.Action[chromedp.Void] {
	return until(`(() => { const s = ` + list + `; if (!s || ![...s.options].some((o) => o.value == "` + value + `")) return false;
		if (s.value != "` + value + `") { s.value = "` + value + `"; s.dispatchEvent(new Event("change", { bubbles: true })); } return true; })()`)
}

// The owner makes a rule without a manual: returns go to the warehouse. He reads
// it as a sentence, tries it on past cases, sees which ones, switches it on and has
// it done on those that are open. The case says who did it.
func TestOwnerMakesARule(t *testing.T) {
	s := openShop(t)
	team := s.call(http.MethodPost, "/api/collections/teams/records", map[string]any{"name": "倉儲組"})["id"].(string)
	for _, f := range []map[string]any{
		{"category": "return", "message": "收到的杯子有裂痕，我想退貨。"},
		{"category": "product", "message": "請問這款茶壺有現貨嗎？"},
	} {
		f["name"], f["email"], f["locale"] = "王小明", "ming@example.org", "zh-TW"
		s.call(http.MethodPost, "/api/collections/feedback/records", f)
	}
	ctx := browser(t, "zh-TW", 1440, 1000)
	signIn(t, ctx, s)
	do(t, ctx,
		until(`(location.hash = "#/settings/desk/rules", true)`),
		until(`document.querySelectorAll(".pd-rule-record").length >= 10`),
		chromedp.Click(".pd-settings-intro .pd-btn-primary"),
		chromedp.WaitVisible(".pd-rule-form"),
		chromedp.SendKeys(".pd-rule-form .pd-field input", "退換貨交給倉儲"),
		chromedp.Click(".pd-rule-form .pd-rules .pd-btn"),
		chromedp.WaitVisible(".pd-rule"),
		pick(`document.querySelectorAll(".pd-rule select")[0]`, "category"),
		pick(`document.querySelectorAll(".pd-rule select")[2]`, "return"),
		pick(`document.querySelector(".pd-rule-acts .pd-macro-value select")`, team),
		until(`(() => { const says = document.querySelector(".pd-rule-say").innerText; return says.includes("退換貨") && says.includes("小組：倉儲組"); })()`),
		chromedp.Click(".pd-rule-replay-acts .pd-btn"),
		until(`document.querySelectorAll(".pd-rule-list li").length == 1 && document.querySelector(".pd-rule-progress").innerText.includes("1 件符合")`),
	)
	shot(t, ctx, "rule-tried")
	if found := value[string](t, ctx, `document.querySelector(".pd-rule-list a").getAttribute("href") + " " + document.querySelector(".pd-rule-list").innerText`); len(found) < 20 {
		t.Errorf("found %q", found)
	}
	do(t, ctx,
		chromedp.Click(".pd-rule-replay .pd-form-foot .pd-btn-primary"),
		click(`[...document.querySelectorAll("button")].find((b) => b.innerText.trim() == "套用")`),
		until(`[...document.querySelectorAll(".pd-rule-record")].some((r) => r.innerText.includes("退換貨交給倉儲") && r.innerText.includes("執行 1 次") && r.querySelector(".pd-rule-switch").checked)`),
	)
	rows := s.call(http.MethodGet, "/api/collections/cases/records?filter="+"team!=%22%22", nil)["items"].([]any)
	if len(rows) != 1 || rows[0].(map[string]any)["team"] != team || rows[0].(map[string]any)["category"] != "return" {
		t.Fatalf("cases of a team: %v", rows)
	}
	do(t, ctx,
		until(`(location.hash = "#/desk/c/`+rows[0].(map[string]any)["id"].(string)+`", true)`),
		chromedp.WaitVisible(".pd-msg"),
		until(`(document.querySelector(".pd-when-seen:last-of-type, .pd-side")?.scrollIntoView(false), document.querySelectorAll(".pd-when-seen").forEach((e) => e.scrollIntoView()), document.querySelector(".pd-timeline")?.innerText.includes("依規則「退換貨交給倉儲」"))`),
	)
	shot(t, ctx, "rule-on-case")
}
