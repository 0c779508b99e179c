package reminding_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/reminding"
)

func tick(t *testing.T, app *desktest.App) int {
	t.Helper()
	n, err := app.Reminders.Tick()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func theCase(app *desktest.App, c *desk.Case) *desk.Case {
	return desk.AsCase(app.Find(desk.Cases, c.Id))
}

// change is what a PATCH of a case does.
func change(t *testing.T, app *desktest.App, c *desk.Case, agent *desk.Agent, v desktest.Values) {
	t.Helper()
	if err := tryChange(app, c, agent, v); err != nil {
		t.Fatal(err)
	}
}

func tryChange(app *desktest.App, c *desk.Case, agent *desk.Agent, v desktest.Values) error {
	return app.Commit.Do(func(tx core.App) error {
		before, err := desk.FindCase(tx, c.Id)
		if err != nil {
			return err
		}
		after := desk.AsCase(before.Fresh())
		for name, value := range v {
			after.Set(name, value)
		}
		events, err := app.Work.Change(tx, before, after, agent, 0)
		if err != nil {
			return err
		}
		if err := desk.Save(tx, after.Record); err != nil {
			return err
		}
		return desk.Record(tx, events...)
	})
}

func TestSnoozeComesBackOnTop(t *testing.T) {
	app := desktest.New(t)
	agent, named := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, "")
	c, other := app.Case(nil), app.Case(desktest.Values{"email": "b@example.com"})
	change(t, app, c, agent, desktest.Values{
		"assignee": agent.Id, "status": desk.OnHold, "follow_up_at": desk.Date(app.Clock.Now().Add(24 * time.Hour)), "follow_up_note": "ask the store", "follow_up_for": named.Id,
	})
	change(t, app, other, agent, desktest.Values{"assignee": named.Id})
	mine := func() []inbox.Row {
		page, err := inbox.Cases(app, named, inbox.Query{Queue: "mine"})
		if err != nil {
			t.Fatal(err)
		}
		return page.Items
	}
	if rows := mine(); len(rows) != 1 || rows[0].ID != other.Id {
		t.Fatalf("a snoozed case is in a queue: %d rows", len(rows))
	}
	app.Clock.Advance(23 * time.Hour)
	if n := tick(t, app); n != 0 {
		t.Fatalf("%d came back too early", n)
	}
	app.Clock.Advance(61 * time.Minute)
	if a, b := tick(t, app), tick(t, app); a != 1 || b != 0 {
		t.Fatalf("came back %d and %d times", a, b)
	}
	if rows := mine(); len(rows) != 2 || rows[0].ID != c.Id {
		t.Errorf("it is not on top: %d rows", len(rows))
	}
	after := theCase(app, c)
	if after.Status() != desk.Open || after.Assignee() != named.Id || after.GetString("reminded_at") == "" {
		t.Errorf("status %s, assignee %s", after.Status(), after.Assignee())
	}
	n := app.One(desk.Notices, desktest.Values{"agent": named.Id, "case": c.Id})
	if n.GetString("kind") != desk.NoticeFollowUp {
		t.Errorf("told as %s", n.GetString("kind"))
	}
	if kinds := app.Kinds(c.Id); !slices.Contains(kinds, reminding.EventDue) {
		t.Errorf("events %v", kinds)
	}
}

func TestExactlyOnceAfterSleepAndCrash(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	var cases []string
	for i := range 4 {
		c := app.Case(desktest.Values{"email": string(rune('a'+i)) + "@example.com"})
		change(t, app, c, agent, desktest.Values{"assignee": agent.Id, "status": desk.OnHold, "follow_up_at": desk.Date(app.Clock.Now().Add(time.Duration(4-i) * time.Hour))})
		cases = append([]string{c.Id}, cases...)
	}
	app.Clock.Advance(96 * time.Hour)
	again := app.AfterCrash()
	if n := tick(t, again); n != 4 {
		t.Fatalf("%d came back", n)
	}
	third := again.AfterCrash()
	if n := tick(t, third); n != 0 {
		t.Errorf("%d came back twice", n)
	}
	told := third.All(desk.Notices, desktest.Values{"kind": desk.NoticeFollowUp})
	if len(told) != 4 {
		t.Fatalf("%d notices", len(told))
	}
	for i, n := range told {
		if n.GetString("case") != cases[i] {
			t.Errorf("notice %d is out of order", i)
		}
	}
}

func TestRace(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	change(t, app, c, agent, desktest.Values{"assignee": agent.Id, "follow_up_at": desk.Date(app.Clock.Now().Add(time.Hour))})
	app.Clock.Advance(2 * time.Hour)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := app.Reminders.Tick(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(app.All(desk.Notices, desktest.Values{"kind": desk.NoticeFollowUp})); n != 1 {
		t.Errorf("reminded %d times", n)
	}
}

func TestANewDateRemindsAgain(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	change(t, app, c, agent, desktest.Values{"assignee": agent.Id, "follow_up_at": desk.Date(app.Clock.Now().Add(time.Hour))})
	app.Clock.Advance(2 * time.Hour)
	tick(t, app)
	change(t, app, c, agent, desktest.Values{"follow_up_at": desk.Date(app.Clock.Now().Add(time.Hour))})
	if theCase(app, c).GetString("reminded_at") != "" {
		t.Error("the new date counts as reminded of")
	}
	app.Clock.Advance(2 * time.Hour)
	if n := tick(t, app); n != 1 {
		t.Errorf("%d came back", n)
	}
	change(t, app, c, agent, desktest.Values{"follow_up_at": "", "follow_up_note": "left over"})
	if got := theCase(app, c); got.GetString("follow_up_note") != "" || got.GetString("reminded_at") != "" {
		t.Error("a follow-up that was taken out left something behind")
	}
}

func TestWhoIsTold(t *testing.T) {
	app := desktest.New(t)
	team := app.Make(desk.Teams, desktest.Values{"name": "North"})
	agent, stranger := app.Agent(desk.RoleAgent, team.Id), app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"team": team.Id, "assignee": agent.Id})
	at := desk.Date(app.Clock.Now().Add(time.Hour))
	if err := tryChange(app, c, agent, desktest.Values{"follow_up_at": at, "follow_up_for": stranger.Id}); err == nil {
		t.Error("named somebody who can't see the case")
	}
	// who could when he was named, and can't any more
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"follow_up_at": at, "follow_up_for": stranger.Id})
	app.Clock.Advance(2 * time.Hour)
	tick(t, app)
	if n := app.One(desk.Notices, nil); n.GetString("agent") != agent.Id || theCase(app, c).Assignee() != agent.Id {
		t.Errorf("told %s", n.GetString("agent"))
	}
}

func TestAnswersAndDoneEndIt(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	plan := func(email string) *desk.Case {
		c := app.Case(desktest.Values{"email": email})
		change(t, app, c, agent, desktest.Values{"assignee": agent.Id, "follow_up_at": desk.Date(app.Clock.Now().Add(time.Hour)), "follow_up_note": "look again"})
		return c
	}
	came, ahead, done := plan("a@example.com"), plan("b@example.com"), plan("c@example.com")
	app.Reply(theCase(app, ahead), agent, nil)
	if theCase(app, ahead).GetString("follow_up_at") == "" {
		t.Error("an answer before its time took the reminder away")
	}
	change(t, app, done, agent, desktest.Values{"status": desk.Resolved})
	if theCase(app, done).GetString("follow_up_at") != "" {
		t.Error("a resolved case is still to be followed up")
	}
	app.Clock.Advance(2 * time.Hour)
	tick(t, app)
	m := app.Reply(theCase(app, came), agent, desktest.Values{"undo": time.Minute})
	if theCase(app, came).GetString("follow_up_at") != "" {
		t.Error("it was answered after it came back, and stays on top")
	}
	if err := app.Commit.Do(func(tx core.App) error { _, err := app.Work.Undo(tx, m.Id, agent); return err }); err != nil {
		t.Fatal(err)
	}
	if got := theCase(app, came); got.GetString("follow_up_at") == "" || got.GetString("reminded_at") == "" || got.GetString("follow_up_note") != "look again" {
		t.Error("the answer was taken back, the reminder is gone")
	}
}

func TestVisitorWakesASnoozedCase(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	for note, stays := range map[string]bool{"": false, "ask the store": true} {
		c := app.Case(desktest.Values{"email": "v" + note[:min(1, len(note))] + "@example.com"})
		change(t, app, c, agent, desktest.Values{"assignee": agent.Id, "status": desk.OnHold, "follow_up_at": desk.Date(app.Clock.Now().Add(48 * time.Hour)), "follow_up_note": note})
		m, err := desk.NewMessage(app, c.Id)
		if err != nil {
			t.Fatal(err)
		}
		m.Set("channel", desk.ChannelPage)
		m.Set("body", "Any news?")
		if err := app.Commit.Do(func(tx core.App) error { return app.Work.Hear(tx, casework.Heard{Case: c, Message: m}) }); err != nil {
			t.Fatal(err)
		}
		after := theCase(app, c)
		if after.Status() != desk.Open || (after.GetString("follow_up_at") != "") != stays {
			t.Errorf("note %q: %s, follow-up %q", note, after.Status(), after.GetString("follow_up_at"))
		}
	}
}

func TestByIndex(t *testing.T) {
	app := desktest.New(t)
	var plan []struct {
		Detail string `db:"detail"`
	}
	err := app.DB().NewQuery("EXPLAIN QUERY PLAN SELECT id, follow_up_at FROM {{cases}} WHERE [[follow_up_at]] != '' AND [[reminded_at]] = '' AND [[follow_up_at]] <= {:now} AND ([[follow_up_at]], [[id]]) > ({:from}, {:after}) ORDER BY follow_up_at, id LIMIT 100").
		Bind(dbx.Params{"now": "2026", "from": "", "after": ""}).All(&plan)
	if err != nil || len(plan) != 1 || !slices.Contains([]string{"SEARCH cases USING COVERING INDEX idx_pd_cases_remind (follow_up_at>? AND follow_up_at<?)", "SEARCH cases USING INDEX idx_pd_cases_remind (follow_up_at>? AND follow_up_at<?)", "SEARCH cases USING INDEX idx_pd_cases_remind ((follow_up_at,id)>(?,?))", "SEARCH cases USING COVERING INDEX idx_pd_cases_remind ((follow_up_at,id)>(?,?) AND follow_up_at<?)"}, plan[0].Detail) {
		t.Errorf("%v %v", plan, err)
	}
}
