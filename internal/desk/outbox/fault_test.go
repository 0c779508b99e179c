package outbox_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

func TestTriesByTheTable(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 450, Text: "greylisted"}}})
	c := app.Case(nil)
	d := app.Delivery(c.Id, "ack")
	start := app.Clock.Now()
	var waits []time.Duration
	for {
		if n := drain(t, app); n != 1 {
			t.Fatalf("%d tries after %v", n, app.Clock.Now().Sub(start))
		}
		r := desk.AsDelivery(app.Find(desk.Outbox, d.Id))
		if r.Status() == desk.Failed {
			break
		}
		is(t, app, d, desk.Queued, desk.DeliveryQueued, "acknowledged")
		if !strings.Contains(r.GetString("last_error"), "greylisted") {
			t.Fatalf("last error %q", r.GetString("last_error"))
		}
		wait := r.GetDateTime("next_attempt").Time().Sub(app.Clock.Now())
		waits = append(waits, wait)
		app.Clock.Advance(wait - time.Second)
		if n := drain(t, app); n != 0 {
			t.Fatalf("tried again before its time, after %v", app.Clock.Now().Sub(start))
		}
		app.Clock.Advance(time.Second)
	}
	for i, want := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, time.Hour} {
		if waits[i] != want {
			t.Errorf("wait %d is %v, want %v", i+1, waits[i], want)
		}
	}
	if total := app.Clock.Now().Sub(start); total < 46*time.Hour || total > 48*time.Hour {
		t.Errorf("gave up after %v", total)
	}
	is(t, app, d, desk.Failed, desk.DeliveryFailed, "send_failed")

	// staff send it again
	srv.Always(mailtest.Fault{})
	if err := app.Outbox.Retry(d.Id, app.Agent(desk.RoleAgent, "")); err != nil {
		t.Fatal(err)
	}
	is(t, app, d, desk.Queued, desk.DeliveryQueued, "resent")
	drain(t, app)
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
}

func TestOldestCountsFromTheStart(t *testing.T) {
	app, _ := newApp(t, mailtest.Script{Fault: mailtest.Fault{Mail: mailtest.Reply{Code: 451}}})
	app.Case(nil)
	drain(t, app)
	app.Clock.Advance(time.Hour)
	drain(t, app)
	s, err := outbox.Look(app)
	if err != nil || s.Queued != 1 || s.OldestSeconds != 3600 {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestRefusedForGood(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 550, Enhanced: [3]int{5, 1, 1}, Text: "no such user"}}})
	c := app.Case(nil)
	d := app.Delivery(c.Id, "ack")
	drain(t, app)
	is(t, app, d, desk.Bounced, desk.DeliveryBounced, "bounced")
	m := app.Find(desk.Messages, d.Message())
	reason, _ := app.Event(c.Id, "bounced")["reason"].(string)
	for what, s := range map[string]string{
		"message": m.GetString("delivery_note"), "delivery": app.Find(desk.Outbox, d.Id).GetString("last_error"), "event": reason,
	} {
		if !strings.Contains(s, "550 5.1.1 no such user") {
			t.Errorf("the %s says %q", what, s)
		}
	}
	app.Clock.Advance(72 * time.Hour)
	if drain(t, app) != 0 || srv.Begun() != 1 {
		t.Error("tried again by itself")
	}

	// a changed sender counts for the next try; the Message-ID stays
	before := desk.AsMessage(m).MessageID()
	app.Choose(desktest.Values{"reply_from": "help@shop.example"})
	srv.Always(mailtest.Fault{})
	agent := app.Agent(desk.RoleAgent, "")
	if err := app.Outbox.Retry(d.Id, agent); err != nil {
		t.Fatal(err)
	}
	if err := app.Outbox.Retry(d.Id, agent); !errors.Is(err, outbox.ErrNotStuck) {
		t.Errorf("a second retry: %v", err)
	}
	drain(t, app)
	l := only(t, srv)
	if l.header("Message-ID") != before || !strings.Contains(l.header("From"), "help@shop.example") {
		t.Errorf("Message-ID %q, From %q", l.header("Message-ID"), l.header("From"))
	}
	if err := app.Outbox.Retry(d.Id, agent); !errors.Is(err, outbox.ErrNotStuck) {
		t.Errorf("retry of a sent mail: %v", err)
	}
}

func TestNullSenderRefused(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{NullSender: mailtest.Reply{Code: 550, Enhanced: [3]int{5, 7, 1}, Text: "no null sender here"}}})
	first := app.Case(nil)
	drain(t, app)
	is(t, app, app.Delivery(first.Id, "ack"), desk.Sent, desk.DeliverySent, "sent")
	want := mail.Signer{Key: desk.Key(app, "message-id")}.ReturnPath("desk@shop.example", app.Delivery(first.Id, "ack").Id)
	if only(t, srv).envelope.From != want || srv.Begun() != 2 {
		t.Errorf("sent from <%s>, want <%s>; %d mails begun", only(t, srv).envelope.From, want, srv.Begun())
	}
	second := app.Case(desktest.Values{"email": "ben@example.com"})
	drain(t, app)
	is(t, app, app.Delivery(second.Id, "ack"), desk.Sent, desk.DeliverySent, "sent")
	if srv.Begun() != 3 {
		t.Error("the refusal was not remembered")
	}
}

// A server that refuses both senders must not be asked for ever.
func TestBothSendersRefused(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Mail: mailtest.Reply{Code: 550, Text: "go away"}}})
	c := app.Case(nil)
	drain(t, app)
	is(t, app, app.Delivery(c.Id, "ack"), desk.Failed, desk.DeliveryFailed, "send_failed")
	if srv.Begun() != 2 {
		t.Errorf("%d mails begun", srv.Begun())
	}
}

func TestCutAfterData(t *testing.T) {
	for name, drop := range map[string]mailtest.Drop{"taken": mailtest.DropStored, "lost": mailtest.DropLost} {
		t.Run(name, func(t *testing.T) {
			app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Drop: drop}})
			c := app.Case(nil)
			d := app.Delivery(c.Id, "ack")
			if n := drain(t, app); n != 2 || srv.Begun() != 2 {
				t.Fatalf("%d tries, %d begun, want one more try", n, srv.Begun())
			}
			is(t, app, d, desk.Unknown, desk.DeliveryFailed, "send_unknown")
			all := arrived(t, srv)
			if drop == mailtest.DropStored && (len(all) != 2 || ids(all)[0] != ids(all)[1]) {
				t.Errorf("Message-IDs %v", ids(all))
			}
			app.Clock.Advance(72 * time.Hour)
			if drain(t, app) != 0 {
				t.Error("tried a third time by itself")
			}
			s, err := outbox.Look(app)
			if err != nil || s.Unknown != 1 {
				t.Errorf("not flagged: %+v, %v", s, err)
			}
			srv.Always(mailtest.Fault{})
			if err := app.Outbox.Retry(d.Id, app.Agent(desk.RoleAgent, "")); err != nil {
				t.Fatal(err)
			}
			drain(t, app)
			is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
			all = arrived(t, srv)
			if want := app.Find(desk.Messages, d.Message()).GetString("message_id"); ids(all)[len(all)-1] != want {
				t.Errorf("Message-ID %q, want %q", ids(all)[len(all)-1], want)
			}
		})
	}
}

func TestCutAfterDataThenTaken(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	srv.Next(1, mailtest.Fault{Drop: mailtest.DropLost})
	c := app.Case(nil)
	drain(t, app)
	is(t, app, app.Delivery(c.Id, "ack"), desk.Sent, desk.DeliverySent, "sent")
	if r := app.Find(desk.Outbox, app.Delivery(c.Id, "ack").Id); r.GetString("last_error") != "" {
		t.Errorf("a sent mail bears an error: %q", r.GetString("last_error"))
	}
	only(t, srv)
}

// The process ended while a mail was on its way; a new worker finds it.
func TestRecover(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Hang: mailtest.HangStored}})
	c := app.Case(nil)
	d := app.Delivery(c.Id, "ack")
	done := make(chan struct{})
	go func() { defer close(done); app.Outbox.Drain(context.Background()) }()
	if err := srv.WaitHung(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	is(t, app, d, desk.Sending, desk.DeliveryQueued, "acknowledged")
	lost := desk.AsMessage(app.Find(desk.Messages, d.Message())).MessageID()

	next := mailtest.NewServer(t, mailtest.Script{})
	again := app.AfterCrash()
	again.UseSMTP(next)
	if err := again.Outbox.Recover(); err != nil {
		t.Fatal(err)
	}
	is(t, again, d, desk.Unknown, desk.DeliveryQueued, "send_unknown")
	drain(t, again)
	is(t, again, d, desk.Sent, desk.DeliverySent, "sent")
	if id := only(t, next).header("Message-ID"); id != lost {
		t.Errorf("Message-ID %q, want %q", id, lost)
	}

	// after a second crash staff decide
	again.Put(again.Find(desk.Outbox, d.Id), desktest.Values{"status": desk.Sending})
	if err := again.Outbox.Recover(); err != nil {
		t.Fatal(err)
	}
	is(t, again, d, desk.Unknown, desk.DeliveryFailed, "send_unknown")
	if drain(t, again) != 0 {
		t.Error("tried a third time by itself")
	}
	srv.Close()
	<-done
}

func TestStopBreaksOff(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Hang: mailtest.HangRcpt}})
	c := app.Case(nil)
	app.Outbox.Start()
	if err := srv.WaitHung(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	app.Outbox.Stop()
	is(t, app, app.Delivery(c.Id, "ack"), desk.Queued, desk.DeliveryQueued, "acknowledged")
	srv.Always(mailtest.Fault{})
	app.Clock.Advance(time.Minute)
	app.Outbox.Start()
	defer app.Outbox.Stop()
	if _, err := srv.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
}

func TestErasedWhileQueued(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	app.Case(nil)
	if _, err := privacy.Erase(app, "anna@example.com"); err != nil {
		t.Fatal(err)
	}
	if drain(t, app) != 0 || srv.Begun() != 0 {
		t.Error("mail went to somebody who was erased")
	}
}

// Nothing of a person comes back when a mail that was on its way is settled.
func TestErasedWhileSending(t *testing.T) {
	for name, hang := range map[string]mailtest.Hang{"not taken": mailtest.HangRcpt, "perhaps taken": mailtest.HangStored} {
		t.Run(name, func(t *testing.T) {
			app, srv := newApp(t, mailtest.Script{Fault: mailtest.Fault{Hang: hang}})
			c := app.Case(nil)
			done := make(chan error, 1)
			go func() { _, err := app.Outbox.Drain(t.Context()); done <- err }()
			if err := srv.WaitHung(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			if _, err := privacy.Erase(app, "anna@example.com"); err != nil {
				t.Fatal(err)
			}
			srv.Close()
			if err := <-done; err != nil {
				t.Error(err)
			}
			if n := len(app.All(desk.Outbox, nil)) + len(app.All(desk.Messages, nil)); n != 0 {
				t.Errorf("%d rows came back", n)
			}
			if kinds := app.Kinds(c.Id); len(kinds) != 1 || kinds[0] != "erased" {
				t.Errorf("events %v", kinds)
			}
		})
	}
}

func TestOneRowNeverStopsTheRest(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	bad := app.Case(nil)
	_, err := app.NonconcurrentDB().NewQuery("UPDATE {{outbox}} SET [[payload]] = 'no json' WHERE [[id]] = {:id}").
		Bind(map[string]any{"id": app.Delivery(bad.Id, "ack").Id}).Execute()
	if err == nil {
		app.Case(desktest.Values{"email": "ben@example.com"})
		_, err = app.Outbox.Drain(t.Context())
	}
	if err != nil || len(srv.Mails()) != 1 {
		t.Errorf("%d mails, %v", len(srv.Mails()), err)
	}
	if s, err := outbox.Look(app); err != nil || s.Failed != 1 {
		t.Errorf("the broken row is not shown: %+v, %v", s, err)
	}
}

func TestTwoWorkersSendOnce(t *testing.T) {
	app, srv := desktest.New(t), mailtest.NewServer(t, mailtest.Script{})
	const n = 60
	agent := app.Agent(desk.RoleAgent, "")
	app.Choose(desktest.Values{"ack_enabled": false})
	c := app.Case(nil)
	for range n {
		app.Reply(c, agent, nil)
	}
	app.UseSMTP(srv)
	other := outbox.New(app, app.Commit, "/support")
	var wg sync.WaitGroup
	for _, w := range []*outbox.Worker{app.Outbox, other, app.Outbox, other} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err := w.Drain(t.Context())
			if err := errors.Join(err, w.Release()); err != nil {
				t.Error(err)
			}
			if _, err := w.Drain(t.Context()); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	drain(t, app)
	seen := map[string]bool{}
	for _, id := range ids(arrived(t, srv)) {
		if seen[id] {
			t.Errorf("%s was sent twice", id)
		}
		seen[id] = true
	}
	if len(seen) != n {
		t.Errorf("%d of %d arrived", len(seen), n)
	}
}

// gated is an app whose transactions wait at a gate.
type gated struct {
	core.App
	at, open chan struct{}
}

func (g gated) RunInTransaction(f func(core.App) error) error {
	g.at <- struct{}{}
	<-g.open
	return g.App.RunInTransaction(f)
}

// Two releases come when the settings are saved twice. The slower one has read
// the held mails before the other one's were sent.
func TestSlowReleaseSendsNothingAgain(t *testing.T) {
	app, srv := desktest.New(t), mailtest.NewServer(t, mailtest.Script{})
	app.Case(nil)
	app.UseSMTP(srv)
	gate := gated{app, make(chan struct{}), make(chan struct{})}
	slow := outbox.New(app, desk.NewCommitter(gate), "/support")
	done := make(chan error, 1)
	go func() { done <- slow.Release() }()
	<-gate.at
	if err := app.Outbox.Release(); err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	close(gate.open)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	only(t, srv)
}
