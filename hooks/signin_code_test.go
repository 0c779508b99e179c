package hooks

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

var codeIn = regexp.MustCompile(`\b\d{8}\b`)

// A code after the password: in the person's language, once, not after its time,
// and not by guessing.
func TestCodeByMail(t *testing.T) {
	s := newShop(t)
	mails := s.letters()
	_, agent := s.Agent("agent", "")
	status, answer := s.Patch("/api/collections/agents", map[string]any{
		"otp": map[string]any{"enabled": true, "duration": 180, "length": 8}, "mfa": map[string]any{"enabled": true, "duration": 600},
	}, "Authorization", s.Superuser())
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	status, answer = s.Post("/api/collections/agents/auth-with-password", map[string]any{"identity": agent.Email(), "password": staffPassword})
	first, _ := answer["mfaId"].(string)
	if status != http.StatusUnauthorized || first == "" || answer["token"] != nil {
		t.Fatalf("the password alone: %d %v", status, answer)
	}
	ask := func() (id, code string) {
		_, answer := s.Post("/api/collections/agents/request-otp", map[string]any{"email": agent.Email()})
		m := mails.to(t, agent.Email())
		code = codeIn.FindString(m.Text)
		if code == "" || m.Subject == "" {
			t.Fatalf("no code in %q", m.Text)
		}
		return answer["otpId"].(string), code
	}
	try := func(id, code, second string) int {
		status, _ := s.Post("/api/collections/agents/auth-with-otp", map[string]any{"otpId": id, "password": code, "mfaId": second})
		return status
	}
	id, code := ask()
	s.age(t, id, 4*time.Minute)
	if got := try(id, code, first); got != http.StatusBadRequest {
		t.Errorf("a code that is too old: %d", got)
	}
	id, code = ask()
	if got := try(id, "00000000", first); got != http.StatusBadRequest {
		t.Errorf("a wrong code: %d", got)
	}
	if got := try(id, code, ""); got != http.StatusUnauthorized {
		t.Errorf("a code without the password: %d", got)
	}
	if got := try(id, code, first); got != http.StatusBadRequest {
		t.Errorf("a code twice: %d", got)
	}
	id, code = ask()
	if got := try(id, code, first); got != http.StatusOK {
		t.Errorf("the right code after the password: %d", got)
	}
	id, code = ask()
	for range 6 {
		try(id, "00000000", first)
	}
	if got := try(id, code, first); got != http.StatusTooManyRequests {
		t.Errorf("after guessing: %d", got)
	}
}

// age makes a code older than it is.
func (s *shop) age(t *testing.T, id string, by time.Duration) {
	t.Helper()
	at, err := types.ParseDateTime(time.Now().Add(-by))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.App.NonconcurrentDB().NewQuery("UPDATE " + core.CollectionNameOTPs + " SET created = {:at} WHERE id = {:id}").
		Bind(map[string]any{"at": at.String(), "id": id}).Execute(); err != nil {
		t.Fatal(err)
	}
}
