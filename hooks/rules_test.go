package hooks

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

const rulesPath = "/api/collections/rules/records"

// ruled returns when the rules have dealt with all that was written so far.
func (s *shop) ruled() {
	s.t.Helper()
	if err := s.plugin.rules.Drain(); err != nil {
		s.t.Fatal(err)
	}
}

// An admin writes a rule; a lawyer's letter is urgent and with the lead as soon as
// it came, the visitor has an automatic mail, and a colleague sees why.
func TestRuleFromFormToCase(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	agent, _ := s.Agent(desk.RoleAgent, "")
	_, lead := s.Agent(desk.RoleSupervisor, "")
	legal := s.Add(desk.Teams, map[string]any{"name": "Legal", "lead": lead.Id}).Id
	s.Add(desk.Templates, map[string]any{"key": "calm", "locale": "en", "kind": "reply", "subject": "We take this seriously", "body": "Hello {{ contact.name }}, a colleague reads your letter today.", "enabled": true})
	rule := map[string]any{"name": "Lawyers", "enabled": true, "event": "case_opened", "filter": `text ~ "my solicitor" && locale = "en"`,
		"actions": []map[string]any{
			{"do": "priority", "value": "urgent"}, {"do": "team", "value": legal}, {"do": "assign", "value": "lead"},
			{"do": "answer", "value": map[string]string{"template": "calm"}},
		}}
	status, checked := s.Post("/api/desk/rules/check", rule, "Authorization", admin)
	explain, _ := checked["explain"].(map[string]any)
	if status != http.StatusOK || explain["join"] != "and" || len(explain["parts"].([]any)) != 2 {
		t.Fatalf("%d %v", status, checked)
	}
	if status, _ := s.Post(rulesPath, rule, "Authorization", agent); status == http.StatusOK {
		t.Error("an agent writes rules")
	}
	status, made := s.Post(rulesPath, rule, "Authorization", admin)
	if status != http.StatusOK || made["active_from"] == "" || made["fired"] != 0.0 {
		t.Fatalf("%d %v", status, made)
	}
	s.Submit(map[string]any{"message": "Hear from my solicitor soon.", "email": "anna@example.com", "name": "Anna Berg", "locale": "en"})
	s.ruled()
	c := s.Cases()[0]
	if c.Priority() != "urgent" || c.Team() != legal || c.Assignee() != lead.Id {
		t.Errorf("priority %s, team %s, assignee %s", c.Priority(), c.Team(), c.Assignee())
	}
	s.Drain()
	mails := s.SMTP.Mails()
	at := slices.IndexFunc(mails, func(m mailtest.Mail) bool { return strings.Contains(string(m.Raw), "We take this seriously") })
	if at < 0 || !strings.Contains(string(mails[at].Raw), "Auto-Submitted: auto-generated") || strings.Contains(string(mails[at].Raw), "solicitor") {
		t.Errorf("%d mails, the one of the rule at %d", len(mails), at)
	}
	status, runs := s.Get("/api/collections/rule_runs/records", "Authorization", admin)
	if items, _ := runs["items"].([]any); status != http.StatusOK || len(items) != 1 {
		t.Errorf("%d %v", status, runs)
	}
	// it is switched off: nothing more
	if status, answer := s.Patch(rulesPath+"/"+fmt.Sprint(made["id"]), map[string]any{"enabled": false}, "Authorization", admin); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	s.Submit(map[string]any{"message": "My solicitor again.", "email": "anna@example.com", "locale": "en"})
	s.ruled()
	if c := s.Cases()[1]; c.Priority() == "urgent" {
		t.Error("a rule that is off worked")
	}
}

// A case that waits is nudged by the minute tick, and what rules keep is written by nobody.
func TestTimedRule(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	agent, _ := s.Agent(desk.RoleAgent, "")
	status, made := s.Post(rulesPath, map[string]any{"name": "Late", "enabled": true, "event": "time_passed", "delay": "2d", "states": []string{"pending"},
		"actions": []map[string]any{{"do": "add_tags", "value": []string{"silent"}}}}, "Authorization", admin)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, made)
	}
	s.runJob("pocketdesk.rules")
	s.Submit(nil)
	c := s.Cases()[0]
	if status, answer := s.Patch("/api/collections/cases/records/"+c.Id, map[string]any{"status": "pending"}, "Authorization", agent); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	s.runJob("pocketdesk.rules")
	if tags := s.Cases()[0].Tags(); len(tags) != 0 {
		t.Errorf("at once: %v", tags)
	}
	s.Clock.Advance(7 * 24 * time.Hour)
	s.runJob("pocketdesk.rules")
	if tags := s.Cases()[0].Tags(); !slices.Equal(tags, []string{"silent"}) {
		t.Errorf("a week later: %v", tags)
	}
	for field, value := range map[string]any{"fired": 9, "failed": "x", "active_from": "2020-01-01 00:00:00.000Z", "looked_until": "2020-01-01 00:00:00.000Z", "starter": "vip", "fired_at": "2020-01-01 00:00:00.000Z"} {
		if status, _ := s.Patch(rulesPath+"/"+fmt.Sprint(made["id"]), map[string]any{field: value}, "Authorization", admin); status != http.StatusBadRequest {
			t.Errorf("%s was written: %d", field, status)
		}
	}
	if status, _ := s.Post("/api/collections/rule_runs/records", map[string]any{"rule": made["id"], "case": c.Id, "state": "x"}, "Authorization", admin); status == http.StatusOK {
		t.Error("a run was written")
	}
}

// What can't be used is refused under its field, a rule too many too, and one
// whose template went can still be switched off and moved.
func TestRulesRefused(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	good := func(more map[string]any) map[string]any {
		out := map[string]any{"name": "x", "event": "case_opened", "filter": "", "actions": []map[string]any{{"do": "priority", "value": "high"}}}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	for name, one := range map[string]struct {
		change map[string]any
		field  string
	}{
		"a filter half done": {map[string]any{"filter": "priority ="}, "filter"},
		"a secret field":     {map[string]any{"filter": `track_token != ""`}, "filter"},
		"a pattern bomb":     {map[string]any{"filter": `text ~ "` + strings.Repeat("%a", 99) + `"`}, "filter"},
		"no such action":     {map[string]any{"actions": []map[string]any{{"do": "explode"}}}, "actions"},
		"no such template":   {map[string]any{"actions": []map[string]any{{"do": "answer", "value": "nope"}}}, "actions"},
		"no time":            {map[string]any{"event": "time_passed", "states": []string{"open"}}, "delay"},
	} {
		for _, path := range []string{rulesPath, "/api/desk/rules/check"} {
			status, answer := s.Post(path, good(one.change), "Authorization", admin)
			data, _ := answer["data"].(map[string]any)
			wrong, _ := data[one.field].(map[string]any)
			if status != http.StatusBadRequest || len(fmt.Sprint(wrong["message"])) < 20 {
				t.Errorf("%s at %s: %d %v", name, path, status, answer)
			}
		}
	}
	tpl := s.Add(desk.Templates, map[string]any{"key": "soon", "locale": "en", "kind": "reply", "subject": "s", "body": "b", "enabled": true})
	_, made := s.Post(rulesPath, good(map[string]any{"enabled": true, "actions": []map[string]any{{"do": "answer", "value": "soon"}}}), "Authorization", admin)
	if status, _ := s.Delete("/api/collections/templates/records/"+tpl.Id, "Authorization", admin); status != http.StatusNoContent {
		t.Fatalf("%d", status)
	}
	path := rulesPath + "/" + fmt.Sprint(made["id"])
	for _, change := range []map[string]any{{"position": 4}, {"name": "y"}, {"enabled": false}} {
		if status, answer := s.Patch(path, change, "Authorization", admin); status != http.StatusOK {
			t.Errorf("%v: %d %v", change, status, answer)
		}
	}
	if status, _ := s.Patch(path, map[string]any{"enabled": true}, "Authorization", admin); status != http.StatusBadRequest {
		t.Errorf("it was switched on: %d", status)
	}
	for len(s.Rows(desk.Rules)) < ruling.MaxRules {
		s.Add(desk.Rules, good(nil))
	}
	if status, answer := s.Post(rulesPath, good(nil), "Authorization", admin); status != http.StatusBadRequest || !strings.Contains(fmt.Sprint(answer), "200 rules") {
		t.Errorf("%d %v", status, answer)
	}
}

// The list of fields is for the builder: each can be used in a filter of its event.
func TestRuleFields(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	status, answer := s.Get("/api/desk/rules/fields", "Authorization", admin)
	events, _ := answer["events"].(map[string]any)
	if status != http.StatusOK || len(events) != 4 {
		t.Fatalf("%d %v", status, answer)
	}
	for event, fields := range events {
		list := fields.([]any)
		if len(list) < 20 {
			t.Errorf("%s: %d fields", event, len(list))
		}
		for _, one := range list {
			name := one.(map[string]any)["name"].(string)
			body := map[string]any{"event": event, "filter": name + ` != ""`, "delay": "1d", "states": []string{"open"}, "actions": []map[string]any{{"do": "stop"}}}
			if status, answer := s.Post("/api/desk/rules/check", body, "Authorization", admin); status != http.StatusOK {
				t.Errorf("%s of %s: %d %v", name, event, status, answer)
			}
			for _, secret := range []string{"token", "password", "email_verified", "reasons", "suggestion"} {
				if strings.Contains(name, secret) {
					t.Errorf("%s is among the fields of %s", name, event)
				}
			}
		}
	}
}
