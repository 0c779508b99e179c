package hooks

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// An Idempotency-Key is honoured for 24 hours, for its caller and its body.
func TestIdempotency(t *testing.T) {
	s := newShop(t, withoutSMTP())
	send := func(key, message string, headers ...string) (int, map[string]any) {
		return s.Post(submitPath, map[string]any{"email": "ann@example.com", "message": message}, append(headers, "Idempotency-Key", key)...)
	}
	_, first := send("k1", "hello")
	status, again := send("k1", "hello")
	if status != http.StatusOK || again["receipt"] != first["receipt"] || again["id"] != first["id"] || again["answer_by"] != first["answer_by"] || len(s.Cases()) != 1 {
		t.Errorf("again: %d %v, first %v, %d cases", status, again, first, len(s.Cases()))
	}
	if status, answer := send("k1", "hello!"); status != http.StatusUnprocessableEntity || len(s.Rows(desk.Feedbacks)) != 1 {
		t.Errorf("another body: %d %v", status, answer)
	}
	if status, _ := send("k2", "hello"); status != http.StatusOK || len(s.Cases()) != 2 {
		t.Errorf("another key: %d, %d cases", status, len(s.Cases()))
	}
	long := strings.Repeat("k", 300)
	_, a := send(long+"a", "hello")
	if status, b := send(long+"b", "hello"); status != http.StatusOK || b["id"] == a["id"] {
		t.Errorf("long keys that differ at the end: %d", status)
	}
	for _, role := range []string{"integration", "agent"} {
		token, _ := s.Agent(role, "")
		if status, own := send("k1", "hello", "Authorization", token); status != http.StatusOK || own["id"] == first["id"] {
			t.Errorf("a guest's key is honoured for another caller: %d %v", status, own)
		}
		if status, _ := send("k1", "other", "Authorization", token); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: another body: %d", role, status)
		}
	}
	s.Clock.Advance(24*time.Hour - time.Second)
	if _, again := send("k1", "hello"); again["id"] != first["id"] {
		t.Error("the key is forgotten before 24 hours")
	}
	s.Clock.Advance(2 * time.Second)
	if status, new := send("k1", "hello!"); status != http.StatusOK || new["id"] == first["id"] {
		t.Errorf("after 24 hours: %d %v", status, new)
	}
	s.Clock.Advance(25 * time.Hour)
	s.runJob("pocketdesk.idempotency")
	for _, r := range s.Rows(desk.Feedbacks) {
		if r.GetString("idem_key") != "" || r.GetString("idem_hash") != "" {
			t.Errorf("%s keeps its key", r.Id)
		}
	}
}

// The same key many times at the same moment opens one case.
func TestIdempotencyAtOnce(t *testing.T) {
	s := newShop(t)
	for round := range 3 {
		body, contentType := form(map[string]any{"email": fmt.Sprintf("ann%d@example.com", round), "message": "hello", "name": "Ann", "consent": "true"}, upload{Name: "a.png", Body: png()})
		ids := make([]string, 8)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				a := s.Do(http.MethodPost, submitPath, bytes.NewReader(body), "Content-Type", contentType, "Idempotency-Key", fmt.Sprint("key", round))
				ids[i], _ = a.JSON()["id"].(string)
				if a.Status != http.StatusOK {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			})
		}
		wg.Wait()
		if slices.Sort(ids); ids[0] == "" || ids[0] != ids[len(ids)-1] {
			t.Errorf("answers name %v", slices.Compact(ids))
		}
		if n := len(s.Cases()); n != round+1 || len(s.stored()) != round+1 || len(s.Rows(desk.Verdicts)) != round+1 {
			t.Errorf("%d cases, %d files, %d verdicts, want %d of each", n, len(s.stored()), len(s.Rows(desk.Verdicts)), round+1)
		}
	}
	s.Drain()
	if n := len(s.SMTP.Mails()); n != 3 {
		t.Errorf("%d acknowledgements", n)
	}
}
