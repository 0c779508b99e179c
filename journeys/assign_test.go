package journeys

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// An admin has cases given out in turn; a new one goes to the colleague who is
// there, and then over to another one.
func TestCasesAreGivenOut(t *testing.T) {
	byway(t)
	s := openShop(t)
	team := s.call(http.MethodPost, "/api/collections/teams/records", map[string]any{"name": "退貨組"})["id"].(string)
	s.call(http.MethodPatch, "/api/collections/categories/records/return", map[string]any{"team": team})
	person := func(name string, more map[string]any) string {
		v := map[string]any{"name": name, "role": "agent", "team": team, "email": "p" + name[len(name)-1:] + "@staff.example", "password": password, "passwordConfirm": password}
		for k, x := range more {
			v[k] = x
		}
		return s.call(http.MethodPost, "/api/collections/agents/records", v)["id"].(string)
	}
	lin := person("林佳蓉1", nil)
	chen := person("陳俊宏2", map[string]any{"away_from": "2026-01-01 00:00:00.000Z"})

	ctx := browser(t, "zh-TW", 1440, 900)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/settings/desk/teams"),
		until(`[...document.querySelectorAll(".pd-record-line")].some((x) => x.innerText.includes("退貨組"))`),
		chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".pd-record-line")].find((x) => x.innerText.includes("退貨組")).click()`),
		chromedp.WaitVisible(".pd-record.is-open form"),
		chromedp.Evaluate[chromedp.Void](`(() => {
			const el = [...document.querySelectorAll(".pd-record.is-open select")].find((x) => [...x.options].some((o) => o.value == "round_robin"));
			el.value = "round_robin";
			el.dispatchEvent(new Event("change", { bubbles: true }));
			document.querySelector(".pd-record.is-open .pd-btn-primary").click();
		})()`),
		until(`[...document.querySelectorAll(".pd-record-line")].some((x) => x.innerText.includes("退貨組") && x.innerText.includes("輪流"))`),
	)
	s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
		"name": "王小明", "email": "ming@example.org", "category": "return", "locale": "zh-TW", "message": "想退貨，茶壺有裂痕。",
	})
	id := s.call(http.MethodGet, "/api/desk/cases?queue=open", nil)["items"].([]any)[0].(map[string]any)["id"].(string)
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/desk/c/"+id),
		until(`document.querySelector('.pd-fact[data-fact="assignee"] select')?.value == "`+lin+`"`),
		until(`[...document.querySelector('.pd-fact[data-fact="assignee"] select').options].some((o) => o.value == "`+chen+`" && o.textContent.includes("休假中"))`),
		chromedp.Evaluate[chromedp.Void](`document.querySelector(".pd-timeline")?.scrollIntoView() ?? document.querySelector(".pd-side").scrollTo(0, 1e6)`),
		until(`document.querySelector(".pd-timeline")?.innerText.includes("輪到 林佳蓉1，已自動指派")`),
	)
	shot(t, ctx, "assigned")

	// chen is back, and gets what lin has
	s.call(http.MethodPatch, "/api/collections/agents/records/"+chen, map[string]any{"away_from": ""})
	do(t, ctx,
		chromedp.Navigate(s.url+"/_/#/settings/desk/people"),
		until(`[...document.querySelectorAll(".pd-people .pd-record")].some((x) => x.innerText.includes("林佳蓉1") && x.innerText.includes("處理中 1 件"))`),
		chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".pd-people .pd-record")].find((x) => x.innerText.includes("林佳蓉1")).querySelector(".pd-record-top > .pd-btn").click()`),
		until(`[...document.querySelectorAll('.pd-pop [role="menuitem"]')].some((x) => x.innerText.includes("移交"))`),
		chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('.pd-pop [role="menuitem"]')].find((x) => x.innerText.includes("移交")).click()`),
		chromedp.WaitVisible(".pd-handover select"),
		chromedp.Evaluate[chromedp.Void](`(() => {
			const el = document.querySelector(".pd-handover select");
			el.value = "`+chen+`";
			el.dispatchEvent(new Event("change", { bubbles: true }));
		})()`),
		until(`document.querySelector(".pd-handover [role=status]").innerText.includes("陳俊宏2：1 件")`),
	)
	shot(t, ctx, "handover")
	do(t, ctx,
		chromedp.Click(".pd-handover .pd-btn-primary"),
		until(`[...document.querySelectorAll(".pd-record-line")].some((x) => x.innerText.includes("陳俊宏2") && x.innerText.includes("處理中 1 件"))`),
	)
	if c := s.call(http.MethodGet, "/api/desk/cases/"+id, nil)["case"].(map[string]any); c["assignee"] != chen {
		t.Errorf("it is %v's", c["assignee"])
	}
}
