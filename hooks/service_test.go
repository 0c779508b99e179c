package hooks

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const policies = "/api/collections/sla_policies/records"

// A shop's service level, from the policy that an admin makes to the report.
func TestServiceLevels(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	agent, _ := s.Agent(desk.RoleAgent, "")
	status, made := s.Post(policies, map[string]any{
		"name": "Returns", "enabled": true, "categories": []string{"return"}, "first_response": "30m", "next_response": "1h", "resolution": "2d",
	}, "Authorization", admin)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, made)
	}
	// the visitor is told by when, on the form and in the mail
	sent := s.Submit(map[string]any{"category": "return"})
	c := s.Cases()[0]
	if c.GetString("policy") != made["id"] || sent["answer_by"] != c.GetString("first_response_due") {
		t.Errorf("answer by %v, due %s, policy %s", sent["answer_by"], c.GetString("first_response_due"), c.GetString("policy"))
	}
	// spam is told the same
	other := s.Submit(map[string]any{"category": "return", "email": "other@example.com", "website": "https://spam.example"})
	if a, b := other["answer_by"].(string), sent["answer_by"].(string); a[:16] != b[:16] { // to the minute
		t.Errorf("spam is told %v, others %v", other["answer_by"], sent["answer_by"])
	}
	// by the API as by the Desk: another category, another policy
	path := "/api/collections/cases/records/" + c.Id
	if status, answer := s.Patch(path, map[string]any{"category": "product"}, "Authorization", agent); status != http.StatusOK || answer["policy"] == made["id"] || answer["policy"] == "" {
		t.Errorf("%d %v", status, answer)
	}
	if status, answer := s.Patch(path, map[string]any{"category": "return", "priority": "urgent"}, "Authorization", agent); status != http.StatusOK || answer["policy"] != made["id"] {
		t.Errorf("%d %v", status, answer)
	}
	before := s.Cases()[0]
	status, many := s.Post("/api/desk/cases/bulk", map[string]any{"ids": []string{c.Id}, "actions": []map[string]any{{"do": "status", "value": "pending"}, {"do": "priority", "value": "low"}}}, "Authorization", agent)
	if status != http.StatusOK || len(many["done"].([]any)) != 1 {
		t.Fatalf("%d %v", status, many)
	}
	if now := s.Cases()[0]; now.GetString("paused_at") == "" || now.GetString("tell_at") != "" {
		t.Errorf("paused at %q, told at %q", now.GetString("paused_at"), now.GetString("tell_at"))
	}
	done := many["done"].([]any)[0].(map[string]any)
	if status, answer := s.Post("/api/desk/cases/bulk/undo", map[string]any{"done": []any{done}}, "Authorization", agent); status != http.StatusOK || len(answer["done"].([]any)) != 1 {
		t.Fatalf("%d %v", status, answer)
	}
	after := s.Cases()[0]
	for _, field := range desk.ClockFields() {
		if a, b := before.GetString(field), after.GetString(field); a != b {
			t.Errorf("%s was %s and is %s", field, a, b)
		}
	}
	// what is late is told
	s.Clock.Advance(3 * 24 * time.Hour)
	s.runJob("pocketdesk.service")
	warned, late := 0, 0
	for _, ev := range s.kinds(c.Id) {
		switch ev {
		case desk.EventSLAWarning:
			warned++
		case desk.EventSLABreached:
			late++
		}
	}
	if warned != 2 || late != 2 {
		t.Errorf("%d warnings, %d breaches", warned, late)
	}
	status, report := s.Get("/api/desk/service/report?days=30", "Authorization", admin)
	if status != http.StatusOK || report["cases"] != 1.0 {
		t.Fatalf("%d %v", status, report)
	}
	if first := report["counts"].(map[string]any)[desk.FirstResponse].(map[string]any); first["late"] != 1.0 {
		t.Errorf("%v", report["counts"])
	}
	// it is measured by, so it stays
	if status, _ := s.Delete(policies+"/"+made["id"].(string), "Authorization", admin); status != http.StatusBadRequest {
		t.Errorf("deleted: %d", status)
	}
}

func TestPolicyRefused(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	supervisor, _ := s.Agent(desk.RoleSupervisor, "")
	long := make([]string, 101)
	for i := range long {
		long[i] = "x"
	}
	for field, values := range map[string][]any{
		"first_response": {"soon", "-4h", "4", "0h", "99999h", "4 h", "4.5h", strings.Repeat("9", 5_000) + "h"},
		"resolution":     {"2w", "１d"},
		"warn_at":        {-1, 100, 1e9},
		"categories":     {"return", map[string]any{"a": 1}, []any{1}, []string{"no-such"}, long},
		"priorities":     {[]string{"highest"}},
		"channels":       {[]string{"E-Mail"}, []string{strings.Repeat("x", 31)}},
		"contact_tags":   {[]string{""}, []string{strings.Repeat("界", 61)}},
		"calendar":       {"no-such-calendar"},
		"name":           {"", strings.Repeat("x", 101)},
	} {
		for _, value := range values {
			body := map[string]any{"name": "Probe", "first_response": "4h", field: value}
			status, answer := s.Post(policies, body, "Authorization", admin)
			if data, _ := answer["data"].(map[string]any); status != http.StatusBadRequest || data[field] == nil {
				t.Errorf("%s %.40v: %d %v", field, value, status, answer)
			}
		}
	}
	if status, answer := s.Post(policies, map[string]any{"name": "Empty"}, "Authorization", admin); status != http.StatusBadRequest {
		t.Errorf("a policy that asks for nothing: %d %v", status, answer)
	}
	if status, _ := s.Post(policies, map[string]any{"name": "Mine", "first_response": "4h"}, "Authorization", supervisor); status != http.StatusBadRequest && status != http.StatusForbidden {
		t.Errorf("a supervisor made one: %d", status)
	}
	for _, days := range []string{"0", "-1", "93", "all"} {
		if status, _ := s.Get("/api/desk/service/report?days="+days, "Authorization", admin); status != http.StatusBadRequest {
			t.Errorf("report of %s days: %d", days, status)
		}
	}
}
