package ruling_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// explained is how the database answers a query.
func (s *shop) explained(q *dbx.SelectQuery) (text string) {
	s.t.Helper()
	built := q.Build()
	var plan []struct {
		Detail string `db:"detail"`
	}
	if err := s.DB().NewQuery("EXPLAIN QUERY PLAN " + built.SQL()).Bind(built.Params()).All(&plan); err != nil {
		s.t.Fatal(err)
	}
	for _, p := range plan {
		text += p.Detail + "\n"
	}
	return text
}

// What came of age is found by its index, in order, and nothing is sorted.
func TestAgedByIndex(t *testing.T) {
	s := open(t)
	rule, err := ruling.FindRule(s.App, s.Put(s.timed("3d", desk.Pending, "stop", true), desktest.Values{"filter": `contact.tags ~ '"vip"' && unanswered = 0`}).Id)
	if err != nil {
		t.Fatal(err)
	}
	q, err := rule.Aged(s.App, desk.Pending, "2026-01-01 00:00:00.000Z", "~", "2026-01-01 00:01:00.000Z")
	if err != nil {
		t.Fatal(err)
	}
	text := s.explained(q.Limit(100))
	if !strings.Contains(text, "idx_pd_cases_since (status=? AND") || strings.Contains(text, "TEMP B-TREE") || strings.Contains(text, "SCAN") {
		t.Errorf("the plan is\n%s", text)
	}
}

// A trial over the past goes by time, and looks up what cases were by case.
func TestPastByIndex(t *testing.T) {
	s := open(t)
	filter := `status = "new" && priority = "high" && team.name = "x" && assignee.name != "y" && category = "z"`
	for event, by := range map[string]string{ruling.CaseOpened: "idx_pd_cases_created (created>?", ruling.StaffChanged: "idx_pd_case_events_kind (kind=? AND created>?"} {
		rule, err := ruling.FindRule(s.App, s.rule(event, filter, "stop", true).Id)
		if err != nil {
			t.Fatal(err)
		}
		q, err := rule.Rows(s.App)
		if err != nil {
			t.Fatal(err)
		}
		at := "c.created"
		if event == ruling.StaffChanged {
			at = "e.created"
		}
		text := s.explained(q.AndWhere(dbx.NewExp("[[" + at + "]] > '2026-01-01'")))
		if !strings.Contains(text, by) || strings.Contains(text, "SCAN") || strings.Contains(text, "AUTOMATIC") || strings.Contains(text, "MATERIALIZE") {
			t.Errorf("the plan of %s is\n%s", event, text)
		}
	}
}
