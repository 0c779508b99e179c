package hooks

import (
	"net/http"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Staff block a person: what comes under the address waits from then on, until
// they unblock him.
func TestBlockedContact(t *testing.T) {
	s := newShop(t)
	token, _ := s.Agent(desk.RoleAgent, "")
	s.Submit(map[string]any{"email": "ming@example.com"})
	contact := s.Rows(desk.Contacts)[0].Id
	for _, blocked := range []bool{true, false} {
		if status, answer := s.Patch("/api/collections/contacts/records/"+contact, map[string]any{"blocked": blocked}, "Authorization", token); status != http.StatusOK {
			t.Fatalf("blocked %v: %d %v", blocked, status, answer)
		}
		sent := s.Submit(map[string]any{"email": "Ming@Example.com"})
		want := desk.Accepted
		if blocked {
			want = desk.Quarantined
		}
		if got := s.Verdict(sent["id"].(string)).Outcome(); got != want {
			t.Errorf("blocked %v: %s, want %s", blocked, got, want)
		}
	}
}
