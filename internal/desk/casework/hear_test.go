package casework_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// hear lets the visitor of a case write, and returns the case and the kinds of
// the events that this made.
func hear(t *testing.T, app *desktest.App, c *desk.Case, h casework.Heard) (*desk.Case, []string) {
	t.Helper()
	before := len(app.Kinds(c.Id))
	h.Case = c // as the caller knew it, maybe long ago
	if err := app.Commit.Do(func(tx core.App) error { return app.Work.Hear(tx, h) }); err != nil {
		t.Fatal(err)
	}
	return desk.AsCase(app.Find(desk.Cases, c.Id)), app.Kinds(c.Id)[before:]
}

func word(t *testing.T, app *desktest.App, c *desk.Case, body string) *desk.Message {
	t.Helper()
	m, err := desk.NewMessage(app, c.Id)
	if err != nil {
		t.Fatal(err)
	}
	m.Set("channel", desk.ChannelPage)
	m.Set("body", body)
	return m
}

func TestHearFromEveryState(t *testing.T) {
	for _, tt := range []struct {
		status, want string
		reopened     int
		events       []string
	}{
		{desk.Unread, desk.Unread, 0, []string{"visitor_wrote"}},
		{desk.Open, desk.Open, 0, []string{"visitor_wrote"}},
		{desk.Pending, desk.Open, 0, []string{"visitor_wrote", "status"}},
		{desk.OnHold, desk.Open, 0, []string{"visitor_wrote", "status"}},
		{desk.Resolved, desk.Open, 1, []string{"visitor_wrote", "status"}},
		{desk.Closed, desk.Open, 1, []string{"visitor_wrote", "status"}},
	} {
		t.Run(tt.status, func(t *testing.T) {
			app := desktest.New(t)
			c := app.Case(nil)
			app.Put(c.Record, desktest.Values{"status": tt.status, "waiting_since": "", "first_responded_at": desk.Date(app.Clock.Now())})
			app.Clock.Advance(30 * 24 * time.Hour)
			now := app.Clock.Now()
			m := word(t, app, c, "one thing more")
			after, kinds := hear(t, app, c, casework.Heard{Message: m})
			if after.Status() != tt.want || after.GetInt("reopened") != tt.reopened || !after.GetDateTime("resolved_at").IsZero() || !slices.Equal(kinds, tt.events) {
				t.Errorf("status %s, reopened %d, resolved %v, events %v", after.Status(), after.GetInt("reopened"), after.GetDateTime("resolved_at"), kinds)
			}
			for _, name := range []string{"waiting_since", "last_in_at"} {
				if at := after.GetDateTime(name).Time(); !at.Equal(now) {
					t.Errorf("%s is %v", name, at)
				}
			}
			if after.GetInt("version") != c.GetInt("version")+1 {
				t.Errorf("version %d after %d", after.GetInt("version"), c.GetInt("version"))
			}
			if at := app.Find(desk.Contacts, c.Contact()).GetDateTime("last_seen").Time(); !at.Equal(now) {
				t.Errorf("the contact was last seen at %v", at)
			}
			saved := desk.AsMessage(app.Find(desk.Messages, m.Id))
			if saved.Direction() != desk.In || saved.Body() != "one thing more" || saved.GetString("contact") != c.Contact() || saved.Delivery() != desk.DeliveryNone {
				t.Errorf("saved %+v", saved.PublicExport())
			}
			if ev := app.Event(c.Id, "visitor_wrote"); ev["message"] != m.Id || ev["channel"] != desk.ChannelPage || ev["quiet"] != nil {
				t.Errorf("event %v", ev)
			}
		})
	}
}

// A case that comes back is due anew, not overdue since last year, and its due
// follows its priority until somebody answers.
func TestHearIsDueAgain(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	app.Reply(c, agent, desktest.Values{"status": desk.Resolved})
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"promised_at": desk.Date(app.Clock.Now().Add(time.Hour))})
	app.Clock.Advance(200 * 24 * time.Hour)
	now := app.Clock.Now()
	s, err := desk.LoadSettings(app)
	if err != nil {
		t.Fatal(err)
	}
	after, kinds := hear(t, app, c, casework.Heard{Message: word(t, app, c, "it broke again")})
	due := s.FirstDue(now, "normal")
	if got := after.GetDateTime("due_at").Time(); !got.Equal(due) || !due.After(now) {
		t.Errorf("due %v, want %v", got, due)
	}
	if !after.GetDateTime("resolution_due").Time().After(due) || !after.GetDateTime("promised_at").IsZero() || !slices.Contains(kinds, "promise") {
		t.Errorf("resolution due %v, promised %v, %v", after.GetDateTime("resolution_due"), after.GetDateTime("promised_at"), kinds)
	}
	// a second word does not put the due off
	app.Clock.Advance(time.Hour)
	after, _ = hear(t, app, c, casework.Heard{Message: word(t, app, c, "hello?")})
	if !after.GetDateTime("due_at").Time().Equal(due) || !after.GetDateTime("waiting_since").Time().Equal(now) || !after.GetDateTime("last_in_at").Time().Equal(app.Clock.Now()) {
		t.Errorf("due %v, waits since %v, last word %v", after.GetDateTime("due_at"), after.GetDateTime("waiting_since"), after.GetDateTime("last_in_at"))
	}
	urgent := desk.AsCase(app.Find(desk.Cases, c.Id))
	urgent.Set("priority", "urgent")
	if _, err := app.Work.Change(app, after, urgent, agent, 0); err != nil {
		t.Fatal(err)
	}
	if got := urgent.GetDateTime("due_at").Time(); !got.Equal(s.FirstDue(now, "urgent")) {
		t.Errorf("urgent: due %v, want %v", got, s.FirstDue(now, "urgent"))
	}
	// answered: the due of the answer is over
	app.Reply(c, agent, nil)
	answered := app.Find(desk.Cases, c.Id)
	if got := answered.GetDateTime("due_at").Time(); !got.Equal(answered.GetDateTime("resolution_due").Time()) {
		t.Errorf("answered: due %v", got)
	}
}

// Who waits already goes on waiting since then, and what was promised stands.
func TestHearWhileWaiting(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	since, due := c.GetDateTime("waiting_since"), c.GetDateTime("due_at")
	app.Clock.Advance(time.Hour)
	after, _ := hear(t, app, c, casework.Heard{Message: word(t, app, c, "the order number is 17")})
	if !after.GetDateTime("waiting_since").Equal(since) || !after.GetDateTime("due_at").Equal(due) || !after.GetDateTime("next_response_due").IsZero() {
		t.Errorf("waits since %v, due %v, next %v", after.GetDateTime("waiting_since"), after.GetDateTime("due_at"), after.GetDateTime("next_response_due"))
	}
}

func TestHearAutomaticMail(t *testing.T) {
	app := desktest.New(t)
	for _, status := range []string{desk.Open, desk.Pending, desk.Resolved, desk.Closed} {
		c := app.Case(desktest.Values{"email": status + "@example.com"})
		app.Put(c.Record, desktest.Values{"status": status, "waiting_since": ""})
		app.Clock.Advance(time.Hour)
		m := word(t, app, c, "I am on holiday")
		m.Set("channel", desk.ChannelEmail)
		after, kinds := hear(t, app, c, casework.Heard{Message: m, Auto: true})
		if after.Status() != status || !after.GetDateTime("waiting_since").IsZero() || after.GetInt("reopened") != 0 ||
			!after.GetDateTime("last_in_at").Equal(c.GetDateTime("last_in_at")) || !slices.Equal(kinds, []string{casework.EventAuto}) {
			t.Errorf("%s: %s, waiting %v, %v", status, after.Status(), after.GetDateTime("waiting_since"), kinds)
		}
		if app.Find(desk.Messages, m.Id).GetString("body") != "I am on holiday" {
			t.Errorf("%s: the mail was not kept", status)
		}
	}
}

func TestHearOnSpam(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	if err := app.Door.MarkSpam(app, c.Id, app.Agent(desk.RoleAgent, "")); err != nil {
		t.Fatal(err)
	}
	before := app.Find(desk.Cases, c.Id)
	app.Clock.Advance(time.Hour)
	m := word(t, app, c, "buy more")
	after, kinds := hear(t, app, c, casework.Heard{Message: m})
	if after.Status() != desk.Closed || after.GetInt("version") != before.GetInt("version") || !slices.Equal(kinds, []string{"visitor_wrote"}) || app.Event(c.Id, "visitor_wrote")["quiet"] != true {
		t.Errorf("%s %v %v", after.Status(), kinds, app.Event(c.Id, "visitor_wrote"))
	}
	app.Find(desk.Messages, m.Id)
	if after, kinds = hear(t, app, c, casework.Heard{Solved: true, Channel: desk.ChannelPage}); after.Status() != desk.Closed || len(kinds) != 0 {
		t.Errorf("solved: %s %v", after.Status(), kinds)
	}
	// the tag alone, set by hand, does not silence a visitor
	tagged := app.Case(desktest.Values{"email": "ben@example.com"})
	app.Put(tagged.Record, desktest.Values{"tags": []string{desk.SpamTag}, "status": desk.Closed})
	if after, _ := hear(t, app, tagged, casework.Heard{Message: word(t, app, tagged, "I am no spam")}); after.Status() != desk.Open {
		t.Errorf("tagged by hand: %s", after.Status())
	}
}

func TestHearSolved(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	app.Clock.Advance(time.Hour)
	after, kinds := hear(t, app, c, casework.Heard{Solved: true, Channel: desk.ChannelPage})
	if after.Status() != desk.Resolved || !after.GetDateTime("resolved_at").Time().Equal(app.Clock.Now()) || !after.GetDateTime("waiting_since").IsZero() ||
		!after.GetDateTime("due_at").IsZero() || !slices.Equal(kinds, []string{"visitor_solved", "status"}) {
		t.Errorf("%s %v %v", after.Status(), after.GetDateTime("resolved_at"), kinds)
	}
	if ev := app.Event(c.Id, "visitor_solved"); ev["channel"] != desk.ChannelPage {
		t.Errorf("event %v", ev)
	}
	again, kinds := hear(t, app, c, casework.Heard{Solved: true, Channel: desk.ChannelPage})
	if len(kinds) != 0 || again.GetInt("version") != after.GetInt("version") {
		t.Errorf("said twice: %v", kinds)
	}
	// with words, on a case that he opened again himself
	hear(t, app, c, casework.Heard{Message: word(t, app, c, "no, it is back")})
	after, kinds = hear(t, app, c, casework.Heard{Message: word(t, app, c, "found it, thank you"), Solved: true})
	if after.Status() != desk.Resolved || after.GetInt("reopened") != 1 || !slices.Equal(kinds, []string{"visitor_wrote", "visitor_solved", "status"}) {
		t.Errorf("%s, reopened %d, %v", after.Status(), after.GetInt("reopened"), kinds)
	}
}

// Work that fails after Hear leaves nothing behind, and may run again.
func TestHearIsRolledBack(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	app.Put(c.Record, desktest.Values{"status": desk.Resolved})
	m, fault := word(t, app, c, "lost?"), errors.New("disk full")
	err := app.Commit.Do(func(tx core.App) error {
		return errors.Join(app.Work.Hear(tx, casework.Heard{Case: c, Message: m}), fault)
	})
	if !errors.Is(err, fault) || app.Find(desk.Cases, c.Id).GetString("status") != desk.Resolved || len(app.All(desk.Messages, desktest.Values{"body": "lost?"})) != 0 {
		t.Fatalf("%v", err)
	}
	if after, _ := hear(t, app, c, casework.Heard{Message: m}); after.Status() != desk.Open || len(app.All(desk.Messages, desktest.Values{"body": "lost?"})) != 1 {
		t.Errorf("tried again: %s", after.Status())
	}
	gone := desk.AsCase(app.Find(desk.Cases, c.Id).Clone())
	gone.Id = "nosuchcase00000"
	if err := app.Commit.Do(func(tx core.App) error { return app.Work.Hear(tx, casework.Heard{Case: gone, Message: m}) }); err == nil {
		t.Error("a case that is gone takes words")
	}
}
