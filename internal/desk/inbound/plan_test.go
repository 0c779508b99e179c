package inbound_test

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// listen gathers all that is asked of the app's database.
func listen(t *testing.T, app core.App) (asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var list []string
	note := func(sql string) {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, sql)
	}
	for _, b := range []dbx.Builder{app.ConcurrentDB(), app.NonconcurrentDB()} {
		db := b.(*dbx.DB)
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

var (
	// grows are the tables that grow with the mail.
	grows  = regexp.MustCompile("pd_|inbound_mails|messages|cases|feedback|verdicts|identities|contacts|outbox|case_events")
	writes = regexp.MustCompile("^(INSERT|UPDATE `|UPDATE \"|DELETE FROM `)|^EXPLAIN|sqlite_")
)

// No question that mail's way in asks reads a table that grows without an index.
func TestPlans(t *testing.T) {
	app := desktest.New(t)
	c, id := sent(t, app)
	agent := app.Agent(desk.RoleSupervisor, "")
	var queries []string
	during := func(f func()) {
		asked := listen(t, app)
		f()
		queries = append(queries, asked()...)
	}
	during(func() {
		app.Take(desktest.Letter("Do you have blue cups?", head{"From": "bob@example.net"}))
		app.Take(desktest.Letter("Here is more.", head{"To": desktest.AnswerTo(c), "In-Reply-To": id}))
		app.Take(desktest.Letter("What of it?", head{"From": "eve@guess.example", "Subject": "[#1]"}))
		held := app.Take(desktest.Letter("I write for my wife.", head{"To": desktest.AnswerTo(c), "From": "carl@family.example"}))
		if _, err := app.Door.ReleaseInto(app, held.Feedback(), agent); err != nil {
			t.Fatal(err)
		}
		app.Take(bounce("desk@shop.example", id, "5.1.1", "failed"))
		app.Take(bounce(desktest.AnswerTo(c), "<lost@shop.example>", "4.4.1", "delayed"))
		for _, q := range []inbox.MailQuery{{}, {Status: desk.MailFailed}, {Outcome: desk.MailAuto}} {
			if _, err := inbox.Mails(app, q); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := inbound.Look(app); err != nil {
			t.Fatal(err)
		}
		if err := privacy.Sweep(app); err != nil {
			t.Fatal(err)
		}
	})
	seen := 0
	for _, q := range queries {
		if !grows.MatchString(q) || writes.MatchString(q) {
			continue
		}
		seen++
		var plan []struct {
			Detail string `db:"detail"`
		}
		if err := app.ConcurrentDB().NewQuery("EXPLAIN QUERY PLAN " + q).All(&plan); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		for _, step := range plan {
			if strings.HasPrefix(step.Detail, "SCAN") && !strings.Contains(step.Detail, "INDEX") && !strings.Contains(step.Detail, "CONSTANT ROW") &&
				!regexp.MustCompile("mailboxes|desk_settings|block_rules|keywords|templates|forms|categories|teams|agents|json_each|desk_secrets").MatchString(step.Detail+" "+from(q)) {
				t.Errorf("%s: %s", step.Detail, q)
			}
		}
	}
	if seen < 60 {
		t.Errorf("only %d questions were heard", seen)
	}
}

// from is the first table that a query names.
func from(q string) string {
	_, after, _ := strings.Cut(q, "FROM ")
	name, _, _ := strings.Cut(after, " ")
	return name
}
