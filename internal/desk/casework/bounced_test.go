package casework_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// sentReply is a case without acknowledgement, with an answer that was sent.
func sentReply(t *testing.T, app *desktest.App, v desktest.Values) (*desk.Case, *desk.Delivery, *desk.Message) {
	t.Helper()
	app.Choose(desktest.Values{"ack_enabled": false})
	c := app.Case(nil)
	m := app.Reply(c, app.Agent(desk.RoleAgent, ""), v)
	d := app.Delivery(c.Id, "reply")
	app.Put(d.Record, desktest.Values{"status": desk.Sent, "next_attempt": ""})
	app.Put(m.Record, desktest.Values{"delivery": desk.DeliverySent, "delivery_note": "250 queued"})
	return c, d, m
}

func bounced(t *testing.T, app *desktest.App, b casework.Bounced) {
	t.Helper()
	if err := app.Commit.Do(func(tx core.App) error { return app.Work.Bounced(tx, b) }); err != nil {
		t.Fatal(err)
	}
}

func stateOf(app *desktest.App, addr string) string {
	return app.One(desk.Identities, desktest.Values{"value": addr}).GetString("state")
}

func TestBouncedHard(t *testing.T) {
	for locale, words := range map[string]string{"en": "Phone or text", "zh-TW": "電話或簡訊", "zh-CN": "电话或短信", "ja": "電話かSMS", "": "Phone or text"} {
		t.Run(locale, func(t *testing.T) {
			app := desktest.New(t)
			app.Choose(desktest.Values{"locale": locale})
			c, d, m := sentReply(t, app, desktest.Values{"status": desk.Resolved})
			app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"follow_up_note": "ask the warehouse"})
			for range 2 { // a report may come twice
				bounced(t, app, casework.Bounced{Delivery: d, Message: m, Address: "inner@forward.example", Hard: true, Why: "550 5.1.1 no such user"})
			}
			after, now := app.Find(desk.Cases, c.Id), desk.AsMessage(app.Find(desk.Messages, m.Id))
			note := after.GetString("follow_up_note")
			if !strings.Contains(note, words) || !strings.Contains(note, "anna@example.com") || !strings.HasSuffix(note, "ask the warehouse") || strings.Count(note, words) != 1 {
				t.Errorf("note %q", note)
			}
			if !after.GetDateTime("follow_up_at").Time().Equal(app.Clock.Now()) || after.GetString("status") != desk.Open || after.GetDateTime("due_at").IsZero() {
				t.Errorf("follow up at %v, status %s", after.GetDateTime("follow_up_at"), after.GetString("status"))
			}
			if now.Delivery() != desk.DeliveryBounced || !strings.Contains(now.GetString("delivery_note"), "no such user") || app.Find(desk.Outbox, d.Id).GetString("status") != desk.Bounced {
				t.Errorf("message %s (%s), delivery %s", now.Delivery(), now.GetString("delivery_note"), app.Find(desk.Outbox, d.Id).GetString("status"))
			}
			if stateOf(app, "anna@example.com") != desk.StateUndeliverable {
				t.Error("the address counts as good")
			}
			if got := app.Event(c.Id, "bounced"); got["hard"] != true || got["task"] != true || got["message"] != m.Id || got["address"] != "anna@example.com" {
				t.Errorf("event %v", got)
			}
			if n := len(slices.DeleteFunc(app.Kinds(c.Id), func(k string) bool { return k != "bounced" })); n != 1 {
				t.Errorf("%d events", n)
			}
		})
	}
}

func TestBouncedSoft(t *testing.T) {
	app := desktest.New(t)
	c, d, m := sentReply(t, app, nil)
	for range 2 {
		bounced(t, app, casework.Bounced{Delivery: d, Message: m, Address: "anna@example.com", Why: "452 4.2.2 mailbox full"})
	}
	now := desk.AsMessage(app.Find(desk.Messages, m.Id))
	if now.Delivery() != desk.DeliverySent || now.GetString("delivery_note") != "250 queued; came back: 452 4.2.2 mailbox full" {
		t.Errorf("%s: %s", now.Delivery(), now.GetString("delivery_note"))
	}
	if stateOf(app, "anna@example.com") != desk.StateClaimed || !app.Find(desk.Cases, c.Id).GetDateTime("follow_up_at").IsZero() {
		t.Error("a full mailbox counts as a dead one")
	}
	if n := len(app.All(desk.Events, desktest.Values{"case": c.Id, "kind": "bounced"})); n != 1 {
		t.Errorf("%d events", n)
	}
}

// The visitor has his mail; somebody who got a copy has not.
func TestBouncedCopy(t *testing.T) {
	app := desktest.New(t)
	c, d, m := sentReply(t, app, desktest.Values{"bcc": []string{"gone@example.org"}})
	bounced(t, app, casework.Bounced{Delivery: d, Message: m, Address: "Gone@example.org", Hard: true, Why: "no such user"})
	now := desk.AsMessage(app.Find(desk.Messages, m.Id))
	if now.Delivery() != desk.DeliverySent || !strings.Contains(now.GetString("delivery_note"), "the copy to Gone@example.org came back") {
		t.Errorf("%s: %s", now.Delivery(), now.GetString("delivery_note"))
	}
	if stateOf(app, "anna@example.com") != desk.StateClaimed || !app.Find(desk.Cases, c.Id).GetDateTime("follow_up_at").IsZero() {
		t.Error("the visitor's own address counts as dead")
	}
}

// Staff are sending it once more already, perhaps after a correction.
func TestBouncedWhileSentAgain(t *testing.T) {
	app := desktest.New(t)
	_, d, m := sentReply(t, app, nil)
	d.Retry(app.Clock.Now())
	app.Put(d.Record, nil)
	bounced(t, app, casework.Bounced{Delivery: d, Message: m, Hard: true, Why: "no such user"})
	if got := app.Find(desk.Outbox, d.Id).GetString("status"); got != desk.Queued {
		t.Errorf("delivery %s", got)
	}
}

func TestBouncedWithoutDelivery(t *testing.T) {
	app := desktest.New(t)
	c, _, m := sentReply(t, app, nil)
	bounced(t, app, casework.Bounced{Message: m, Address: "anna@example.com", Hard: true, Why: "no such user"})
	if got := desk.AsMessage(app.Find(desk.Messages, m.Id)).Delivery(); got != desk.DeliveryBounced || app.Find(desk.Cases, c.Id).GetDateTime("follow_up_at").IsZero() {
		t.Errorf("message %s", got)
	}
	bounced(t, app, casework.Bounced{}) // nothing is known of it
}

// A receipt that comes back doesn't open again what is settled.
func TestBouncedReceipt(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"status": desk.Closed})
	d := app.Delivery(c.Id, "ack")
	app.Put(d.Record, desktest.Values{"status": desk.Sent})
	m := desk.AsMessage(app.Put(app.Find(desk.Messages, d.Message()), desktest.Values{"delivery": desk.DeliverySent}))
	bounced(t, app, casework.Bounced{Delivery: d, Message: m, Hard: true, Why: "no such user"})
	if got := app.Find(desk.Cases, c.Id).GetString("status"); got != desk.Closed {
		t.Errorf("status %s", got)
	}
	if desk.AsMessage(app.Find(desk.Messages, m.Id)).Delivery() != desk.DeliveryBounced {
		t.Error("the message looks sent")
	}
}
