package merging_test

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/merging"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

// Nothing that a merge asks, nor what looks for duplicates, reads a table that
// grows without an index.
func TestPlans(t *testing.T) {
	b := newBench(t)
	one := b.Case(desktest.Values{"order_no": "A-1", "phone": "0912345678"})
	two := b.Case(desktest.Values{"email": "ben@example.com", "name": "Ben", "order_no": "A-1", "message": "A question about spoons and cups."})
	id := b.said(two, "One thing more.")
	var mu sync.Mutex
	var queries []string
	note := func(q string) {
		mu.Lock()
		defer mu.Unlock()
		queries = append(queries, q)
	}
	for _, builder := range []dbx.Builder{b.ConcurrentDB(), b.NonconcurrentDB()} {
		db := builder.(*dbx.DB)
		db.QueryLogFunc = func(_ context.Context, _ time.Duration, q string, _ *sql.Rows, _ error) { note(q) }
		db.ExecLogFunc = func(_ context.Context, _ time.Duration, q string, _ sql.Result, _ error) { note(q) }
		defer func() { db.QueryLogFunc, db.ExecLogFunc = nil, nil }()
	}
	b.looks(one)
	if _, err := inbox.History(b, b.agent, one.Contact(), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := b.station.Preview(b, b.agent, merging.Request{Kind: desk.MergeContact, Source: two.Contact(), Target: one.Contact()}); err != nil {
		t.Fatal(err)
	}
	people := b.merge(desk.MergeContact, two.Contact(), one.Contact())
	b.undo(people.ID)
	cases := b.merge(desk.MergeCase, two.Id, one.Id)
	_, _ = tracking.Find(b, two.TrackToken())
	b.page(one)
	b.Take(desktest.Letter("By mail.", map[string]string{"To": desktest.AnswerTo(two), "From": "ben@example.com", "Return-Path": "<ben@example.com>"}))
	b.undo(cases.ID)
	out, err := b.station.Split(b.agent, merging.Splitting{Message: id})
	if err != nil {
		t.Fatal(err)
	}
	b.undo(out.Merge)
	if _, err := privacy.Erase(b, "anna@example.com"); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	all := queries
	queries = nil
	mu.Unlock()
	grows := regexp.MustCompile("messages|cases|feedback|verdicts|identities|contacts|outbox|case_events|merges|promises|invitations|notices|inbound_mails")
	small := regexp.MustCompile("mailboxes|desk_settings|block_rules|keywords|templates|forms|categories|teams|agents|json_each|CONSTANT ROW|SUBQUERY|corrections")
	seen := 0
	for _, q := range all {
		if !grows.MatchString(q) || regexp.MustCompile(`^(INSERT|EXPLAIN|DELETE)|sqlite_|^UPDATE .(cases|contacts|messages|merges|identities|outbox|promises|feedback|verdicts|inbound_mails). SET .* WHERE .?.?id.?=`).MatchString(q) ||
			strings.Contains(q, "MAX(\"number\")") || strings.Contains(q, "`outbox`.`feedback`=") { // PocketBase's own, on deletion
			continue
		}
		seen++
		var plan []struct {
			Detail string `db:"detail"`
		}
		if err := b.ConcurrentDB().NewQuery("EXPLAIN QUERY PLAN " + q).All(&plan); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		for _, step := range plan {
			if strings.HasPrefix(step.Detail, "SCAN") && !strings.Contains(step.Detail, "INDEX") && !small.MatchString(step.Detail) {
				t.Errorf("%s: %s", step.Detail, q)
			}
		}
	}
	if seen < 60 {
		t.Errorf("only %d questions were heard", seen)
	}
}
