package outbox_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// A case knows that a rule's mail reminded its visitor once that mail has left;
// the acknowledgement is no reminder.
func TestReminderLeaves(t *testing.T) {
	app, _ := newApp(t, mailtest.Script{})
	app.Make(desk.Templates, desktest.Values{"key": "poke", "locale": "en", "kind": "reply", "subject": "s", "body": "b", "enabled": true})
	c := app.Case(nil)
	drain(t, app)
	reminded := func() string { return app.Find(desk.Cases, c.Id).GetString("nudged_at") }
	if reminded() != "" {
		t.Fatal("reminded by the acknowledgement")
	}
	err := app.Commit.Do(func(tx core.App) error {
		l, err := app.Work.PrepareAutomatic(tx, c, "poke")
		if err == nil {
			_, _, err = l.Save(tx, c)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if reminded() != "" {
		t.Error("reminded before the mail left")
	}
	drain(t, app)
	if got, want := reminded(), desk.Date(app.Clock.Now()).String(); got != want {
		t.Errorf("reminded at %q, want %q", got, want)
	}
}

// Where a case gets an earlier status back, as by an undo, the reminder of that time
// counts again, and no acknowledgement is taken for one.
func TestReminderComesBack(t *testing.T) {
	app, _ := newApp(t, mailtest.Script{})
	app.Make(desk.Templates, desktest.Values{"key": "poke", "locale": "en", "kind": "reply", "subject": "s", "body": "b", "enabled": true})
	c := app.Case(nil)
	drain(t, app)
	backAndForth := func() string {
		r := app.Find(desk.Cases, c.Id)
		status, since := r.GetString("status"), r.GetString("status_since")
		app.Clock.Advance(time.Hour)
		app.Put(r, desktest.Values{"status": desk.OnHold})
		if got := app.Find(desk.Cases, c.Id).GetString("nudged_at"); got != "" {
			t.Errorf("put off, it is reminded at %q", got)
		}
		app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"status": status, "status_since": since})
		return app.Find(desk.Cases, c.Id).GetString("nudged_at")
	}
	if got := backAndForth(); got != "" {
		t.Errorf("the acknowledgement reminded at %q", got)
	}
	written := desk.Date(app.Clock.Now()).String()
	err := app.Commit.Do(func(tx core.App) error {
		l, err := app.Work.PrepareAutomatic(tx, c, "poke")
		if err == nil {
			_, _, err = l.Save(tx, c)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	if got := backAndForth(); got != written {
		t.Errorf("reminded at %q, want %q", got, written)
	}
}
