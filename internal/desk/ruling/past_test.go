package ruling_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// found are the cases that a trial of a rule finds, each with what it would do.
func (s *shop) found(r *core.Record) map[string]string {
	s.t.Helper()
	rule, err := ruling.FindRule(s.App, r.Id)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := rule.Behind(s.App, r.Id); err != nil {
		s.t.Fatal(err)
	}
	q, err := rule.Rows(s.App)
	if err != nil {
		s.t.Fatal(err)
	}
	var rows []struct {
		Case string `db:"case"`
		Row  string `db:"row"`
	}
	if err := q.All(&rows); err != nil {
		s.t.Fatal(err)
	}
	cases, lines := []*desk.Case{}, []string{}
	for _, row := range rows {
		cases, lines = append(cases, desk.AsCase(s.Find(desk.Cases, row.Case))), append(lines, row.Row)
	}
	trial := s.Trial(rule)
	if err := trial.Prepare(s.App, cases, lines); err != nil {
		s.t.Fatal(err)
	}
	out := map[string]string{}
	for i, c := range cases {
		deeds, err := trial.Would(s.App, c, lines[i])
		if err != nil {
			s.t.Fatal(err)
		}
		words := []string{}
		for _, d := range deeds {
			words = append(words, strings.TrimSpace(d.Do+" "+d.Skip))
		}
		out[c.Id] = strings.Join(words, ", ")
	}
	return out
}

// A case that is done is asked as it was when it opened, whatever became of it; one
// that is open as it is.
func TestTrialAsksThePast(t *testing.T) {
	s := open(t)
	ann := s.Agent(desk.RoleAgent, "")
	done, opened, low := s.Case(nil), s.Case(desktest.Values{"email": "b@example.com"}), s.Case(desktest.Values{"email": "c@example.com"})
	s.Put(done.Record, desktest.Values{"priority": "high"})
	s.Put(opened.Record, desktest.Values{"priority": "high"})
	s.drain()
	s.Clock.Advance(time.Hour)
	for _, c := range []*desk.Case{done, opened} {
		s.change(c, ann, desktest.Values{"priority": "low", "assignee": ann.Id, "category": "order"})
		s.Clock.Advance(time.Hour)
		s.change(c, ann, desktest.Values{"status": desk.Pending})
	}
	s.Clock.Advance(time.Hour)
	s.change(done, ann, desktest.Values{"status": desk.Closed, "priority": "normal"})
	s.change(low, ann, desktest.Values{"status": desk.Closed})
	rule := s.rule(ruling.CaseOpened, `status = "new" && priority = "high" && assignee = "" && category != "order"`, "priority", "urgent", "assign", ann.Id, "status", desk.Closed)
	want := map[string]string{done.Id: "priority, assign, status"}
	if got := s.found(rule); len(got) != 1 || got[done.Id] != want[done.Id] {
		t.Errorf("found %v, want %v", got, want)
	}
	now := s.rule(ruling.CaseOpened, `status = "pending" && priority = "low"`, "priority", "urgent", "assign", ann.Id, "status", desk.Closed)
	if got := s.found(now); len(got) != 1 || got[opened.Id] != "priority outranked, assign same, status" {
		t.Errorf("found %v", got)
	}
}

// What staff changed finds the case as it was right after that change; relations
// are those of then, too.
func TestTrialAsksAfterTheChange(t *testing.T) {
	s := open(t)
	ann := s.Agent(desk.RoleAgent, "")
	returns, legal := s.Make(desk.Teams, desktest.Values{"name": "Returns"}).Id, s.Make(desk.Teams, desktest.Values{"name": "Legal"}).Id
	c, other := s.Case(nil), s.Case(desktest.Values{"email": "b@example.com"})
	for _, v := range []desktest.Values{{"team": returns}, {"priority": "high"}, {"team": legal}, {"priority": "low"}, {"status": desk.Resolved}} {
		s.Clock.Advance(time.Hour)
		s.change(c, ann, v)
		if v["team"] == nil {
			s.change(other, ann, v)
		}
	}
	rule := s.rule(ruling.StaffChanged, `changed = "priority" && priority = "high" && team.name = "Returns" && status = "new"`, "add_tags", "x")
	if got := s.found(rule); len(got) != 1 || got[c.Id] == "" {
		t.Errorf("found %v", got)
	}
	if got := s.found(s.rule(ruling.StaffChanged, `changed = "priority" && priority = "low" && team.name = "Returns"`, "add_tags", "x")); len(got) != 0 {
		t.Errorf("found %v", got)
	}
}

// What a rule before it did at once counts, what a rule did weeks later does not;
// and what a rule before it keeps from it by "stop" is left out.
func TestTrialAfterOtherRules(t *testing.T) {
	s := open(t)
	ann := s.Agent(desk.RoleAgent, "")
	legal := s.Make(desk.Teams, desktest.Values{"name": "Legal"}).Id
	s.rule(ruling.CaseOpened, `text ~ "lawyer"`, "team", legal)
	s.timed("8d", desk.Unread, "priority", "low")
	s.tick()
	lawyer, press := s.Case(desktest.Values{"message": "my lawyer writes"}), s.Case(desktest.Values{"email": "b@example.com", "message": "a lawyer of the press"})
	s.drain()
	s.Clock.Advance(30 * 24 * time.Hour)
	s.tick()
	if got := s.again(lawyer); got.Priority() != "low" || got.Team() != legal {
		t.Fatalf("%s %s", got.Priority(), got.Team())
	}
	for _, c := range []*desk.Case{lawyer, press} {
		s.change(c, ann, desktest.Values{"status": desk.Closed})
	}
	stops := s.rule(ruling.CaseOpened, `text ~ "press" && status = "new"`, "stop", true)
	rule := s.rule(ruling.CaseOpened, `team.name = "Legal" && priority = "normal"`, "priority", "urgent")
	got := s.found(rule)
	if len(got) != 1 || got[lawyer.Id] != "priority" {
		t.Errorf("found %v", got)
	}
	s.Put(stops, desktest.Values{"position": 99}) // after it
	desk.Forget(s.App, desk.Rules)
	if got := s.found(rule); len(got) != 2 {
		t.Errorf("found %v", got)
	}
	s.Put(stops, desktest.Values{"position": 0, "filter": ""})
	desk.Forget(s.App, desk.Rules)
	if got := s.found(rule); len(got) != 0 {
		t.Errorf("found %v", slices.Collect(func(yield func(string) bool) {
			for id := range got {
				yield(id)
			}
		}))
	}
}
