package ruling_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// What rules did half a year ago is removed, but for what keeps them from doing it
// again: the state that the case still is in, and what is to be tried again.
func TestPrune(t *testing.T) {
	s := open(t)
	rule := s.rule(ruling.StaffChanged, "", "add_tags", "x")
	c := s.again(s.Case(nil))
	old, now := desk.Date(s.Clock.Now()), c.Status()+" "+c.GetString("status_since")
	kept := map[string]bool{}
	run := func(state string, keep bool, v desktest.Values) {
		t.Helper()
		all := desktest.Values{"rule": rule.Id, "case": c.Id, "state": state, "did": []any{}, "created": old}
		for name, value := range v {
			all[name] = value
		}
		kept[s.Make(desk.RuleRuns, all).Id] = keep
	}
	run("opened", false, nil)
	run("message00000001", false, nil)
	run("closed 2020-01-01 00:00:00.000Z", false, nil)
	run(now, true, nil)
	run("waits", true, desktest.Values{"retry_at": old})
	s.Clock.Advance(100 * 24 * time.Hour)
	run("later", true, desktest.Values{"created": desk.Date(s.Clock.Now())})
	if n, err := s.Prune(); n != 0 || err != nil {
		t.Errorf("after 100 days: %d, %v", n, err)
	}
	s.Clock.Advance(81 * 24 * time.Hour)
	if n, err := s.Prune(); n != 3 || err != nil {
		t.Errorf("after 181 days: %d, %v", n, err)
	}
	for _, r := range s.All(desk.RuleRuns, nil) {
		if keep, known := kept[r.Id]; known && !keep {
			t.Errorf("%q is still there", r.GetString("state"))
		}
		delete(kept, r.Id)
	}
	for id, keep := range kept {
		if keep {
			t.Errorf("%s is gone", id)
		}
	}
	// in another state now: what was done in the old one can't come back
	s.change(c, s.Agent(desk.RoleAgent, ""), desktest.Values{"status": desk.Closed})
	if n, err := s.Prune(); n != 1 || err != nil {
		t.Errorf("in another state: %d, %v", n, err)
	}
}

// What is old is found by its date, however much there is.
func TestPruneByIndex(t *testing.T) {
	s := open(t)
	crowd(s, 2_000)
	text := ""
	var plan []struct {
		Detail string `db:"detail"`
	}
	if err := s.DB().NewQuery("EXPLAIN QUERY PLAN SELECT [[r.id]] FROM [[rule_runs]] r WHERE [[r.created]] < '2020' AND ([[r.created]], [[r.id]]) > ('', '') ORDER BY [[r.created]], [[r.id]] LIMIT 500").All(&plan); err != nil {
		t.Fatal(err)
	}
	for _, p := range plan {
		text += p.Detail + "\n"
	}
	if strings.Contains(text, "TEMP B-TREE") || !strings.Contains(text, "_created") {
		t.Errorf("the plan is\n%s", text)
	}
	if n, err := s.Prune(); n != 1_980 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// crowd adds many old runs, of which one in a hundred is about the state that its
// case is in.
func crowd(s *shop, rows int) {
	s.t.Helper()
	rule, c := s.rule(ruling.StaffChanged, "", "add_tags", "x"), s.Case(nil)
	now := c.Status() + " " + c.GetString("status_since")
	for part := 0; part < rows/100; part++ {
		_, err := s.NonconcurrentDB().NewQuery(fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
			INSERT INTO rule_runs (id, rule, "case", state, did, failed, created, updated) SELECT printf('r%%07d%%07d', %[1]d, i), '%[2]s', '%[3]s', 'change ' || %[1]d || ' ' || i, '[]', '',
			'2020-01-01 00:00:00.000Z', '2020-01-01 00:00:00.000Z' FROM n`, part, rule.Id, c.Id)).Execute()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	for i := range rows / 100 {
		r := s.rule(ruling.StaffChanged, "", "add_tags", "x")
		s.Make(desk.RuleRuns, desktest.Values{"rule": r.Id, "case": c.Id, "state": now, "did": []any{}, "created": desk.Date(time.Date(2020, 1, 1, 0, 0, i, 0, time.UTC))})
		if i > 100 {
			break
		}
	}
}

// BenchmarkPrune removes what is old among many. ROWS in the environment says how many.
func BenchmarkPrune(b *testing.B) {
	rows, _ := strconv.Atoi(os.Getenv("ROWS"))
	s := open(b)
	for b.Loop() {
		b.StopTimer()
		crowd(s, max(rows, 1000))
		b.StartTimer()
		if n, err := s.Prune(); err != nil || n == 0 {
			b.Fatal(n, err)
		}
	}
}
