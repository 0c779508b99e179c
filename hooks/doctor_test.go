package hooks

import (
	"net/http"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// TestCheckupIsForAdmins: it sends mail and tells of the shop's servers.
func TestCheckupIsForAdmins(t *testing.T) {
	s := newShop(t)
	for _, role := range []string{desk.RoleAgent, desk.RoleSupervisor, desk.RoleIntegration} {
		token, _ := s.Agent(role, "")
		if status, _ := s.Post("/api/desk/doctor", nil, "Authorization", token); status != http.StatusForbidden {
			t.Errorf("%s: %d", role, status)
		}
	}
	if status, _ := s.Post("/api/desk/doctor", nil); status != http.StatusUnauthorized && status != http.StatusForbidden {
		t.Errorf("a guest: %d", status)
	}
}

// TestOneCheckupAtATime keeps an admin from sending a mail with every click.
func TestOneCheckupAtATime(t *testing.T) {
	s := newShop(t)
	s.plugin.examining.Lock()
	defer s.plugin.examining.Unlock()
	if status, _ := s.Post("/api/desk/doctor", nil, "Authorization", s.Superuser()); status != http.StatusConflict {
		t.Errorf("a second checkup: %d", status)
	}
}
