package journeys

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
)

// fillIn chooses in a form: the control of the field whose label has the text.
func fillIn(label, value string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const el = [...document.querySelectorAll(".pd-record.is-open .pd-field")].find((f) => f.querySelector("label")?.innerText.includes(%q)).querySelector("input,select");
		el.value = %q;
		el.dispatchEvent(new Event(el.tagName == "SELECT" ? "change" : "input", { bubbles: true }));
	})()`, label, value))
}

// agentBy is somebody of the staff by the mail address.
func (s *shop) agentBy(email string) map[string]any {
	s.t.Helper()
	found := s.call(http.MethodGet, "/api/collections/agents/records?filter="+url.QueryEscape(`email="`+email+`"`), nil)["items"].([]any)
	if len(found) != 1 {
		s.t.Fatalf("%d people have the address %s", len(found), email)
	}
	return found[0].(map[string]any)
}

// row is the line of the newcomer.
const row = `[...document.querySelectorAll(".pd-people .pd-record")].find((x) => x.innerText.includes("陳俊宏"))`

// An admin who is no superuser adds a colleague; he gets a mail, chooses a
// password and works. When he leaves, his screen goes at once, and his cases go to
// others.
func TestColleagueComesAndLeaves(t *testing.T) {
	byway(t)
	s, email, caseID, _ := teamShop(t)
	lin := s.agentBy(email)
	s.call(http.MethodPatch, "/api/collections/agents/records/"+lin["id"].(string), map[string]any{"role": "admin"})
	boss := browser(t, "zh-TW", 1440, 900)
	deskFor(t, boss, s, "#/settings/desk/people")
	do(t, boss, typePassword(email, password)...)
	do(t, boss,
		until(`[...document.querySelectorAll(".pd-people .pd-record")].some((x) => x.innerText.includes("林佳蓉") && x.innerText.includes("（您）"))`),
		until(`document.querySelector(".pd-people").innerText.includes("/desk/")`),
		chromedp.Click(".pd-settings-intro .pd-btn-primary"),
		chromedp.WaitVisible(".pd-record.is-open form"),
		fillIn("名字", "陳俊宏"), fillIn("電子信箱", "chen@staff.example"), fillIn("小組", lin["team"].(string)), fillIn("語言", "ja"),
		chromedp.Click(".pd-record.is-open .pd-btn-primary"),
		until(row+`?.innerText.includes("已邀請")`),
	)
	shot(t, boss, "people")
	nothingStopped(t, boss, "people")

	chen := browser(t, "ja", 1440, 900)
	do(t, chen,
		chromedp.Navigate(s.linkTo("chen@staff.example", 1)),
		chromedp.WaitVisible("input[name=password]"),
		chromedp.SetValue("input[name=password]", "long enough for anybody"),
		chromedp.Click(".signin-form .pd-btn-primary"),
		chromedp.WaitVisible("input[name=identity]"),
	)
	shot(t, chen, "people-welcome")
	do(t, chen, typePassword("chen@staff.example", "long enough for anybody")...)
	do(t, chen, chromedp.WaitVisible(".pd-row[data-id]"))
	found := s.agentBy("chen@staff.example")
	version := s.call(http.MethodGet, "/api/desk/cases/"+caseID, nil)["case"].(map[string]any)["version"]
	s.call(http.MethodPatch, "/api/collections/cases/records/"+caseID, map[string]any{"assignee": found["id"], "version": version})

	do(t, boss,
		chromedp.Evaluate[chromedp.Void](`location.hash = "#/settings/desk/teams"`),
		chromedp.WaitVisible(".pd-teams-people a"),
		chromedp.Click(".pd-teams-people a"),
		until(row+`?.innerText.includes("處理中 1 件")`),
		chromedp.Evaluate[chromedp.Void](row+`.querySelector(".pd-record-top > .pd-btn").click()`),
		until(`[...document.querySelectorAll('.pd-pop [role="menuitem"]')].some((x) => x.innerText.includes("停用"))`),
		chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('.pd-pop [role="menuitem"]')].find((x) => x.innerText.includes("停用")).click()`),
		chromedp.WaitVisible(".pd-handover select"),
		chromedp.Evaluate[chromedp.Void](`(() => {
			const el = document.querySelector(".pd-handover select");
			el.value = "`+lin["id"].(string)+`";
			el.dispatchEvent(new Event("change", { bubbles: true }));
		})()`),
		until(`document.querySelector(".pd-handover [role=status]").innerText.includes("林佳蓉：1 件")`),
	)
	shot(t, boss, "people-deactivate")
	do(t, boss, chromedp.Click(".pd-handover .pd-btn-danger"), until(row+`?.innerText.includes("已停用")`))
	do(t, chen, chromedp.WaitVisible(".signin-box")) // by itself
	if c := s.call(http.MethodGet, "/api/desk/cases/"+caseID, nil)["case"].(map[string]any); c["assignee"] != lin["id"] {
		t.Errorf("the case is %v's", c["assignee"])
	}
	do(t, chen, typePassword("chen@staff.example", "long enough for anybody")...)
	do(t, chen, refusal("ログインできません"))
}
