package hooks

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A promise is found in an answer, recorded with it, shown to the visitor in the
// shop's time, broken when nobody answers, and reported.
func TestPromiseFromTextToReport(t *testing.T) {
	s := newShop(t)
	s.Settings(map[string]any{"timezone": "Asia/Taipei"})
	s.Submit(map[string]any{"locale": "zh-TW"})
	c := s.Cases()[0]
	agent, who := s.Agent(desk.RoleAgent, "")
	boss, _ := s.Agent(desk.RoleSupervisor, "")

	status, answer := s.Post("/api/desk/promises/find", map[string]any{"text": "😀您好，我們會在兩個工作天內回覆。", "locale": "zh-TW"}, "Authorization", agent)
	found, _ := answer["found"].([]any)
	if status != http.StatusOK || len(found) != 1 {
		t.Fatalf("%d %v", status, answer)
	}
	one := found[0].(map[string]any)
	if one["text"] != "兩個工作天內" || one["start"] != 9.0 || one["end"] != 15.0 || one["due"] != "2026-03-04T10:00:00Z" {
		t.Errorf("found %v", one)
	}
	status, m := s.answerOf(c, agent, map[string]any{"status": "pending", "promise": one["due"], "promise_text": one["text"]})
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, m)
	}
	status, list := s.Get("/api/desk/promises?state=open", "Authorization", agent)
	items, _ := list["items"].([]any)
	if status != http.StatusOK || len(items) != 1 || items[0].(map[string]any)["text"] != "兩個工作天內" {
		t.Fatalf("%d %v", status, list)
	}
	page := func() string { return string(s.Do(http.MethodGet, "/support/t/"+c.TrackToken(), nil).Body) }
	if text := page(); !strings.Contains(text, "我們會在 2026 年 3 月 4 日") || strings.Contains(text, "兩個工作天內") {
		t.Errorf("the visitor's page: %s", text)
	}
	s.Clock.Set(time.Date(2026, 3, 4, 10, 1, 0, 0, time.UTC))
	s.runJob("pocketdesk.due")
	if text := page(); !strings.Contains(text, "還沒有回覆您，非常抱歉") || strings.Contains(text, "我們會在") {
		t.Errorf("the visitor's page when it is broken: %s", text)
	}
	status, report := s.Get("/api/desk/promises/report?days=7", "Authorization", boss)
	if status != http.StatusOK || report["broken"] != 1.0 || report["late"] != 1.0 || report["rate"] != 0.0 {
		t.Errorf("%d %v", status, report)
	}
	status, notices := s.Get("/api/desk/notices", "Authorization", agent)
	told, _ := notices["items"].([]any)
	if status != http.StatusOK || notices["unseen"] != 1.0 || told[0].(map[string]any)["kind"] != desk.NoticePromiseBroken || told[0].(map[string]any)["case"] != c.Id {
		t.Errorf("%s was told %v", who.Id, notices)
	}
	if status, _ := s.Post("/api/desk/notices/seen", map[string]any{}, "Authorization", agent); status != http.StatusNoContent {
		t.Errorf("seen: %d", status)
	}
	if _, notices = s.Get("/api/desk/notices", "Authorization", agent); notices["unseen"] != 0.0 {
		t.Errorf("%v", notices)
	}
}

func TestPromiseByHand(t *testing.T) {
	s := newShop(t)
	s.Submit(nil)
	c := s.Cases()[0]
	agent, _ := s.Agent(desk.RoleAgent, "")
	stranger, _ := s.Agent(desk.RoleAgent, s.Team("another"))
	north := s.Team("north")
	path := "/api/desk/cases/" + c.Id + "/promise"
	due := desk.Date(s.Clock.Now().Add(5 * time.Hour)).String()
	status, made := s.Post(path, map[string]any{"due_at": due}, "Authorization", agent)
	if status != http.StatusOK || made["due_at"] != due {
		t.Fatalf("%d %v", status, made)
	}
	for name, body := range map[string]map[string]any{
		"none": {}, "past": {"due_at": "2020-01-01 00:00:00.000Z"}, "no date": {"due_at": "tomorrow"}, "far": {"due_at": "2099-01-01 00:00:00.000Z"},
	} {
		if status, answer := s.Post(path, body, "Authorization", agent); status != http.StatusBadRequest || answer["data"].(map[string]any)["due_at"] == nil {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if status, answer := s.Post(path, map[string]any{"due_at": due, "message": "nothing"}, "Authorization", agent); status != http.StatusBadRequest {
		t.Errorf("a message that isn't there: %d %v", status, answer)
	}
	// by the record: the promise follows
	if status, answer := s.Patch("/api/collections/cases/records/"+c.Id, map[string]any{"promised_at": ""}, "Authorization", agent); status != http.StatusOK {
		t.Errorf("%d %v", status, answer)
	}
	withdraw := "/api/desk/promises/" + made["id"].(string) + "/withdraw"
	if status, _ := s.Post(withdraw, nil, "Authorization", agent); status != http.StatusConflict {
		t.Errorf("withdrawn twice: %d", status)
	}
	if status, answer := s.Patch("/api/collections/cases/records/"+c.Id, map[string]any{"promised_at": "2020-01-01 00:00:00.000Z"}, "Authorization", agent); status != http.StatusBadRequest || answer["data"].(map[string]any)["promised_at"] == nil {
		t.Errorf("a past date by the record: %d %v", status, answer)
	}
	// an answer that promises can't resolve
	if status, answer := s.answerOf(c, agent, map[string]any{"status": "resolved", "promise": due}); status != http.StatusBadRequest || answer["data"].(map[string]any)["promise"] == nil {
		t.Errorf("a promise on a case that is done: %d %v", status, answer)
	}
	if n := len(s.Rows(desk.Promises)); n != 1 {
		t.Errorf("%d promises", n)
	}
	status, again := s.Post(path, map[string]any{"due_at": due}, "Authorization", agent)
	if status != http.StatusOK {
		t.Fatal(again)
	}
	// whoever may not see the case learns nothing
	c = s.Cases()[0]
	c.Set("team", north)
	if err := desk.Save(s.App, c.Record); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, "/api/desk/promises/" + again["id"].(string) + "/withdraw", "/api/desk/promises/nothing/withdraw"} {
		if status, answer := s.Post(p, map[string]any{"due_at": due}, "Authorization", stranger); status != http.StatusNotFound {
			t.Errorf("%s: %d %v", p, status, answer)
		}
	}
	if status, answer := s.Post("/api/collections/promises/records", map[string]any{"case": c.Id}, "Authorization", s.Superuser()); status != http.StatusForbidden {
		t.Errorf("a promise over REST: %d %v", status, answer)
	}
}

func TestOwnBell(t *testing.T) {
	s := newShop(t)
	agent, who := s.Agent(desk.RoleAgent, "")
	_, other := s.Agent(desk.RoleAgent, "")
	path := "/api/collections/agents/records/"
	good := map[string]any{"sound": true, "desktop": true, "private": true, "daily": true, "daily_at": "07:45", "weekend": false}
	if status, answer := s.Patch(path+who.Id, map[string]any{"notify": good}, "Authorization", agent); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	if status, me := s.Post("/api/desk/me", nil, "Authorization", agent); status != http.StatusOK || me["agent"].(map[string]any)["notify"].(map[string]any)["daily_at"] != "07:45" {
		t.Errorf("%d %v", status, me)
	}
	for _, bad := range []any{map[string]any{"daily_at": "25:00"}, map[string]any{"sound": "yes"}, map[string]any{"webhook": "http://x"}, []int{1}, "x"} {
		if status, answer := s.Patch(path+who.Id, map[string]any{"notify": bad}, "Authorization", agent); status != http.StatusBadRequest {
			t.Errorf("%v: %d %v", bad, status, answer)
		}
	}
	if status, _ := s.Patch(path+who.Id, map[string]any{"daily_sent": "2026-03-02"}, "Authorization", agent); status != http.StatusBadRequest {
		t.Errorf("daily_sent: %d", status)
	}
	if status, _ := s.Patch(path+who.Id, map[string]any{"daily_sent": "2026-03-02"}, "Authorization", s.Superuser()); status != http.StatusBadRequest {
		t.Errorf("daily_sent by a superuser: %d", status)
	}
	if status, _ := s.Patch(path+other.Id, map[string]any{"notify": good}, "Authorization", agent); status < 400 {
		t.Errorf("somebody else's: %d", status)
	}
}

// The daily mail leads where its reader works: agents to the Desk, superusers to
// the dashboard.
func TestDailyMailLinks(t *testing.T) {
	s := newShop(t, withApp(func(app core.App) { // PocketBase's settings have no lock: before anything reads them
		settings := app.Settings()
		settings.Meta.AppURL = "https://shop.example/"
		if err := app.Save(settings); err != nil {
			t.Fatal(err)
		}
	}))
	s.Settings(map[string]any{"ack_enabled": false})
	s.Submit(nil)
	agent, who := s.Agent(desk.RoleAgent, "")
	for _, token := range []string{agent, s.Superuser()} {
		_, me := s.Post("/api/desk/me", nil, "Authorization", token)
		id := me["agent"].(map[string]any)["id"].(string)
		if status, answer := s.Patch("/api/collections/agents/records/"+id, map[string]any{"notify": map[string]any{"daily": true, "daily_at": "00:00", "weekend": true}}, "Authorization", token); status != http.StatusOK {
			t.Fatalf("%d %v", status, answer)
		}
	}
	s.runJob("pocketdesk.daily")
	rows := s.Rows(desk.Outbox)
	if len(rows) != 2 {
		t.Fatalf("%d mails", len(rows))
	}
	for _, r := range rows {
		want := "https://shop.example/_/#/desk"
		if r.GetString("recipient") == who.Email() {
			want = "https://shop.example/desk/#/desk"
		}
		if p, err := desk.AsDelivery(r).Payload(); err != nil || !strings.Contains(p.Draft, "\n"+want+"\n") {
			t.Errorf("%s: %v\n%s", r.GetString("recipient"), err, p.Draft)
		}
	}
}
