package hooks

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// heldIDs are the submissions that wait, as the Desk lists them.
func (s *shop) heldIDs(auth []string) (out []string) {
	s.t.Helper()
	status, page := s.Get("/api/desk/quarantine", auth...)
	if status != http.StatusOK {
		s.t.Fatalf("quarantine: %d %v", status, page)
	}
	for _, item := range page["items"].([]any) {
		out = append(out, fmt.Sprint(item.(map[string]any)["feedback"].(map[string]any)["id"]))
	}
	return out
}

// A slip of the finger: what was called spam waits again, no case was opened, no
// mail left, nothing is learned, and everybody may decide anew.
func TestUndecide(t *testing.T) {
	s, agent := newScreeningShop(t)
	held := s.hold("192.0.2.1", "ann@mail.example", "Is the blue cup back soon?")
	path := "/api/desk/feedback/" + held
	undo := func(id string, want int, auth ...string) {
		t.Helper()
		if status, answer := s.Post("/api/desk/feedback/"+id+"/undecide", nil, auth...); status != want {
			t.Errorf("undecide: %d %v, want %d", status, answer, want)
		}
	}
	undo(held, http.StatusConflict, agent...) // it waits
	undo("nobody", http.StatusNotFound, agent...)
	for range 2 { // and once more after it was undone
		if status, answer := s.Post(path+"/confirm", nil, agent...); status != http.StatusOK {
			t.Fatalf("%d %v", status, answer)
		}
		if s.outcome(held) != desk.Blocked || len(s.lessons(agent)) != 1 || len(s.heldIDs(agent)) != 0 {
			t.Fatalf("confirmed: %s, %v", s.outcome(held), s.lessons(agent))
		}
		undo(held, http.StatusOK, agent...)
		v := s.Verdict(held)
		if !v.Waits() || v.GetString("decided_by") != "" || !v.GetDateTime("decided_at").IsZero() {
			t.Errorf("verdict %s, by %q at %q", v.Outcome(), v.GetString("decided_by"), v.GetString("decided_at"))
		}
		if !slices.Equal(s.heldIDs(agent), []string{held}) || len(s.lessons(agent)) != 0 || len(s.Cases()) != 0 || len(s.Rows(desk.Outbox)) != 0 {
			t.Errorf("held %v, lessons %v, %d cases, %d mails", s.heldIDs(agent), s.lessons(agent), len(s.Cases()), len(s.Rows(desk.Outbox)))
		}
	}
	if !s.plugin.learning.Pending() {
		t.Error("no training is asked for")
	}
	lines := slices.DeleteFunc(s.Rows(desk.Events), func(r *core.Record) bool { return r.GetString("kind") != "undecided" })
	if len(lines) != 2 || lines[0].GetString("feedback") != held || lines[0].GetString("actor") == "" {
		t.Errorf("events %v", lines)
	}
	undo(held, http.StatusConflict, agent...) // twice
	if status, answer := s.Post(path+"/release", nil, agent...); status != http.StatusOK {
		t.Errorf("release: %d %v", status, answer)
	}
	undo(held, http.StatusConflict, agent...) // somebody let it in
	if c := s.CaseOf(held); c == nil {
		t.Error("no case")
	} else if status, answer := s.Post("/api/desk/cases/"+c.Id+"/spam", nil, agent...); status != http.StatusOK {
		t.Errorf("spam: %d %v", status, answer)
	}
	undo(held, http.StatusConflict, agent...) // a case has its own way back
	if s.outcome(held) != desk.Blocked {
		t.Errorf("in the end: %s", s.outcome(held))
	}
}

// What screening blocked never waited for anybody; only people may undo.
func TestUndecideIsForPeopleAndTheirWord(t *testing.T) {
	s, agent := newScreeningShop(t)
	s.Add(desk.BlockRules, map[string]any{"kind": "domain", "value": "junk.example", "action": "block"})
	blocked := s.sendFrom("192.0.2.9", "pest@junk.example", "Plaques for all.")
	if status, answer := s.Post("/api/desk/feedback/"+blocked+"/undecide", nil, agent...); status != http.StatusConflict || s.outcome(blocked) != desk.Blocked {
		t.Errorf("blocked by a rule: %d %v", status, answer)
	}
	held := s.hold("192.0.2.1", "ann@mail.example", "Cheap plaques")
	if status, _ := s.Post("/api/desk/feedback/"+held+"/confirm", nil, agent...); status != http.StatusOK {
		t.Fatal(status)
	}
	integration, _ := s.Agent(desk.RoleIntegration, "")
	for want, auth := range map[int][]string{http.StatusForbidden: {"Authorization", integration}, http.StatusUnauthorized: nil} {
		if status, answer := s.Post("/api/desk/feedback/"+held+"/undecide", nil, auth...); status != want || s.outcome(held) != desk.Blocked {
			t.Errorf("%d %v, want %d", status, answer, want)
		}
	}
}

// After a block the rule goes if it came with it; one that stood before is not
// somebody's to remove in passing.
func TestUndoOfBlock(t *testing.T) {
	s, agent := newScreeningShop(t)
	body := map[string]any{"kind": "sender", "days": 7}
	first, second := s.hold("192.0.2.1", "ann@mail.example", "One"), s.hold("192.0.2.2", "ann@mail.example", "Two")
	for i, id := range []string{first, second} {
		status, answer := s.Post("/api/desk/feedback/"+id+"/block", body, agent...)
		if status != http.StatusOK || answer["made"] != (i == 0) {
			t.Errorf("%d: %d %v", i, status, answer)
		}
	}
	if status, answer := s.Post("/api/desk/feedback/"+first+"/undecide", nil, agent...); status != http.StatusOK || s.outcome(first) != desk.Quarantined || s.outcome(second) != desk.Blocked {
		t.Errorf("%d %v: %s, %s", status, answer, s.outcome(first), s.outcome(second))
	}
	if n := len(s.Rows(desk.BlockRules)); n != 2 {
		t.Errorf("%d rules", n)
	}
}
