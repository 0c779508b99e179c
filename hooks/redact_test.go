package hooks

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// redacts posts what to take out of a message.
func (w *writer) redacts(message, token string, what map[string]any) (int, map[string]any) {
	w.t.Helper()
	return w.Post("/api/desk/messages/"+message+"/redact", what, "Authorization", token)
}

// found is how many cases a search gives an agent.
func (w *writer) found(words string) int {
	w.t.Helper()
	_, list := w.Get("/api/desk/search?q="+words, "Authorization", w.token)
	items, _ := list["items"].([]any)
	return len(items)
}

// A note with a card number: its author takes it out for ten minutes, admins always.
func TestRedactANote(t *testing.T) {
	w := newWriter(t)
	admin, _ := w.Agent(desk.RoleAdmin, "")
	mate, _ := w.Agent(desk.RoleAgent, "")
	note := func() string {
		_, m := w.write(map[string]any{"direction": "note", "body": "Card 4111111111111111, call again"})
		return m["id"].(string)
	}
	first, second := note(), note()
	if status, _ := w.redacts(first, mate, map[string]any{"text": "4111111111111111"}); status != http.StatusForbidden {
		t.Errorf("a colleague: %d", status)
	}
	if w.found("4111111111111111") != 1 {
		t.Fatal("the number is not found before")
	}
	status, m := w.redacts(first, w.token, map[string]any{"text": "4111111111111111"})
	if body, _ := m["body"].(string); status != http.StatusOK || body != "Card █████, call again" || m["redacted_at"] == "" {
		t.Errorf("the author: %d %v", status, m)
	}
	w.Clock.Advance(11 * time.Minute)
	if status, _ := w.redacts(second, w.token, map[string]any{"all": true}); status != http.StatusForbidden {
		t.Errorf("the author, late: %d", status)
	}
	if status, m := w.redacts(second, admin, map[string]any{"all": true}); status != http.StatusOK || m["body"] != "█████" {
		t.Errorf("an admin: %d %v", status, m)
	}
	if n := w.found("4111111111111111"); n != 0 {
		t.Errorf("the number is found in %d cases", n)
	}
	kinds := 0
	for _, e := range w.Rows(desk.Events) {
		if strings.Contains(e.GetString("after")+e.GetString("before"), "4111") {
			t.Errorf("the event %s tells the number", e.GetString("kind"))
		}
		if e.GetString("kind") == "redacted" {
			kinds++
		}
	}
	if kinds != 2 {
		t.Errorf("%d lines of the audit trail", kinds)
	}
	for _, bad := range []map[string]any{{}, {"text": "never said"}, {"file": "no.png"}, {"text": "a", "all": true}} {
		if status, answer := w.redacts(second, admin, bad); status != http.StatusBadRequest {
			t.Errorf("%v: %d %v", bad, status, answer)
		}
	}
}

// The visitor's first words stand in several places; a mail that waits is taken back instead.
func TestRedactAMessage(t *testing.T) {
	w := newWriter(t)
	w.visitor("My card is 4111 1111 1111 1111.")
	admin, _ := w.Agent(desk.RoleAdmin, "")
	messages := w.Rows(desk.Messages)
	first := messages[0].GetString("body")
	if status, answer := w.redacts(messages[0].Id, admin, map[string]any{"text": first}); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	f := w.Rows(desk.Feedbacks)[0]
	if f.GetString("message") != "█████" || strings.Contains(w.now().Subject(), first) {
		t.Errorf("the submission says %q, the case %q", f.GetString("message"), w.now().Subject())
	}
	if status, _ := w.redacts(messages[0].Id, admin, map[string]any{"all": true}); status != http.StatusBadRequest {
		t.Errorf("a visitor's message as a whole: %d", status)
	}
	_, sent := w.write(map[string]any{"body": "Your card 4111 is safe.", "undo_seconds": 30})
	id := sent["id"].(string)
	if status, _ := w.redacts(id, w.token, map[string]any{"text": "4111"}); status != http.StatusConflict {
		t.Errorf("a mail that waits: %d", status)
	}
	w.Clock.Advance(time.Minute)
	w.Drain()
	if status, answer := w.redacts(id, w.token, map[string]any{"text": "4111"}); status != http.StatusOK {
		t.Errorf("a mail that left: %d %v", status, answer)
	}
	for _, row := range w.Rows(desk.Outbox) {
		if strings.Contains(row.GetString("payload"), "card 4111") {
			t.Error("the outbox keeps what was taken out")
		}
	}
	// a file goes with its name
	a := w.Multipart(messagesPath, map[string]any{"case": w.id, "direction": "note", "body": "see"}, []upload{{Name: "card.png", Body: png()}}, "Authorization", w.token)
	note := a.JSON()
	name := note["attachments"].([]any)[0].(string)
	status, m := w.redacts(note["id"].(string), w.token, map[string]any{"file": name})
	if left, _ := m["attachments"].([]any); status != http.StatusOK || len(left) != 0 || len(w.stored()) != 0 {
		t.Errorf("%d %v, %v stored", status, m, w.stored())
	}
}
