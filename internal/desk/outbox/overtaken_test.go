package outbox_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// underway is the one answer of an app, marked as being sent.
func underway(t *testing.T, v desktest.Values) (*desktest.App, *desk.Delivery, *outbox.Letter) {
	t.Helper()
	app, _, _, d := answered(t, mailtest.Script{}, v)
	letters, err := app.Outbox.Claim()
	if err != nil || len(letters) != 1 {
		t.Fatalf("%d letters, %v", len(letters), err)
	}
	return app, d, letters[0]
}

// A server may send its report of a mail before it answers, or the connection
// breaks off after it took the mail.
func TestBouncesBeforeItIsSettled(t *testing.T) {
	for name, tried := range map[string]error{"taken": nil, "cut off": &mail.SendError{Stage: mail.StageDone}} {
		app, d, l := underway(t, nil)
		err := app.Commit.Do(func(tx core.App) error {
			return app.Work.Bounced(tx, casework.Bounced{Delivery: d, Message: l.Message, Hard: true, Why: "no such user"})
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := app.Commit.Do(func(tx core.App) error { return app.Outbox.Settle(tx, l, tried) }); err != nil {
			t.Fatal(err)
		}
		is(t, app, d, desk.Bounced, desk.DeliveryBounced, "bounced")
		if n := drain(t, app); n != 0 {
			t.Errorf("%s: sent once more", name)
		}
	}
}

// What others note on a message while it is on its way stays.
func TestSettleKeepsWhatOthersNoted(t *testing.T) {
	app, d, l := underway(t, nil)
	read := desk.Date(app.Clock.Now())
	app.Put(app.Find(desk.Messages, d.Message()), desktest.Values{"read_at": read})
	if err := app.Commit.Do(func(tx core.App) error { return app.Outbox.Settle(tx, l, nil) }); err != nil {
		t.Fatal(err)
	}
	is(t, app, d, desk.Sent, desk.DeliverySent, "sent")
	if got := app.Find(desk.Messages, d.Message()).GetDateTime("read_at"); !got.Equal(read) {
		t.Errorf("read at %v, want %v", got, read)
	}
}

// The writes that share a commit may be rolled back for another's fault, and run again.
func TestSettleAgain(t *testing.T) {
	cut := &mail.SendError{Stage: mail.StageDone}
	app, d, l := underway(t, nil)
	settle := func() {
		t.Helper()
		other := errors.New("somebody else's fault")
		err := app.RunInTransaction(func(tx core.App) error { return errors.Join(app.Outbox.Settle(tx, l, cut), other) })
		if !errors.Is(err, other) {
			t.Fatal(err)
		}
		if err := app.Commit.Do(func(tx core.App) error { return app.Outbox.SettleAgain(tx, l) }); err != nil {
			t.Fatal(err)
		}
	}
	settle()
	app.Clock.Advance(time.Second)
	letters, err := app.Outbox.Claim()
	if err != nil || len(letters) != 1 {
		t.Fatalf("%d letters for the second try, %v", len(letters), err)
	}
	l = letters[0]
	settle()
	is(t, app, d, desk.Unknown, desk.DeliveryFailed, "send_unknown")
}

// A mail that came back is sent again to its recipient: who got a copy has it.
func TestResentWithoutCopies(t *testing.T) {
	app, srv, c, d := answered(t, mailtest.Script{}, desktest.Values{"cc": []string{"store@example.org"}, "bcc": []string{"boss@example.org"}})
	drain(t, app)
	err := app.Commit.Do(func(tx core.App) error {
		now := desk.AsDelivery(app.Find(desk.Outbox, d.Id))
		m := desk.AsMessage(app.Find(desk.Messages, d.Message()))
		return app.Work.Bounced(tx, casework.Bounced{Delivery: now, Message: m, Hard: true, Why: "no such user"})
	})
	if err != nil {
		t.Fatal(err)
	}
	is(t, app, d, desk.Bounced, desk.DeliveryBounced, "bounced")
	if err := app.Outbox.Retry(d.Id, app.Agent(desk.RoleAgent, "")); err != nil {
		t.Fatal(err)
	}
	drain(t, app)
	mails := srv.Mails()
	if len(mails) != 2 || len(mails[0].To) != 3 || !slices.Equal(mails[1].To, []string{"anna@example.com"}) {
		t.Fatalf("sent to %v", mails)
	}
	if kinds := app.Kinds(c.Id); kinds[len(kinds)-1] != "sent" {
		t.Errorf("events %v", kinds)
	}
}
