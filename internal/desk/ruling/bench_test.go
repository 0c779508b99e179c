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

// hundreds fills a shop with as many rules as it may have, of the sorts that shops
// write; none finds anything.
func hundreds(s *shop) {
	filters := []string{
		`text ~ "律師%d" || text ~ "lawyer%d" || text ~ "弁護士%d"`,
		`category = "return" && contact.tags ~ '"vip%d"' && locale = "ja"`,
		`team.name = "Team %d" || assignee.name ~ "Nobody %d"`,
		`feedback.order_no ~ "X-%d" && priority != "urgent" && (status = "new" || status = "open")`,
		`feedback.email ~ "@shop%d.example" && unanswered > 5`,
	}
	for i := range ruling.MaxRules {
		f := filters[i%len(filters)]
		n := strings.Count(f, "%d")
		args := make([]any, n)
		for k := range args {
			args[k] = i
		}
		s.rule(ruling.CaseOpened, fmt.Sprintf(f, args...), "priority", "high", "note", "x")
	}
}

// BenchmarkRules looks at 200 rules for one new case.
func BenchmarkRules(b *testing.B) {
	s := open(b)
	hundreds(s)
	for b.Loop() {
		b.StopTimer()
		c := s.Case(desktest.Values{"message": strings.Repeat("I ordered a teapot last week and have heard nothing since. ", 40)})
		b.StartTimer()
		s.drain()
		b.StopTimer()
		if n := len(s.did(c)); n != 0 {
			b.Fatalf("%d deeds", n)
		}
		b.StartTimer()
	}
}

// BenchmarkRulesFire is the same where ten of the rules do something.
func BenchmarkRulesFire(b *testing.B) {
	s := open(b)
	hundreds(s)
	for i := range 10 {
		s.Put(s.All(desk.Rules, nil)[i*19], desktest.Values{"filter": `locale = "en"`, "actions": []map[string]any{{"do": "add_tags", "value": fmt.Sprint(i)}}})
	}
	for b.Loop() {
		b.StopTimer()
		c := s.Case(nil)
		b.StartTimer()
		s.drain()
		b.StopTimer()
		if n := len(s.did(c)); n != 10 {
			b.Fatalf("%d deeds", n)
		}
		b.StartTimer()
	}
}

// BenchmarkTick looks, with 200 rules about time that passes, at what came of age
// within a minute among many cases. ROWS in the environment says how many; a
// million take a few minutes to make.
func BenchmarkTick(b *testing.B) {
	rows, _ := strconv.Atoi(os.Getenv("ROWS"))
	s := open(b)
	c := s.Case(nil)
	columns := []string{"id", "number", "status", "status_since", "created", "updated", "subject", "contact", "feedback", "priority", "tags"}
	_, err := s.NonconcurrentDB().NewQuery(fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO cases (%s) SELECT printf('b%%014d', i), 10 + i, CASE WHEN i %% 50 = 0 THEN 'pending' ELSE 'closed' END,
		strftime('%%Y-%%m-%%d %%H:%%M:%%S.000Z', '2026-11-16', '-' || (i / 4) || ' minutes'), '2026-01-01 00:00:00.000Z', '2026-01-01 00:00:00.000Z',
		'x', '%s', '%s', 'normal', '[]' FROM n`, max(rows, 1000), strings.Join(columns, ", "), c.Contact(), c.Feedback())).Execute()
	if err != nil {
		b.Fatal(err)
	}
	for i := range ruling.MaxRules {
		s.Put(s.timed(fmt.Sprintf("%dh", 1+i%40), desk.Pending, "add_tags", "x"),
			desktest.Values{"filter": fmt.Sprintf(`contact.name ~ "nobody %d"`, i), "states": []string{"pending", "closed"}})
	}
	s.tick()
	for b.Loop() {
		s.Clock.Advance(time.Minute)
		s.tick()
	}
}
