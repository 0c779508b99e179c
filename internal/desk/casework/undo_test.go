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
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// undo takes a message back.
func undo(app *desktest.App, id string, agent *desk.Agent) (out *casework.Unsent, err error) {
	err = app.Commit.Do(func(tx core.App) (err error) {
		out, err = app.Work.Undo(tx, id, agent)
		return err
	})
	return out, err
}

// fields of a case that an answer changes.
func answerFields() []string {
	return []string{"status", "assignee", "first_responded_at", "waiting_since", "resolved_at", "reopened", "due_at"}
}

func TestUndo(t *testing.T) {
	app := desktest.New(t)
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	app.Choose(desktest.Values{"ack_enabled": false})
	app.Make(desk.Templates, desktest.Values{"key": "late", "locale": "en", "kind": "reply", "enabled": true, "subject": "Late", "body": "It is late."})
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	app.Clock.Advance(time.Hour)
	m := app.Reply(c, agent, desktest.Values{"body": "", "template": "late", "status": desk.Resolved, "undo": 10 * time.Second,
		"cc": []string{"store@example.org"}, "bcc": []string{"boss@example.org"}, "attachments": []any{app.File("label.txt", "x")}})
	if until := m.GetDateTime("undo_until").Time(); !until.Equal(app.Clock.Now().Add(10 * time.Second)) {
		t.Errorf("until %v", until)
	}
	if at := app.Delivery(c.Id, "reply").GetDateTime("next_attempt").Time(); !at.Equal(app.Clock.Now().Add(10 * time.Second)) {
		t.Errorf("leaves at %v", at)
	}
	if _, err := undo(app, m.Id, app.Agent(desk.RoleSupervisor, "")); !errors.Is(err, casework.ErrNotYours) {
		t.Errorf("somebody else: %v", err)
	}
	out, err := undo(app, m.Id, agent)
	if err != nil {
		t.Fatal(err)
	}
	if out.Subject != "Late" || out.Body != "It is late." || out.Template != "late" || len(out.Attachments) != 1 ||
		len(out.Cc) != 1 || out.Cc[0].Addr != "store@example.org" || len(out.Bcc) != 1 {
		t.Errorf("got back %+v", out)
	}
	after := app.Find(desk.Cases, c.Id)
	for _, name := range answerFields() {
		if after.GetString(name) != c.GetString(name) {
			t.Errorf("%s is %q, was %q", name, after.GetString(name), c.GetString(name))
		}
	}
	if after.GetInt("version") <= c.GetInt("version")+1 {
		t.Error("the version stands still")
	}
	if n := len(app.All(desk.Outbox, nil)); n != 0 || len(app.All(desk.Messages, desktest.Values{"direction": desk.Out})) != 0 {
		t.Errorf("%d deliveries stay", n)
	}
	if n := app.One(desk.Templates, desktest.Values{"key": "late"}).GetInt("used"); n != 0 {
		t.Errorf("template used %d times", n)
	}
	if kinds := app.Kinds(c.Id); kinds[len(kinds)-1] != "unsent" {
		t.Errorf("events %v", kinds)
	}
	if _, err := undo(app, m.Id, agent); err == nil {
		t.Error("undone twice")
	}
}

// What others did meanwhile stays.
func TestUndoKeepsWhatOthersDid(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"ack_enabled": false})
	agent, other := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	m := app.Reply(c, agent, desktest.Values{"undo": 10 * time.Second})
	app.Clock.Advance(time.Second)
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"status": desk.OnHold, "assignee": other.Id})
	app.Reply(desk.AsCase(app.Find(desk.Cases, c.Id)), other, desktest.Values{"channel": desk.ChannelPhone})
	if _, err := undo(app, m.Id, app.Agent(desk.RoleAdmin, "")); err != nil {
		t.Fatal(err)
	}
	after := desk.AsCase(app.Find(desk.Cases, c.Id))
	if after.Status() != desk.OnHold || after.Assignee() != other.Id || after.GetDateTime("first_responded_at").IsZero() || !after.GetDateTime("waiting_since").IsZero() {
		t.Errorf("status %s, assignee %q, responded %v, waiting %v", after.Status(), after.Assignee(), after.GetDateTime("first_responded_at"), after.GetDateTime("waiting_since"))
	}
}

// A call in vain meanwhile leaves the visitor waiting.
func TestUndoAfterACallInVain(t *testing.T) {
	for _, outcome := range []string{casework.CallNoAnswer, casework.CallBusy, casework.CallWrong} {
		app := desktest.New(t)
		app.Choose(desktest.Values{"ack_enabled": false})
		agent := app.Agent(desk.RoleAgent, "")
		c := app.Case(nil)
		m := app.Reply(c, agent, desktest.Values{"undo": 10 * time.Second})
		app.Clock.Advance(time.Second)
		app.Reply(desk.AsCase(app.Find(desk.Cases, c.Id)), agent, desktest.Values{
			"channel": desk.ChannelPhone, "body": "", "call": map[string]any{"outcome": outcome}})
		if _, err := undo(app, m.Id, agent); err != nil {
			t.Fatal(err)
		}
		after := app.Find(desk.Cases, c.Id)
		if after.GetDateTime("waiting_since").IsZero() || !after.GetDateTime("first_responded_at").IsZero() {
			t.Errorf("%s: waiting %v, responded %v", outcome, after.GetDateTime("waiting_since"), after.GetDateTime("first_responded_at"))
		}
	}
}

func TestUndoTooLate(t *testing.T) {
	app := desktest.New(t)
	srv := mailtest.NewServer(t, mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 450}}})
	app.UseSMTP(srv)
	app.Choose(desktest.Values{"ack_enabled": false})
	agent := app.Agent(desk.RoleAdmin, "")
	c := app.Case(nil)
	note := app.Reply(c, agent, desktest.Values{"direction": desk.Note, "undo": 10 * time.Second})
	at := app.Reply(c, agent, nil)
	tried := app.Reply(c, agent, desktest.Values{"undo": time.Second})
	app.Clock.Advance(time.Second)
	if _, err := app.Outbox.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	srv.Always(mailtest.Fault{})
	for name, id := range map[string]string{"a note": note.Id, "without": at.Id, "after a try": tried.Id} {
		if _, err := undo(app, id, agent); !errors.Is(err, casework.ErrLeft) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, wait := range map[string]time.Duration{"negative": -time.Second, "two minutes": 2 * time.Minute} {
		if _, err := app.Write(c, agent, desktest.Values{"undo": wait}); faulty(err) != "undo_seconds" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Mail that is held for want of a server can be taken back until it may leave.
func TestUndoHeld(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"ack_enabled": false})
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	first := app.Reply(c, agent, desktest.Values{"undo": 10 * time.Second})
	second := app.Reply(c, agent, desktest.Values{"undo": 10 * time.Second})
	if _, err := undo(app, first.Id, agent); err != nil {
		t.Error(err)
	}
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	if err := app.Outbox.Release(); err != nil {
		t.Fatal(err)
	}
	if _, err := undo(app, second.Id, agent); !errors.Is(err, casework.ErrLeft) {
		t.Errorf("released: %v", err)
	}
}

func TestUndoFreesNothingElse(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	m := app.Reply(c, agent, desktest.Values{"undo": time.Second})
	if _, err := undo(app, m.Id, agent); err != nil {
		t.Fatal(err)
	}
	if app.Delivery(c.Id, "ack").Status() != desk.Held || !slices.Contains(app.Kinds(c.Id), "replied") {
		t.Error("the acknowledgement or the trail is gone")
	}
}
