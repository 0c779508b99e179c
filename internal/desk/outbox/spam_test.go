package outbox_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// The case is marked as spam while its mail is being sent, and that fails: it is
// not tried again, until the mark is taken back.
func TestMarkedWhileSending(t *testing.T) {
	for name, hang := range map[string]mailtest.Hang{"not taken": mailtest.HangRcpt, "perhaps taken": mailtest.HangStored} {
		t.Run(name, func(t *testing.T) {
			app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Hang: hang}})
			agent := app.Agent(desk.RoleAgent, "")
			c := app.Case(nil)
			d := app.Delivery(c.Id, "ack")
			done := make(chan error, 1)
			go func() { _, err := app.Outbox.Drain(t.Context()); done <- err }()
			if err := srv.WaitHung(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			if err := app.Door.MarkSpam(app, c.Id, agent); err != nil {
				t.Fatal(err)
			}
			srv.Close()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			taker := mailtest.NewServer(t, mailtest.Script{})
			app.UseSMTP(taker)
			app.Clock.Advance(time.Hour)
			if n := drain(t, app); n != 0 || len(taker.Mails()) != 0 {
				t.Errorf("%d tries, %d mails to junk", n, len(taker.Mails()))
			}
			r, m := app.Find(desk.Outbox, d.Id), app.Find(desk.Messages, d.Message())
			if r.GetString("status") != desk.Cancelled || !r.GetDateTime("next_attempt").IsZero() ||
				m.GetString("delivery") != desk.DeliveryNone || m.GetString("delivery_note") != desk.NotSent {
				t.Errorf("delivery %s, message %s: %s", r.GetString("status"), m.GetString("delivery"), m.GetString("delivery_note"))
			}
			if err := app.Door.UnmarkSpam(app, c.Id, agent); err != nil {
				t.Fatal(err)
			}
			if n := drain(t, app); n != 1 || len(taker.Mails()) != 1 {
				t.Errorf("taken back: %d tries, %d mails", n, len(taker.Mails()))
			}
		})
	}
}

// The tag alone cancels nothing: nobody could take that back.
func TestTagByHand(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	c := app.Case(nil)
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"tags": []string{"spam"}})
	if drain(t, app); len(srv.Mails()) != 1 {
		t.Errorf("%d mails", len(srv.Mails()))
	}
}
