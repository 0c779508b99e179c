package webhooks_test

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/desk/webhooks"
)

func TestReplayOne(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	h, other := hook(t, s, app, r, opened), hook(t, s, app, newReceiver(t, app), desktest.Values{"events": []string{"promise.made"}})
	app.Case(nil)
	run(t, s)
	d := deliveries(app, h, nil)[0]
	app.Clock.Advance(time.Hour)
	if err := s.Replay(h.Id, d.Id); err != nil {
		t.Fatal(err)
	}
	if err := s.Replay(h.Id, d.Id); !errors.Is(err, webhooks.ErrUnderWay) {
		t.Errorf("twice: %v", err)
	}
	run(t, s)
	all := r.letters()
	if len(all) != 2 || all[0].id != all[1].id || all[0].raw != all[1].raw || all[0].header.Get("webhook-timestamp") == all[1].header.Get("webhook-timestamp") {
		t.Errorf("%d letters: %v", len(all), all)
	}
	if err := s.Replay(other.Id, d.Id); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("somebody else's: %v", err)
	}
	app.Put(app.Find(desk.Webhooks, h.Id), desktest.Values{"enabled": false})
	if err := s.Replay(h.Id, d.Id); !errors.Is(err, webhooks.ErrOff) {
		t.Errorf("off: %v", err)
	}
}

// span calls until nothing is left.
func span(t *testing.T, s *webhooks.Station, p webhooks.Span) int {
	t.Helper()
	total := 0
	for {
		out, err := s.ReplaySpan(p)
		if err != nil {
			t.Fatal(err)
		}
		total += out.Count
		if out.Next == "" {
			return total
		}
		p.After = out.Next
	}
}

func TestReplaySpan(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, opened)
	begin := app.Clock.Now()
	for range 6 {
		app.Case(nil)
		run(t, s)
		app.Clock.Advance(time.Hour)
	}
	for _, d := range deliveries(app, h, nil)[1:3] {
		app.Put(d, desktest.Values{"status": webhooks.Failed})
	}
	app.Clock.Advance(time.Hour)
	got := span(t, s, webhooks.Span{Hook: h.Id, From: begin, To: begin.Add(150 * time.Minute), What: webhooks.ReplayFailed})
	if got != 2 {
		t.Errorf("%d that failed", got)
	}
	run(t, s)
	if n := span(t, s, webhooks.Span{Hook: h.Id, From: begin.Add(time.Hour), To: begin.Add(4 * time.Hour), What: webhooks.ReplayAll}); n != 3 {
		t.Errorf("%d of three hours", n)
	}
	run(t, s)
	if n := len(r.letters()); n != 6+2+3 {
		t.Errorf("%d letters", n)
	}
	now := app.Clock.Now()
	for _, bad := range []webhooks.Span{
		{Hook: h.Id, What: webhooks.ReplayAll}, {Hook: h.Id, From: now, To: begin, What: webhooks.ReplayAll},
		{Hook: h.Id, From: now.AddDate(0, -2, 0), To: now, What: webhooks.ReplayAll},
		{Hook: h.Id, From: begin, To: now, What: webhooks.ReplayAll, After: "?"}, {Hook: h.Id, From: begin, To: now, What: webhooks.ReplayMissed, After: "-1"},
	} {
		if _, err := s.ReplaySpan(bad); !errors.Is(err, webhooks.ErrSpan) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, err := s.ReplaySpan(webhooks.Span{Hook: h.Id, From: begin, To: now, What: "x"}); !errors.Is(err, webhooks.ErrNoReplay) {
		t.Error(err)
	}
}

// What happened while a webhook was off is made up for from the audit trail.
func TestReplayMissed(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"ack_enabled": false})
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, desktest.Values{"events": []string{"case.opened", "message.received"}})
	app.Case(nil)
	run(t, s)
	app.Clock.Advance(time.Hour)
	app.Put(app.Find(desk.Webhooks, h.Id), desktest.Values{"enabled": false})
	from := app.Clock.Now().Add(-2 * time.Hour)
	for i := range 250 {
		app.Case(desktest.Values{"email": fmt.Sprintf("v%d@mail%d.example", i, i), "subject": fmt.Sprint("Off ", i)})
		app.Clock.Advance(10 * time.Second)
	}
	run(t, s)
	app.Clock.Advance(time.Hour)
	on := app.Find(desk.Webhooks, h.Id)
	before := on.Fresh()
	on.Set("enabled", true)
	webhooks.Switched(app, before, on)
	app.Put(on, nil)
	run(t, s)
	if n := len(r.letters()); n != 2 {
		t.Fatalf("%d before the replay", n)
	}
	missed := webhooks.Span{Hook: h.Id, From: from, To: app.Clock.Now(), What: webhooks.ReplayMissed}
	want := 2 * len(app.All(desk.Cases, nil))
	if n := span(t, s, missed); n != want-2 {
		t.Errorf("%d of %d", n, want-2)
	}
	if n := span(t, s, missed); n != 0 {
		t.Errorf("%d again", n)
	}
	run(t, s)
	ids := map[string]int{}
	for _, l := range r.letters() {
		ids[l.id]++
	}
	if len(ids) != want || len(r.letters()) != want {
		t.Errorf("%d letters with %d ids, want %d", len(r.letters()), len(ids), want)
	}
}

// What was changed in one go is one event under one id, wherever a reader stopped
// and wherever a span begins.
func TestReplayKeepsChangesTogether(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, desktest.Values{"events": []string{"case.updated"}})
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	from := app.Clock.Now()
	const changes = 40 // of three lines each, so that reading in parts cuts some
	for i := range changes {
		app.Clock.Advance(2 * time.Second)
		change(t, app, c, agent, desktest.Values{"priority": []string{"high", "low"}[i%2], "subject": fmt.Sprint("Teapot ", i), "tags": []string{fmt.Sprint("t", i)}})
	}
	run(t, s)
	if n := len(r.letters()); n != changes {
		t.Fatalf("%d letters of %d changes", n, changes)
	}
	lines := app.All(desk.Events, desktest.Values{"version": app.Find(desk.Cases, c.Id).GetInt("version")})
	app.Clock.Advance(time.Hour) // the last line of a change may be dated a moment later than its first
	events := desk.Name(app, desk.Events)
	_, err := app.NonconcurrentDB().NewQuery("UPDATE {{" + events + "}} SET [[created]] = {:at} WHERE [[rowid]] = (SELECT MAX([[rowid]]) FROM {{" + events + "}} WHERE [[id]] IN ({:a}, {:b}, {:c}))").
		Bind(dbx.Params{"at": desk.Date(app.Clock.Now()).String(), "a": lines[0].Id, "b": lines[1].Id, "c": lines[2].Id}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	begin := app.Clock.Now()
	app.Clock.Advance(time.Hour)
	for _, begin := range []time.Time{from, begin} {
		if n := span(t, s, webhooks.Span{Hook: h.Id, From: begin, To: app.Clock.Now(), What: webhooks.ReplayMissed}); n != 0 {
			t.Errorf("%d sent a second time from %s", n, begin)
		}
	}
}

// A rule or an escalation sends to one webhook, whatever that asks for.
func TestSend(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, desktest.Values{"events": []string{"promise.made"}, "with_text": true})
	hook(t, s, app, r, nil)
	c := app.Case(nil)
	send := func(p webhooks.Parcel) error {
		return app.Commit.Do(func(tx core.App) error { return s.Send(tx, p) })
	}
	p := webhooks.Parcel{Webhook: h.Id, Type: webhooks.TypeForwarded, Case: c.Id, By: "rule", Data: map[string]any{"rule": "Broken", "note": "look", "password": "hidden"}}
	if err := send(p); err != nil {
		t.Fatal(err)
	}
	run(t, s)
	got := r.of(webhooks.TypeForwarded)
	if len(got) != 1 || got[0].Data["rule"] != "Broken" || got[0].Data["by"] != "rule" || got[0].Data["note"] != "look" || !strings.Contains(got[0].raw, "teapot") || strings.Contains(got[0].raw, "hidden") {
		t.Errorf("%v", got)
	}
	p.Webhook = "gone"
	if err := send(p); !errors.Is(err, webhooks.ErrOff) {
		t.Error(err)
	}
	p.Webhook, p.Type = h.Id, "case.nonsense"
	if err := send(p); err == nil || errors.Is(err, webhooks.ErrOff) {
		t.Error(err)
	}
}

// A crash at any point: between event and delivery, between delivery and send,
// between send and settling. Nothing is lost; what comes twice bears its old id.
func TestCrash(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	hook(t, s, app, r, opened)
	app.Case(nil) // written, not read
	app = app.AfterCrash()
	s = station(t, app)
	if _, err := s.Read(t.Context()); err != nil { // read, not sent
		t.Fatal(err)
	}
	app = app.AfterCrash()
	s = station(t, app)
	before := app.AfterCrash()
	run(t, s) // sent, and the process ends before it knows
	s = station(t, before)
	run(t, s)
	all := r.letters()
	if len(all) != 2 || all[0].id != all[1].id {
		t.Errorf("%v", all)
	}
	run(t, s)
	if len(r.letters()) != 2 {
		t.Error("a third time")
	}
}

// Erasing a person takes along what was kept for webhooks, and tells them.
func TestErased(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, desktest.Values{"with_text": true})
	c := app.Case(nil)
	run(t, s)
	app.Clock.Advance(time.Hour)
	if _, err := privacy.Erase(app, "anna@example.com"); err != nil {
		t.Fatal(err)
	}
	for _, d := range deliveries(app, h, nil) {
		if strings.Contains(d.GetString("payload"), "teapot") {
			t.Errorf("%v", d.PublicExport())
		}
	}
	run(t, s)
	if got := r.of("case.erased"); len(got) != 1 || !strings.Contains(got[0].raw, c.Id) {
		t.Errorf("%v", r.types())
	}
}

func TestListAndForget(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, opened)
	r.script(status(http.StatusInternalServerError))
	for i := range 35 {
		app.Case(desktest.Values{"email": fmt.Sprintf("v%d@mail%d.example", i, i), "subject": fmt.Sprint("Case ", i)})
		app.Clock.Advance(time.Second)
	}
	run(t, s)
	first, err := webhooks.List(app, h.Id, "", "")
	if err != nil || len(first.Items) != 30 || first.Next == "" || first.Items[0].Number == 0 {
		t.Fatalf("%d items, %v", len(first.Items), err)
	}
	rest, err := webhooks.List(app, h.Id, webhooks.Queued, first.Next)
	if err != nil || len(rest.Items) != len(app.All(desk.Cases, nil))-30 || rest.Next != "" || slices.ContainsFunc(rest.Items, func(x webhooks.Row) bool { return x.ID == first.Items[29].ID }) {
		t.Errorf("%d items, %v", len(rest.Items), err)
	}
	if _, err := webhooks.List(app, h.Id, "x", ""); !errors.Is(err, webhooks.ErrSpan) {
		t.Error(err)
	}
	if queued, failed, err := webhooks.Counts(app, h.Id); queued != len(app.All(desk.Cases, nil)) || failed != 0 || err != nil {
		t.Error(queued, failed, err)
	}
	app.Clock.Advance(webhooks.Keep + time.Minute)
	app.Case(nil)
	run(t, s)
	if err := webhooks.Forget(app, app.Commit); err != nil || len(deliveries(app, h, nil)) != 1 {
		t.Errorf("%d are kept, %v", len(deliveries(app, h, nil)), err)
	}
}
