package hooks

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

var escalationLink = regexp.MustCompile(`https://shop\.example(/support/e/\S+)`)

// newEscalationShop is a shop with a case and an escalation to somebody outside.
func newEscalationShop(t *testing.T) (s *shop, c *desk.Case, escalation string) {
	s = newShop(t, withApp(func(app core.App) { app.Settings().Logs.MaxDays = 1 }))
	s.Settings(map[string]any{"ack_enabled": false, "shop_name": map[string]string{"zh-TW": "山嵐選物", "en": "Mist"}})
	c = s.CaseOf(s.Submit(map[string]any{"message": "The kettle that I bought at your shop last week burnt my hand. I am in hospital, please call me."})["id"].(string))
	status, made := s.Post("/api/collections/escalations/records", map[string]any{
		"name": "Injury", "enabled": true, "steps": []any{
			map[string]any{"to": map[string]any{"email": "Plant@Maker.example", "locale": "en"}, "note": "Please check lot 7."},
			map[string]any{"after": "1h", "to": map[string]any{"lead": true}},
		},
	}, "Authorization", s.Superuser())
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, made)
	}
	return s, c, made["id"].(string)
}

// A case goes to somebody outside, who takes it on by a page without scripts.
func TestEscalatedOutside(t *testing.T) {
	s, c, escalation := newEscalationShop(t)
	agent, me := s.Agent(desk.RoleAgent, "")
	path := "/api/desk/cases/" + c.Id + "/escalate"
	status, run := s.Post(path, map[string]any{"escalation": escalation, "note": "She waits for a call."}, "Authorization", agent)
	if status != http.StatusOK || run["state"] != "open" || run["next_at"] == "" {
		t.Fatalf("%d %v", status, run)
	}
	if status, answer := s.Post(path, map[string]any{"escalation": escalation}, "Authorization", agent); status != http.StatusConflict {
		t.Errorf("twice: %d %v", status, answer)
	}
	s.Drain()
	mail := s.mail(0)
	found := escalationLink.FindStringSubmatch(mail.Text)
	if found == nil || header(mail.View, "Auto-Submitted") != "auto-generated" || strings.Contains(mail.Text, "hospital") || !strings.Contains(mail.Text, "The kettle") || !strings.Contains(mail.Text, "She waits for a call.") {
		t.Fatalf("the mail:\n%s", mail.Text)
	}
	link := found[1]

	// To look changes nothing, however often a scanner does.
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		page := s.Do(method, link, nil)
		if page.Status != http.StatusOK || method == http.MethodGet && !strings.Contains(string(page.Body), "I’ll take this on") {
			t.Errorf("%s: %d %s", method, page.Status, page.Body)
		}
		if h := page.Header; h.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("headers %v", h)
		}
	}
	if r := s.Rows(desk.CaseEscalations)[0]; r.GetString("state") != desk.EscalationOpen {
		t.Fatal("a look took it on")
	}
	pressed := s.pressLink(link, "locale=zh-TW&name=Ken&press="+s.button(link))
	if pressed.Status != http.StatusOK || !strings.Contains(string(pressed.Body), "這件由您接手") {
		t.Fatalf("%d %s", pressed.Status, pressed.Body)
	}
	status, list := s.Get("/api/desk/cases/"+c.Id+"/escalations", "Authorization", agent)
	first := list["items"].([]any)[0].(map[string]any)
	if status != http.StatusOK || first["state"] != "acknowledged" || first["acknowledged_name"] != "Ken <plant@maker.example>" || first["next_at"] != "" {
		t.Errorf("%d %v", status, first)
	}
	if again := s.pressLink(link, "locale=zh-TW&name=Eve"); !strings.Contains(string(again.Body), "已經有人接手了") {
		t.Errorf("again: %s", again.Body)
	}
	told := false
	for _, n := range s.Rows(desk.Notices) {
		told = told || n.GetString("agent") == me.Id && n.GetString("kind") == desk.NoticeTakenOn
	}
	if !told {
		t.Error("who escalated it hears nothing")
	}
	s.noTrace(t, strings.SplitN(link, "?", 2)[0])
}

// Presses of one link, and of one address, are counted; and a link that opens
// nothing looks like any other.
func TestEscalationPageHoldsBack(t *testing.T) {
	s, c, escalation := newEscalationShop(t)
	agent, _ := s.Agent(desk.RoleAgent, "")
	if status, answer := s.Post("/api/desk/cases/"+c.Id+"/escalate", map[string]any{"escalation": escalation}, "Authorization", agent); status != http.StatusOK {
		t.Fatal(status, answer)
	}
	run := s.Rows(desk.CaseEscalations)[0].Id
	link := "/support/e/" + desk.NewEscalationToken(s.App, run, 0)
	bad := s.Do(http.MethodGet, "/support/e/"+run, nil)
	other := s.Do(http.MethodGet, "/support/e/"+desk.NewEscalationToken(s.App, run, 1), nil) // of a colleague's step
	if bad.Status != http.StatusNotFound || string(bad.Body) != string(other.Body) || other.Status != http.StatusNotFound {
		t.Errorf("%d %d", bad.Status, other.Status)
	}
	codes := map[int]int{}
	for range postsLink + 3 {
		codes[s.Do(http.MethodPost, link, strings.NewReader(""), "Content-Type", "application/x-www-form-urlencoded").Status]++
	}
	if codes[http.StatusOK] != postsLink || codes[http.StatusTooManyRequests] != 3 {
		t.Errorf("answers %v", codes)
	}
	huge := s.Do(http.MethodPost, link, strings.NewReader("name="+strings.Repeat("x", 1<<20)), "Content-Type", "application/x-www-form-urlencoded")
	if huge.Status != http.StatusTooManyRequests && huge.Status != http.StatusOK {
		t.Errorf("a huge name: %d", huge.Status)
	}
}

// What staff of another team may not see, they can't escalate, acknowledge or end.
func TestEscalationOfAnotherTeam(t *testing.T) {
	s, c, escalation := newEscalationShop(t)
	north, south := s.Team("North"), s.Team("South")
	c.Set("team", north)
	if err := s.App.SaveNoValidate(c.Record); err != nil {
		t.Fatal(err)
	}
	agent, _ := s.Agent(desk.RoleAgent, north)
	stranger, who := s.Agent(desk.RoleAgent, south)
	base := "/api/desk/cases/" + c.Id
	status, run := s.Post(base+"/escalate", map[string]any{"to": map[string]any{"lead": true}}, "Authorization", agent)
	if status != http.StatusBadRequest || !strings.Contains(run["message"].(string), "Nobody would hear of it") {
		t.Errorf("nobody leads: %d %v", status, run)
	}
	if to, _ := run["data"].(map[string]any)["to"].(map[string]any); to["code"] != "nobody" {
		t.Errorf("the code for the Desk: %v", run)
	}
	if status, run = s.Post(base+"/escalate", map[string]any{"escalation": escalation}, "Authorization", agent); status != http.StatusOK {
		t.Fatal(status, run)
	}
	id := run["id"].(string)
	for _, p := range []string{base + "/escalate", base + "/tracker", "/api/desk/escalations/" + id + "/acknowledge", "/api/desk/escalations/" + id + "/end"} {
		if status, answer := s.Post(p, map[string]any{"escalation": escalation, "url": "https://x.example/1"}, "Authorization", stranger); status != http.StatusNotFound {
			t.Errorf("%s: %d %v", p, status, answer)
		}
	}
	if status, _ := s.Get(base+"/escalations", "Authorization", stranger); status != http.StatusNotFound {
		t.Errorf("the list: %d", status)
	}
	for body, want := range map[string]int{
		`{"to":{"agent":"` + who.Id + `"}}`: http.StatusBadRequest, `{"to":{"email":"a@b.example"}}`: http.StatusForbidden,
		`{}`: http.StatusBadRequest, `{"escalation":"none"}`: http.StatusBadRequest, `{"to":{"webhook":"x"}}`: http.StatusBadRequest,
		`{"to":{"lead":true},"note":"` + strings.Repeat("x", 1001) + `"}`: http.StatusBadRequest, `[]`: http.StatusBadRequest,
	} {
		a := s.Do(http.MethodPost, base+"/escalate", strings.NewReader(body), "Authorization", agent, "Content-Type", "application/json")
		if a.Status != want {
			t.Errorf("%.60s: %d %s", body, a.Status, a.Body)
		}
	}
	for _, verb := range []string{"acknowledge", "end"} {
		if status, answer := s.Post("/api/desk/escalations/"+id+"/"+verb, nil, "Authorization", agent); status != http.StatusOK {
			t.Errorf("%s: %d %v", verb, status, answer)
		}
		if status, _ := s.Post("/api/desk/escalations/"+id+"/"+verb, nil, "Authorization", agent); status != http.StatusConflict {
			t.Errorf("%s twice: %d", verb, status)
		}
	}
	if status, _ := s.Post("/api/collections/case_escalations/records", map[string]any{"case": c.Id, "state": "open"}, "Authorization", s.Superuser()); status != http.StatusForbidden {
		t.Errorf("a run over REST: %d", status)
	}
}

// What an admin writes is checked, with a sentence that says how to mend it.
func TestEscalationIsChecked(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	agent, _ := s.Agent(desk.RoleAgent, "")
	path := "/api/collections/escalations/records"
	lead := []any{map[string]any{"to": map[string]any{"lead": true}}}
	for name, c := range map[string]struct {
		body  map[string]any
		field string
	}{
		"no steps":       {map[string]any{"name": "x", "steps": []any{}}, "steps"},
		"steps of words": {map[string]any{"name": "x", "steps": "soon"}, "steps"},
		"no such person": {map[string]any{"name": "x", "steps": []any{map[string]any{"to": map[string]any{"agent": "nobody"}}}}, "steps"},
		"no category":    {map[string]any{"name": "x", "steps": lead, "categories": []string{"none"}}, "categories"},
		"other event":    {map[string]any{"name": "x", "steps": lead, "on": "never"}, "on"},
	} {
		status, answer := s.Post(path, c.body, "Authorization", admin)
		data, _ := answer["data"].(map[string]any)
		if status != http.StatusBadRequest || data[c.field] == nil {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if status, _ := s.Post(path, map[string]any{"name": "x", "steps": lead}, "Authorization", agent); status < 400 {
		t.Errorf("an agent writes one: %d", status)
	}
	for _, bad := range []any{map[string]any{"quiet_from": "22:00"}, map[string]any{"digest_minutes": 1}, map[string]any{"quiet_from": 22}} {
		if status, answer := s.Patch("/api/collections/desk_settings/records/"+desk.SettingsRecord, map[string]any{"telling": bad}, "Authorization", admin); status != http.StatusBadRequest {
			t.Errorf("%v: %d %v", bad, status, answer)
		}
	}
	if status, answer := s.Patch("/api/collections/desk_settings/records/"+desk.SettingsRecord, map[string]any{"telling": map[string]any{"quiet_from": "22:00", "quiet_until": "08:00", "digest_minutes": 15}}, "Authorization", admin); status != http.StatusOK {
		t.Errorf("%d %v", status, answer)
	}
}

// Whoever uses the Desk is not mailed; whoever left is.
func TestNotWhileAtTheDesk(t *testing.T) {
	s, c, _ := newEscalationShop(t)
	agent, _ := s.Agent(desk.RoleAgent, "")
	there, who := s.Agent(desk.RoleAgent, "")
	if status, _ := s.Post("/api/desk/here", nil, "Authorization", there); status != http.StatusNoContent {
		t.Fatal(status)
	}
	if status, answer := s.Post("/api/desk/cases/"+c.Id+"/escalate", map[string]any{"to": map[string]any{"agent": who.Id}}, "Authorization", agent); status != http.StatusOK {
		t.Fatal(status, answer)
	}
	mails := func() (n int) {
		if err := s.plugin.tellAway(); err != nil {
			t.Fatal(err)
		}
		for _, r := range s.Rows(desk.Outbox) {
			if r.GetString("recipient") == who.Email() {
				n++
			}
		}
		return n
	}
	if n := mails(); n != 0 {
		t.Errorf("%d mails while he is there", n)
	}
	s.Clock.Advance(2 * hereFor)
	if a, b := mails(), mails(); a != 1 || b != 1 {
		t.Errorf("%d and %d mails once he left", a, b)
	}
}
