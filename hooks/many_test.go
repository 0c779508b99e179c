package hooks

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const manyPath = "/api/desk/cases/bulk"

// Who may do what to many cases is what he may do to one: an agent of another
// team gets the same answer as for a case that there is not.
func TestManyByRole(t *testing.T) {
	w := newWorld(t)
	body := map[string]any{"ids": []string{w.caseID, "nosuchcase00000"}, "actions": []any{map[string]any{"do": "priority", "value": "high"}}}
	for role, done := range map[string]int{"other": 0, "agent": 1, "supervisor": 1, "admin": 1} {
		for _, preview := range []bool{true, false} {
			body["preview"] = preview
			status, got := w.Post(manyPath, body, w.auth(role)...)
			failed, _ := got["failed"].([]any)
			n := 0
			if preview {
				n = int(got["ready"].(float64))
			} else {
				n = len(got["done"].([]any))
			}
			if status != http.StatusOK || n != done || len(failed) != 2-done {
				t.Errorf("%s, preview %v: %d %v", role, preview, status, got)
			}
			if role == "other" {
				a, b := failed[0].(map[string]any), failed[1].(map[string]any)
				if a["message"] != b["message"] || a["code"] != b["code"] || a["number"] != nil {
					t.Errorf("a case of another team is told apart: %v %v", a, b)
				}
			}
		}
	}
	for _, role := range []string{"integration", "guest"} {
		if status, _ := w.Post(manyPath, body, w.auth(role)...); status != http.StatusForbidden && status != http.StatusUnauthorized {
			t.Errorf("%s: %d", role, status)
		}
	}
}

// What was done over HTTP can be taken back by who did it, and by nobody else.
func TestManyUndo(t *testing.T) {
	w := newWorld(t)
	_, got := w.Post(manyPath, map[string]any{"ids": []string{w.caseID}, "actions": []any{map[string]any{"do": "status", "value": "resolved"}}}, w.auth("agent")...)
	done := got["done"]
	for _, test := range []struct {
		role string
		want int
	}{{"other", 0}, {"supervisor", 0}, {"agent", 1}, {"agent", 0}} {
		status, back := w.Post(manyPath+"/undo", map[string]any{"done": done}, w.auth(test.role)...)
		if status != http.StatusOK || len(back["done"].([]any)) != test.want {
			t.Errorf("%s: %d %v", test.role, status, back)
		}
	}
	c, err := desk.FindCase(w.App, w.caseID)
	if err != nil || c.Done() {
		t.Errorf("the case is %s, %v", c.Status(), err)
	}
}

func TestManyRefusals(t *testing.T) {
	w := newWorld(t)
	for name, body := range map[string]map[string]any{
		"no ids":       {"actions": []any{}},
		"no action":    {"ids": []string{w.caseID}},
		"unknown":      {"ids": []string{w.caseID}, "actions": []any{map[string]any{"do": "erase"}}},
		"both":         {"ids": []string{w.caseID}, "macro": "x", "actions": []any{map[string]any{"do": "spam"}}},
		"waits long":   {"ids": []string{w.caseID}, "undo_seconds": 61, "actions": []any{map[string]any{"do": "spam"}}},
		"ids no list":  {"ids": "x"},
		"much of text": {"ids": []string{w.caseID}, "actions": []any{map[string]any{"do": "note", "value": strings.Repeat("x", 30_000)}}},
	} {
		if status, got := w.Post(manyPath, body, w.auth("agent")...); status != http.StatusBadRequest {
			t.Errorf("%s: %d %v", name, status, got)
		}
	}
	huge := map[string]any{"ids": []string{w.caseID}, "actions": strings.Repeat("x", 100_000)}
	if status, _ := w.Post(manyPath, huge, w.auth("agent")...); status != http.StatusRequestEntityTooLarge && status != http.StatusBadRequest {
		t.Errorf("100 KB: %d", status)
	}
	if status, _ := w.Post(manyPath, map[string]any{"ids": []string{w.caseID}, "macro": "nosuchmacro0000"}, w.auth("agent")...); status != http.StatusNotFound {
		t.Errorf("unknown macro: %d", status)
	}
}

// A macro is its maker's; he keeps it, only some share it, and what can't be run
// is not saved.
func TestMacrosByRole(t *testing.T) {
	w := newWorld(t)
	const path = "/api/collections/macros/records"
	good := []any{map[string]any{"do": "assign", "value": "me"}}
	save := func(role string, change map[string]any) (int, map[string]any) {
		body := map[string]any{"name": canary, "actions": good}
		if role != "guest" {
			if r, err := w.App.FindAuthRecordByToken(w.tokens[role]); err == nil {
				body["owner"] = r.Id
			}
		}
		for k, v := range change {
			body[k] = v
		}
		return w.Post(path, body, w.auth(role)...)
	}
	status, mine := save("agent", nil)
	if status != http.StatusOK {
		t.Fatalf("own: %d %v", status, mine)
	}
	id := mine["id"].(string)
	for role, want := range map[string]int{"guest": 0, "integration": 0, "other": 0, "supervisor": 0, "agent": 1, "admin": 1} {
		if got := len(w.listed(t, "macros", "", role)); got != want {
			t.Errorf("%s lists %d", role, got)
		}
		_, answer := w.Post(manyPath, map[string]any{"ids": []string{w.caseID}, "macro": id, "preview": true}, w.auth(role)...)
		if can := answer["ready"] != nil; can != (want == 1) {
			t.Errorf("%s runs it: %v", role, answer)
		}
	}
	for name, test := range map[string]struct {
		role   string
		change map[string]any
		want   bool
	}{
		"an integration makes one":   {"integration", nil, false},
		"a guest makes one":          {"guest", nil, false},
		"an agent shares":            {"agent", map[string]any{"shared": true}, false},
		"a supervisor shares":        {"supervisor", map[string]any{"shared": true}, true},
		"an unknown action":          {"agent", map[string]any{"actions": []any{map[string]any{"do": "erase"}}}, false},
		"no actions":                 {"agent", map[string]any{"actions": nil}, false},
		"a template that is not":     {"agent", map[string]any{"actions": []any{map[string]any{"do": "answer", "value": map[string]any{"template": "nothing"}}}}, false},
		"a count of its own":         {"agent", map[string]any{"used": 7}, false},
		"no name":                    {"agent", map[string]any{"name": ""}, false},
		"actions of a hundred bytes": {"agent", map[string]any{"actions": []any{map[string]any{"do": "add_tags", "value": []string{strings.Repeat("y", 50)}}}}, true},
	} {
		if status, got := save(test.role, test.change); (status == http.StatusOK) != test.want {
			t.Errorf("%s: %d %v", name, status, got)
		}
	}
	other, _ := w.App.FindAuthRecordByToken(w.tokens["other"])
	for name, change := range map[string]map[string]any{"given away": {"owner": other.Id}, "shared later": {"shared": true}, "counted up": {"used": 9}} {
		if status, got := w.Patch(path+"/"+id, change, w.auth("agent")...); status == http.StatusOK {
			t.Errorf("%s: %v", name, got)
		}
	}
	if status, got := w.Patch(path+"/"+id, map[string]any{"name": "Mine"}, w.auth("agent")...); status != http.StatusOK {
		t.Errorf("renamed: %d %v", status, got)
	}
}
