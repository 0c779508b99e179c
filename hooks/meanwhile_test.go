package hooks

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A change that was made to an old version is refused with what others changed.
func TestStaleChangeSaysWhatChanged(t *testing.T) {
	s := newShop(t)
	s.Submit(nil)
	c := s.Cases()[0]
	path := "/api/collections/cases/records/" + c.Id
	ann, who := s.Agent(desk.RoleAgent, "")
	bob, _ := s.Agent(desk.RoleAgent, "")
	seen := c.GetInt("version")
	if status, answer := s.Patch(path, map[string]any{"priority": "urgent", "version": seen}, "Authorization", ann); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	status, answer := s.Patch(path, map[string]any{"priority": "low", "version": seen}, "Authorization", bob)
	data, _ := answer["data"].(map[string]any)
	list, _ := data["changed"].([]any)
	if status != http.StatusConflict || len(list) != 1 {
		t.Fatalf("%d %v", status, answer)
	}
	one := list[0].(map[string]any)
	if one["field"] != "priority" || one["before"] != "normal" || one["after"] != "urgent" || one["actor_name"] != who.GetString("name") || one["at"] == "" {
		t.Errorf("%v", one)
	}
	if got := s.Cases()[0].Priority(); got != "urgent" {
		t.Errorf("priority %s", got)
	}
	// who has looked may apply his own again
	if status, answer := s.Patch(path, map[string]any{"priority": "low", "version": seen + 1}, "Authorization", bob); status != http.StatusOK {
		t.Errorf("%d %v", status, answer)
	}
	if status, _ := s.Patch(path, map[string]any{"version": 1_000_000, "priority": "high"}, "Authorization", bob); status != http.StatusConflict {
		t.Errorf("a version that never was: %d", status)
	}
}

// Of those who answer the same message at the same moment one gets through; the
// others are shown what he wrote.
func TestOneOfManyAnswers(t *testing.T) {
	s := newShop(t)
	s.Submit(nil)
	c := s.Cases()[0]
	first, err := s.App.FindFirstRecordByData(desk.Messages, "case", c.Id)
	if err != nil {
		t.Fatal(err)
	}
	const n = 8
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i], _ = s.Agent(desk.RoleAgent, "")
	}
	answers := make(chan reply, n)
	for i, token := range tokens {
		fields := map[string]any{"case": c.Id, "direction": "out", "channel": "email", "body": "It leaves today.", "seen": first.Id}
		go func() {
			body, kind := []byte(nil), "application/json"
			if i%2 == 0 { // with a file it comes as a form
				body, kind = form(fields, upload{Name: "label.txt", Body: []byte("a label")})
			} else {
				body, _ = json.Marshal(fields)
			}
			a, err := s.try(http.MethodPost, "/api/collections/messages/records", bytes.NewReader(body), "Content-Type", kind, "Authorization", token)
			if err != nil {
				a.Status = -1
			}
			answers <- a
		}()
	}
	sent := 0
	for range n {
		a := <-answers
		if a.Status == http.StatusOK {
			sent++
			continue
		}
		data, _ := a.JSON()["data"].(map[string]any)
		by, _ := data["answered"].(map[string]any)
		if a.Status != http.StatusConflict || by["body"] != "It leaves today." || !strings.HasPrefix(by["author_name"].(string), "Agent") || by["id"] == "" || by["created"] == "" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	written, err := s.App.FindAllRecords(desk.Messages)
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, m := range written {
		if m.GetString("body") == "It leaves today." {
			files++
		}
	}
	if sent != 1 || files != 1 {
		t.Fatalf("%d of %d were told that they answered; %d answers stand", sent, n, files)
	}
	// he who insists gets through
	if status, answer := s.Post("/api/collections/messages/records", map[string]any{
		"case": c.Id, "direction": "out", "channel": "email", "body": "And one more thing.", "seen": first.Id, "anyway": true}, "Authorization", tokens[0]); status != http.StatusOK {
		t.Errorf("%d %v", status, answer)
	}
}

// A mention over HTTP, and to whom it is refused.
func TestMentionOverREST(t *testing.T) {
	s := newShop(t)
	s.Submit(nil)
	c := s.Cases()[0]
	team, other := s.Team("Gold"), s.Team("Blue")
	c.Set("team", team)
	if err := s.App.SaveNoValidate(c.Record); err != nil {
		t.Fatal(err)
	}
	me, _ := s.Agent(desk.RoleAgent, team)
	_, mate := s.Agent(desk.RoleAgent, team)
	_, far := s.Agent(desk.RoleAgent, other)
	note := func(ids ...string) (int, map[string]any) {
		return s.Post("/api/collections/messages/records", map[string]any{"case": c.Id, "direction": "note", "body": "@you", "mentions": ids}, "Authorization", me)
	}
	if status, answer := note(mate.Id); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	status, answer := note(far.Id)
	data, _ := answer["data"].(map[string]any)
	if status != http.StatusBadRequest || data["mentions"] == nil {
		t.Errorf("%d %v", status, answer)
	}
	rows := s.Rows(desk.Notices)
	if len(rows) != 1 || rows[0].GetString("agent") != mate.Id || rows[0].GetString("kind") != desk.NoticeMention {
		t.Errorf("%d notices", len(rows))
	}
	if _, m := s.Post("/api/collections/messages/records", map[string]any{"case": c.Id, "direction": "note", "body": "x", "mentions": map[string]any{"a": 1}}, "Authorization", me); m["mentions"] != nil {
		t.Errorf("mentions that are no list are kept: %v", m)
	}
}
