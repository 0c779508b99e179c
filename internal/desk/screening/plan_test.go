package screening_test

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/desk/screening"
)

// listen gathers all that is asked of the app's database.
func listen(t *testing.T, app *desktest.App) (asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var list []string
	note := func(sql string) {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, sql)
	}
	for _, b := range []dbx.Builder{app.ConcurrentDB(), app.NonconcurrentDB()} {
		db, ok := b.(*dbx.DB)
		if !ok {
			t.Fatalf("%T is no database", b)
		}
		db.QueryLogFunc = func(_ context.Context, _ time.Duration, sql string, _ *sql.Rows, _ error) { note(sql) }
		db.ExecLogFunc = func(_ context.Context, _ time.Duration, sql string, _ sql.Result, _ error) { note(sql) }
		t.Cleanup(func() { db.QueryLogFunc, db.ExecLogFunc = nil, nil })
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		out := list
		list = nil
		return out
	}
}

// whole are the tables of which a plan reads every row.
func whole(t *testing.T, app *desktest.App, query string) []string {
	t.Helper()
	var plan []struct {
		Detail string `db:"detail"`
	}
	if err := app.ConcurrentDB().NewQuery("EXPLAIN QUERY PLAN " + query).All(&plan); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	var out []string
	for _, step := range plan {
		if strings.HasPrefix(step.Detail, "SCAN") && !strings.Contains(step.Detail, "INDEX") && !strings.Contains(step.Detail, "CONSTANT ROW") && step.Detail != "SCAN s" {
			out = append(out, step.Detail)
		}
	}
	return out
}

// saves are the writes of one record, by its id.
var saves = regexp.MustCompile("^(INSERT|UPDATE `|DELETE FROM `)|^EXPLAIN")

// No question that the reports and retention ask reads a table without an
// index, neither while SQLite knows nothing of the tables nor when it does.
func TestPlans(t *testing.T) {
	app := desktest.New(t)
	past(t, app, 120, 100)
	app.Make(desk.BlockRules, desktest.Values{"kind": "keyword", "value": "old", "action": "block", "expires": desk.Date(app.Clock.Now().Add(-100 * aDay))})
	asked := listen(t, app)
	for round := range 2 {
		app.Clock.Advance(time.Minute)
		if err := screening.Refresh(app); err != nil {
			t.Fatal(err)
		}
		if _, err := screening.Week(app, 30); err != nil {
			t.Fatal(err)
		}
		if _, err := screening.Try(app, screening.Question{Thresholds: desk.Thresholds{Quarantine: 3, Block: 25}, Days: 90}); err != nil {
			t.Fatal(err)
		}
		if round == 1 {
			if err := privacy.Sweep(app); err != nil {
				t.Fatal(err)
			}
			if err := screening.Settle(app); err != nil {
				t.Fatal(err)
			}
		}
		queries := asked()
		seen := 0
		for _, q := range queries {
			if !regexp.MustCompile(`verdicts|screening_days|block_rules|corrections`).MatchString(q) || saves.MatchString(q) {
				continue
			}
			seen++
			if full := whole(t, app, q); len(full) > 0 {
				t.Errorf("%v in %s", full, q)
			}
		}
		if seen < 10 || !slices.ContainsFunc(queries, func(q string) bool { return strings.Contains(q, "RECURSIVE") }) {
			t.Fatalf("only %d queries were heard: %q", seen, queries)
		}
		if _, err := app.NonconcurrentDB().NewQuery("ANALYZE").Execute(); err != nil {
			t.Fatal(err)
		}
		asked()
	}
}
