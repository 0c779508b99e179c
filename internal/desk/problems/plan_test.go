package problems_test

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/problems"
)

// Whatever is asked of cases and messages is found by an index that leads to few
// of them; it is the very statements that are explained.
func TestPlans(t *testing.T) {
	s := newShop(t)
	agent := s.Agent(desk.RoleAgent, s.Make(desk.Teams, desktest.Values{"name": "A"}).Id)
	c := s.reported("Ann", "ann@example.org", "en", "the page stays blank")
	problem := s.problem(desktest.Values{})
	s.link(problem, c)
	f := problems.Fixing{Problem: problem, Agent: s.boss}
	asked := s.watchQueries(func() {
		_, err1 := s.station.Suggest(agent, 2)
		_, err2 := s.station.NearTo(c, agent)
		_, err3 := s.station.Questions(agent, 90)
		_, err4 := s.station.EditedTemplates(agent, 90)
		_, err5 := problems.List(s, problems.Open, "")
		_, err6 := problems.One(s, problem, agent)
		_, err7 := s.station.Preview(f)
		if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, s.station.Fix(f)); err != nil {
			t.Fatal(err)
		}
		s.tell()
	})
	whole := regexp.MustCompile(`^SCAN (c|m|f|i|cases|messages|feedback)( |$)`)
	explained := 0
	for _, query := range asked {
		if !strings.HasPrefix(query, "SELECT") || !regexp.MustCompile("[`\"](cases|messages)[`\"]").MatchString(query) {
			continue
		}
		explained++
		var plan []struct {
			Detail string `db:"detail"`
		}
		if err := s.DB().NewQuery("EXPLAIN QUERY PLAN " + query).All(&plan); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		for _, line := range plan {
			if whole.MatchString(line.Detail) || strings.Contains(line.Detail, "merged_into") {
				t.Errorf("%s\n%s", line.Detail, query)
			}
		}
	}
	if explained < 10 {
		t.Errorf("%d statements were seen", explained)
	}
}

// watchQueries are the statements that do asks.
func (s *shop) watchQueries(do func()) (asked []string) {
	s.t.Helper()
	var mu sync.Mutex
	for _, db := range []dbx.Builder{s.ConcurrentDB(), s.NonconcurrentDB()} {
		db, ok := db.(*dbx.DB)
		if !ok {
			s.t.Fatalf("the database is a %T", db)
		}
		before := db.QueryLogFunc
		db.QueryLogFunc = func(_ context.Context, _ time.Duration, query string, _ *sql.Rows, _ error) {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, query)
		}
		defer func() { db.QueryLogFunc = before }()
	}
	do()
	return asked
}
