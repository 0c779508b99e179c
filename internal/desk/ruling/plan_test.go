package ruling_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

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
	built := q.Limit(100).Build()
	var plan []struct {
		Detail string `db:"detail"`
	}
	if err := s.DB().NewQuery("EXPLAIN QUERY PLAN " + built.SQL()).Bind(built.Params()).All(&plan); err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, p := range plan {
		text += p.Detail + "\n"
	}
	if !strings.Contains(text, "idx_pd_cases_since (status=? AND") || strings.Contains(text, "TEMP B-TREE") || strings.Contains(text, "SCAN") {
		t.Errorf("the plan is\n%s", text)
	}
}
