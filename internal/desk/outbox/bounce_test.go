package outbox_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

func identity(app *desktest.App, value string) *core.Record {
	return app.One(desk.Identities, desktest.Values{"value": value})
}

// Once the server says that nobody is there, no automatic mail goes to the
// address; staff may still try.
func TestUndeliverable(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 550, Enhanced: [3]int{5, 1, 1}, Text: "no such user"}}})
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	other := app.Case(desktest.Values{"subject": "One more"}) // queued before the first comes back
	app.Clock.Advance(time.Minute)
	app.Put(app.Find(desk.Outbox, app.Delivery(other.Id, "ack").Id), desktest.Values{"next_attempt": desk.Date(app.Clock.Now().Add(time.Second))})
	drain(t, app)
	is(t, app, app.Delivery(c.Id, "ack"), desk.Bounced, desk.DeliveryBounced, "bounced")
	if s := identity(app, "anna@example.com").GetString("state"); s != desk.StateUndeliverable {
		t.Errorf("the address is %s", s)
	}
	after := app.Find(desk.Cases, c.Id)
	if !after.GetDateTime("follow_up_at").Time().Equal(app.Clock.Now()) || after.GetString("follow_up_note") == "" {
		t.Errorf("no task: %v %q", after.GetDateTime("follow_up_at"), after.GetString("follow_up_note"))
	}
	srv.Always(mailtest.Fault{})
	app.Clock.Advance(time.Minute)
	begun := srv.Begun()
	drain(t, app)
	is(t, app, app.Delivery(other.Id, "ack"), desk.Failed, desk.DeliveryFailed, "send_failed")
	third := app.Case(desktest.Values{"subject": "And again"})
	if !slices.Contains(app.Kinds(third.Id), "ack_skipped") || srv.Begun() != begun {
		t.Errorf("automatic mail to a dead address: %v, %d mails", app.Kinds(third.Id), srv.Begun()-begun)
	}

	// by hand, both ways
	app.Reply(third, agent, nil)
	if err := app.Outbox.Retry(app.Delivery(c.Id, "ack").Id, agent); err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	is(t, app, app.Delivery(third.Id, "reply"), desk.Sent, desk.DeliverySent, "sent")
	is(t, app, app.Delivery(c.Id, "ack"), desk.Sent, desk.DeliverySent, "sent")
	if s := identity(app, "anna@example.com").GetString("state"); s != desk.StateUndeliverable {
		t.Errorf("a mail that was taken made the address %s", s)
	}
}

// A refusal for another reason says nothing of the address.
func TestRefusedByPolicy(t *testing.T) {
	for _, enhanced := range [][3]int{{5, 7, 1}, {5, 2, 2}, {}} {
		app, _ := newApp(t, mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 550, Enhanced: enhanced, Text: "user unknown, perhaps"}}})
		c := app.Case(nil)
		drain(t, app)
		is(t, app, app.Delivery(c.Id, "ack"), desk.Failed, desk.DeliveryFailed, "send_failed")
		if s := identity(app, "anna@example.com").GetString("state"); s != desk.StateClaimed {
			t.Errorf("%v: the address is %s", enhanced, s)
		}
	}
}

func TestNoticeBounces(t *testing.T) {
	app, _ := newApp(t, mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 550, Enhanced: [3]int{5, 1, 1}}}})
	d := notice(t, app, nil)
	drain(t, app)
	stands(t, app, d, desk.Bounced, "bounced")
}

// The worker sleeps until the next mail is due, and no longer.
func TestUntilNext(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	app.Choose(desktest.Values{"ack_enabled": false})
	agent := app.Agent(desk.RoleAgent, "")
	if d := app.Outbox.UntilNext(); d != 15*time.Second {
		t.Errorf("nothing to do: %v", d)
	}
	c := app.Case(nil)
	app.Reply(c, agent, desktest.Values{"undo": 10 * time.Second})
	if d := app.Outbox.UntilNext(); d != 10*time.Second {
		t.Errorf("due in ten seconds: %v", d)
	}
	app.Clock.Advance(9 * time.Second)
	if n := drain(t, app); n != 0 {
		t.Fatal("sent before its time")
	}
	app.Clock.Advance(990 * time.Millisecond)
	if d := app.Outbox.UntilNext(); d != 20*time.Millisecond {
		t.Errorf("due at once: %v", d)
	}
	app.NoSMTP()
	if d := app.Outbox.UntilNext(); d != 15*time.Second {
		t.Errorf("without a server: %v", d)
	}
	app.UseSMTP(srv)
	app.Clock.Advance(10 * time.Millisecond)
	app.Outbox.Start()
	defer app.Outbox.Stop()
	if _, err := srv.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
}

// pigeon carries a kind of its own.
type pigeon struct {
	on   bool
	err  error
	sent []string
}

func (p *pigeon) On(core.App) bool                       { return p.on }
func (p *pigeon) Fix(_ core.App, l *outbox.Letter) error { l.Payload.Text = "coo"; return nil }
func (p *pigeon) Send(_ context.Context, l *outbox.Letter) error {
	p.sent = append(p.sent, l.Payload.Text+" "+l.Delivery.Recipient())
	l.Reply = "landed"
	return p.err
}

// Another kind of delivery has its own carrier; each is held by itself.
func TestCarriers(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	p := &pigeon{}
	app.Outbox.Carry(desk.BySMS, p)
	c := app.Case(nil)
	app.Reply(c, app.Agent(desk.RoleAgent, ""), nil)
	d := app.Delivery(c.Id, "reply")
	app.Put(app.Find(desk.Outbox, d.Id), desktest.Values{"kind": desk.BySMS, "recipient": "+886912345678"})
	drain(t, app)
	is(t, app, d, desk.Held, desk.DeliveryHeld, "sent") // the acknowledgement's
	if len(srv.Mails()) != 1 || len(p.sent) != 0 {
		t.Fatalf("%d mails, %v", len(srv.Mails()), p.sent)
	}
	p.on = true
	app.NoSMTP()
	if err := app.Outbox.Release(); err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
	if len(p.sent) != 1 || p.sent[0] != "coo +886912345678" || app.Find(desk.Messages, d.Message()).GetString("delivery_note") != "landed" {
		t.Errorf("%v", p.sent)
	}
}
