package hooks

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A shop is watched before anybody set anything up, in its own language, and the
// owner can switch that off.
func TestWatchedShop(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	level, step := s.Rows(desk.SLAPolicies), s.Rows(desk.Escalations)
	if len(level) != 1 || !level[0].GetBool("usual") || !level[0].GetBool("enabled") || level[0].GetString("name") != "一般時限" || len(step) != 1 || step[0].GetString("on") != "breach" {
		t.Fatalf("%d service levels, %d escalations", len(level), len(step))
	}
	settings := "/api/collections/desk_settings/records/" + desk.SettingsRecord
	status, kept := s.Patch(settings, map[string]any{"locale": "ja"}, "Authorization", admin)
	if after, _ := kept["assignment"].(map[string]any); status != http.StatusOK || after["alarm_after"] != "4h" {
		t.Errorf("%d %v", status, kept["assignment"])
	}
	if a, b := s.Rows(desk.SLAPolicies)[0].GetString("name"), s.Rows(desk.Escalations)[0].GetString("name"); a != "通常の対応期限" || b != "期限超過" {
		t.Errorf("they are called %s and %s", a, b)
	}
	if status, _ := s.Patch(policies+"/"+level[0].Id, map[string]any{"name": "当店"}, "Authorization", admin); status != http.StatusOK {
		t.Fatal(status)
	}
	s.Patch(settings, map[string]any{"locale": "en", "assignment": map[string]any{"alarm_after": "never"}}, "Authorization", admin)
	if name := s.Rows(desk.SLAPolicies)[0].GetString("name"); name != "当店" {
		t.Errorf("the owner's name became %s", name)
	}
	s.Submit(nil)
	if c := s.Cases()[0]; c.GetString("policy") != level[0].Id || c.GetString("tell_at") == "" {
		t.Errorf("policy %q, told at %q", c.GetString("policy"), c.GetString("tell_at"))
	}
	if status, _ := s.Patch(policies+"/"+level[0].Id, map[string]any{"enabled": false}, "Authorization", admin); status != http.StatusOK {
		t.Fatal(status)
	}
	s.Submit(map[string]any{"email": "second@example.com"})
	if c := s.Cases()[1]; c.GetString("policy") != "" || c.GetString("tell_at") != "" {
		t.Errorf("policy %q, told at %q", c.GetString("policy"), c.GetString("tell_at"))
	}
}

// That a contact's tags changed is written with them: who asks for tags finds it
// after a crash.
func TestTagsAreNoted(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	s.Submit(nil)
	noted := func() (n int) {
		for _, r := range s.Rows(desk.Places) {
			if strings.HasPrefix(r.Id, "retag_") {
				n++
			}
		}
		return n
	}
	contact := "/api/collections/contacts/records/" + s.Cases()[0].GetString("contact")
	if status, _ := s.Patch(contact, map[string]any{"tags": []string{"gold"}}, "Authorization", admin); status != http.StatusOK || noted() != 0 {
		t.Errorf("%d, and no level asks for tags: %d", status, noted())
	}
	status, made := s.Post(policies, map[string]any{"name": "VIP", "enabled": true, "contact_tags": []string{"vip"}, "first_response": "1h"}, "Authorization", admin)
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, made)
	}
	if status, _ := s.Patch(contact, map[string]any{"note": "Asks for the boss"}, "Authorization", admin); status != http.StatusOK || noted() != 0 {
		t.Errorf("%d, and the tags are the same: %d", status, noted())
	}
	if status, _ := s.Patch(contact, map[string]any{"tags": []string{"vip"}}, "Authorization", admin); status != http.StatusOK || noted() != 1 {
		t.Errorf("%d, noted %d", status, noted())
	}
}
