package inbox_test

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

// spy collects the queries that run while f does.
func spy(app *desktest.App, f func()) []string {
	var out []string
	db := app.ConcurrentDB().(*dbx.DB)
	before := db.QueryLogFunc
	db.QueryLogFunc = func(_ context.Context, _ time.Duration, query string, _ *sql.Rows, _ error) { out = append(out, query) }
	defer func() { db.QueryLogFunc = before }()
	f()
	return out
}

// big are the tables that must not be read from end to end, as queries call them.
var big = regexp.MustCompile(`^SCAN (c|cases|messages|m|contacts|feedback|case_reads|r|notices|n|outbox|verdicts)( |$)`)

// short is a walk through an index that holds open cases only, or all cases
// in their order up to the page's end: these are short.
var short = regexp.MustCompile(`USING (COVERING )?INDEX idx_pd_(cases|verdicts|outbox)_(open|open_new|open_wait|open_by|waiting|follow_up|done|created|due|held|trouble|queue|undecided)`)

// No list, count or step reads a table from end to end, and none sorts what could
// be a million rows.
func TestPlans(t *testing.T) {
	app := desktest.New(t)
	team := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	ann, boss := app.Agent(desk.RoleAgent, team), app.Agent(desk.RoleSupervisor, "")
	for range 3 {
		open(app, desktest.Values{"due_at": desk.Date(app.Clock.Now())})
	}
	view := app.Make(desk.Views, desktest.Values{"name": "x", "owner": boss.Id, "shared": true, "scope": "open", "filter": `contact.name ~ "a" && priority = "high"`}).Id
	var queries []string
	add := func(f func() error) {
		queries = append(queries, spy(app, func() {
			if err := f(); err != nil {
				t.Error(err)
			}
		})...)
	}
	for _, who := range []*desk.Agent{ann, boss} {
		for _, queue := range []string{"mine", "unassigned", "open", "person:" + ann.Id, "waiting", "follow_up", "done", "all", "view:" + view} {
			for _, sort := range []string{"", inbox.ByDue, inbox.ByNewest, inbox.ByOldest, inbox.ByWaiting} {
				add(func() error {
					page, err := inbox.Cases(app, who, inbox.Query{Queue: queue, Sort: sort, Limit: 1})
					if err == nil && page.Next != "" {
						_, err = inbox.Cases(app, who, inbox.Query{Queue: queue, Sort: sort, Limit: 1, Cursor: page.Next})
					}
					return err
				})
			}
		}
		add(func() error { _, err := inbox.NewCounter(app).Of(who); return err })
		add(func() error {
			_, err := inbox.Next(app, who, "", func(string) bool { return false })
			return err
		})
	}
	looked := 0
	for _, q := range queries {
		if !strings.Contains(q, "cases") {
			continue
		}
		looked++
		var plan []struct {
			Detail string `db:"detail"`
		}
		if err := app.ConcurrentDB().NewQuery("EXPLAIN QUERY PLAN " + q).All(&plan); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		inner := false // a bounded list within the query is called c too
		for _, step := range plan {
			inner = inner || step.Detail == "CO-ROUTINE c" || step.Detail == "MATERIALIZE c"
			if inner && step.Detail == "SCAN c" {
				continue
			}
			if big.MatchString(step.Detail) && !short.MatchString(step.Detail) {
				t.Errorf("%s\n\t%s", step.Detail, q)
			}
			if strings.Contains(step.Detail, "USE TEMP B-TREE FOR") && !strings.Contains(q, "GROUP BY") {
				t.Errorf("%s\n\t%s", step.Detail, q)
			}
		}
	}
	if looked < 80 {
		t.Errorf("only %d queries were looked at", looked)
	}
}
