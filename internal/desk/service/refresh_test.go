package service_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/service"
)

func (s *shop) refresh() {
	s.t.Helper()
	if err := s.Refresh(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

func TestChangesReachOpenCases(t *testing.T) {
	s := newShop(t)
	s.refresh()
	p := s.policy(nil)
	c, done := s.Case(nil), s.Case(desktest.Values{"email": "b@example.com"})
	s.change(done, desktest.Values{"status": desk.Closed})
	was := s.again(done).GetString("resolution_due")
	version := s.again(c).GetInt("version")

	s.Clock.Advance(time.Minute)
	s.Put(p, desktest.Values{"first_response": "6h", "resolution": "3d"})
	s.refresh()
	s.due(c, "first_response_due", "2026-11-16 15:00")
	s.due(c, "resolution_due", "2026-11-19 09:00")
	if got := s.again(c).GetInt("version"); got != version {
		t.Errorf("version %d, was %d", got, version)
	}
	if s.again(done).GetString("resolution_due") != was {
		t.Error("a case that is done was measured anew")
	}
	if st := s.State(); st.Running || st.Total != 1 || st.Done != 1 || st.Changed != 1 || st.Ended == "" {
		t.Errorf("state %+v", st)
	}
	s.refresh()
	if st := s.State(); st.Changed != 1 {
		t.Errorf("reckoned without a change: %+v", st)
	}

	// the shop closes today; the policy is switched off
	s.Clock.Advance(time.Minute)
	s.hours("Asia/Taipei", []map[string]any{{"date": "2026-11-16", "name": "Typhoon", "spans": []any{}}})
	s.refresh()
	s.due(c, "first_response_due", "2026-11-17 15:00")
	s.Clock.Advance(time.Minute)
	s.Put(p, desktest.Values{"enabled": false})
	s.refresh()
	if got := s.again(c); got.GetString("policy") != "" || got.GetString("tell_at") != "" {
		t.Errorf("policy %s, told at %s", got.GetString("policy"), got.GetString("tell_at"))
	}
}

// Who makes a policy is not told of a thousand cases that are older than it.
func TestYoungPolicyIsQuiet(t *testing.T) {
	s := newShop(t)
	s.refresh()
	c := s.Case(nil)
	s.when("2026-11-20 09:00")
	s.policy(nil)
	s.refresh()
	if n := s.tick(); n != 0 {
		t.Errorf("%d were told: %v", n, s.alarms())
	}
	if m := s.again(c).Marks(); m[desk.FirstResponse].Due.IsZero() || s.again(c).GetString("policy") == "" {
		t.Errorf("marks %+v", m)
	}
	s.Reply(c, s.agent, nil)
	if m := s.again(c).Marks(); m[desk.FirstResponse].Ended != desk.Missed || len(s.alarms()) != 0 {
		t.Errorf("it was late all the same: %+v, %v", m[desk.FirstResponse], s.alarms())
	}
	s.hear(c, "And then?") // what begins from now on is told
	s.when("2026-11-20 12:00")
	if n := s.tick(); n != 2 {
		t.Errorf("%d were told: %v", n, s.alarms())
	}
}

// A stop in the middle loses nothing: the next start goes on, and what was missed
// before is still told.
func TestRestartWhileReckoning(t *testing.T) {
	s := newShop(t)
	s.refresh()
	p := s.policy(nil)
	for i := range 120 {
		s.Case(desktest.Values{"email": fmt.Sprintf("v%d@example.com", i)})
	}
	s.refresh()
	s.Clock.Advance(time.Minute)
	s.Put(p, desktest.Values{"first_response": "1h"})
	ctx, cancel := context.WithCancel(context.Background())
	groups := 0
	hook := s.OnRecordAfterUpdateSuccess(desk.Cases)
	id := hook.BindFunc(func(e *core.RecordEvent) error {
		if groups++; groups == 10 {
			cancel()
		}
		return e.Next()
	})
	if err := s.Refresh(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("not stopped: %v", err)
	}
	hook.Unbind(id)
	again := s.AfterCrash()
	count := func(app core.App) (n int) {
		due := desk.Date(at("2026-11-16 10:00")).String()
		if err := app.DB().Select("COUNT(*)").From(desk.Name(app, desk.Cases)).Where(dbx.HashExp{"first_response_due": due}).Row(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(again); n == 0 || n == 120 {
		t.Fatalf("%d of 120 were reckoned before it was stopped", n)
	}
	if err := service.New(again, service.Config{Commit: again.Commit}).Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := count(again); n != 120 {
		t.Errorf("%d of 120 were reckoned", n)
	}
}

// tag gives a contact tags, as the hook on contacts does.
func (s *shop) tag(contact string, tags ...string) {
	s.t.Helper()
	r := s.Find(desk.Contacts, contact)
	r.Set("tags", tags)
	err := s.Commit.Do(func(tx core.App) error { return errors.Join(service.Tagged(tx, contact), desk.Save(tx, r)) })
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestTagsOfContact(t *testing.T) {
	s := newShop(t)
	s.policy(desktest.Values{"name": "VIP", "contact_tags": []string{"vip"}, "first_response": "1h"})
	s.refresh()
	c := s.Case(nil)
	if c.GetString("policy") != "" {
		t.Fatal("a policy for others holds")
	}
	s.tag(c.Contact(), "vip")
	s.Start()
	defer s.Stop()
	changed := make(chan struct{}, 1)
	s.OnRecordAfterUpdateSuccess(desk.Cases).BindFunc(func(e *core.RecordEvent) error {
		changed <- struct{}{}
		return e.Next()
	})
	s.Kick()
	<-changed
	s.Stop()
	s.due(c, "first_response_due", "2026-11-16 10:00")
}

// What was tagged is looked at by whatever process comes next, all of a contact's
// cases, and once.
func TestTagsOverACrash(t *testing.T) {
	s := newShop(t)
	vip := s.policy(desktest.Values{"contact_tags": []string{"vip"}, "first_response": "1h"})
	s.refresh()
	c := s.Case(nil)
	for range service.Group + 5 { // more of one visitor than one transaction holds
		other := s.Case(nil)
		s.Put(other.Record, desktest.Values{"contact": c.Contact()})
	}
	s.tag(c.Contact(), "vip")
	again := s.AfterCrash()
	ctx, kill := context.WithCancel(t.Context())
	looked := 0
	again.OnRecordAfterUpdateSuccess(desk.Cases).BindFunc(func(e *core.RecordEvent) error {
		if looked++; looked == 3 {
			kill() // in the middle of it
		}
		return e.Next()
	})
	if err := service.New(again, service.Config{Commit: again.Commit}).Refresh(ctx); err == nil {
		t.Error("the run that was ended says that it was done")
	}
	third := again.AfterCrash()
	if err := service.New(third, service.Config{Commit: third.Commit}).Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range third.All(desk.Cases, nil) {
		if r.GetString("policy") != vip.Id {
			t.Errorf("case %d was not looked at", r.GetInt("number"))
		}
	}
	for _, r := range third.All(desk.Places, nil) {
		if strings.HasPrefix(r.Id, "retag") {
			t.Errorf("still waits: %s", r.Id)
		}
	}
}

// The minute's scan and the report go by an index.
func TestPlans(t *testing.T) {
	s := newShop(t)
	plan := func(q *dbx.Query) string {
		var rows []struct {
			Detail string `db:"detail"`
		}
		if err := s.DB().NewQuery("EXPLAIN QUERY PLAN " + q.SQL()).Bind(q.Params()).All(&rows); err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, r := range rows {
			out = append(out, r.Detail)
		}
		return strings.Join(out, "; ")
	}
	if got := plan(service.DueQuery(s.Station)); !strings.Contains(got, "COVERING INDEX") || !strings.Contains(got, "_tell ") || strings.Contains(got, "SCAN") || strings.Contains(got, "TEMP B-TREE") {
		t.Errorf("dues: %s", got)
	}
	if got := plan(service.OpenQuery(s.Station)); !strings.Contains(got, "COVERING INDEX") || strings.Contains(got, "SCAN") {
		t.Errorf("open cases: %s", got)
	}
	if got := plan(service.LateQuery(s.Station)); !strings.Contains(got, "_open ") || strings.Contains(got, "SCAN") {
		t.Errorf("late cases: %s", got)
	}
	if got := plan(service.ReportQuery(s.Station)); !strings.Contains(got, "_created ") || strings.Contains(got, "SCAN") {
		t.Errorf("report: %s", got)
	}
}

func TestReport(t *testing.T) {
	s := newShop(t)
	p := s.policy(nil)
	team := s.Make(desk.Teams, desktest.Values{"name": "Depot"})
	kept, late, waits := s.Case(nil), s.Case(desktest.Values{"email": "b@example.com"}), s.Case(desktest.Values{"email": "c@example.com"})
	s.change(waits, desktest.Values{"team": team.Id})
	s.Reply(kept, s.agent, desktest.Values{"status": desk.Resolved})
	s.when("2026-11-16 14:00")
	s.Reply(late, s.agent, nil)
	s.hear(late, "So?")
	s.when("2026-11-16 15:00")
	s.Reply(late, s.agent, nil)
	report, err := s.Report(t.Context(), s.chief, 30)
	if err != nil {
		t.Fatal(err)
	}
	for which, want := range map[string]service.Count{
		desk.FirstResponse: {Met: 1, Missed: 1, Late: 1}, desk.NextResponse: {Met: 1}, desk.Resolution: {Met: 1},
	} {
		if got := *report.Counts[which]; got != want {
			t.Errorf("%s: %+v, want %+v", which, got, want)
		}
	}
	if report.Cases != 3 || len(report.Policies) != 1 || report.Policies[0].ID != p.Id || report.Policies[0].Cases != 3 || len(report.Teams) != 2 {
		t.Errorf("report %+v", report)
	}
	if report.Teams[0].Name != "Depot" || report.Teams[0].Counts[desk.FirstResponse].Late != 1 {
		t.Errorf("team %+v", report.Teams[0])
	}
	others, err := s.Report(t.Context(), s.agent, 30) // of no team
	if err != nil || others.Cases != 2 {
		t.Errorf("an agent without a team sees %d cases, %v", others.Cases, err)
	}
	s.Clock.Advance(60 * 24 * time.Hour)
	if old, err := s.Report(t.Context(), s.chief, 30); err != nil || old.Cases != 0 {
		t.Errorf("%d old cases, %v", old.Cases, err)
	}
}
