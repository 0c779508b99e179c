package hooks

import (
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// No admin makes himself less, nor the last one; a superuser may. Who is no admin
// raises nobody, whatever the way.
func TestRolesAreKept(t *testing.T) {
	w := newWorld(t)
	ids := map[string]string{}
	for _, role := range []string{"agent", "supervisor", "admin"} {
		_, me := w.Post("/api/desk/me", map[string]any{}, w.auth(role)...)
		ids[role] = me["agent"].(map[string]any)["id"].(string)
	}
	record := func(role string) string { return "/api/collections/agents/records/" + ids[role] }
	for _, role := range []string{"guest", "agent", "supervisor", "integration"} {
		for _, body := range []map[string]any{{"role": "admin"}, {"+role": "admin"}, {"role+": "admin"}, {"verified": true, "role": []string{"admin"}}, {"team": w.teamB}} {
			for _, whom := range []string{"agent", "supervisor"} {
				w.Patch(record(whom), body, w.auth(role)...)
			}
		}
		for _, path := range []string{"/api/desk/people", "/api/desk/people/" + ids["agent"] + "/invite", "/api/desk/people/" + ids["admin"] + "/deactivate"} {
			if status, _ := w.Post(path, map[string]any{"name": "X", "email": "x@staff.example", "role": "admin"}, w.auth(role)...); status != http.StatusForbidden && status != http.StatusUnauthorized {
				t.Errorf("%s by %s: %d", path, role, status)
			}
		}
	}
	for _, role := range []string{"agent", "supervisor"} {
		r, err := w.App.FindRecordById(desk.Agents, ids[role])
		if err != nil || r.GetString("role") != role || role == "agent" && r.GetString("team") != w.teamA {
			t.Errorf("%s is now %s of %s; %v", role, r.GetString("role"), r.GetString("team"), err)
		}
	}
	for name, try := range map[string]func() (int, map[string]any){
		"own role": func() (int, map[string]any) {
			return w.Patch(record("admin"), map[string]any{"role": "agent"}, w.auth("admin")...)
		},
		"own end": func() (int, map[string]any) { return w.Delete(record("admin"), w.auth("admin")...) },
		"deactivates": func() (int, map[string]any) {
			return w.Post("/api/desk/people/"+ids["admin"]+"/deactivate", nil, w.auth("admin")...)
		},
	} {
		if status, answer := try(); status != http.StatusBadRequest {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	w.tokens["superuser"] = w.Superuser()
	if status, answer := w.Patch(record("admin"), map[string]any{"role": "supervisor"}, w.auth("superuser")...); status != http.StatusOK {
		t.Errorf("a superuser: %d %v", status, answer)
	}
}

// Two admins who take each other's role away at the same moment: one stays.
func TestLastAdminStays(t *testing.T) {
	s := newShop(t, withoutSMTP())
	a, first := s.Agent("admin", "")
	b, second := s.Agent("admin", "")
	done := make(chan int, 2)
	for token, whom := range map[string]*core.Record{a: second, b: first} {
		go func() {
			status, _ := s.Patch("/api/collections/agents/records/"+whom.Id, map[string]any{"role": "agent"}, "Authorization", token)
			done <- status
		}()
	}
	one, two := <-done, <-done
	admins := 0
	for _, r := range s.Rows(desk.Agents) {
		if r.GetString("role") == desk.RoleAdmin {
			admins++
		}
	}
	if admins != 1 || one == two {
		t.Errorf("%d admins are left; %d and %d", admins, one, two)
	}
}
