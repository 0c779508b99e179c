package outbox_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// queueAcks queues acknowledgements to n mailboxes of one domain.
func queueAcks(t *testing.T, app *desktest.App, c *desk.Case, n int) {
	t.Helper()
	err := app.Commit.Do(func(tx core.App) error {
		for i := range n {
			m, err := desk.NewMessage(tx, c.Id)
			if err != nil {
				return err
			}
			m.Set("direction", desk.Out)
			m.Set("channel", desk.ChannelSystem)
			m.Set("subject", "We have your message")
			m.Set("body", "It arrived.")
			m.Set("delivery", desk.DeliveryQueued)
			if err := desk.Save(tx, m.Record); err != nil {
				return err
			}
			d, err := desk.NewDelivery(tx, m.Id, fmt.Sprintf("visitor%d@crowd.example", i), desk.Payload{
				Kind: "ack", Token: c.GetString("mail_token"), Nonce: fmt.Sprintf("n%d", i), Locale: "en",
			})
			if err != nil {
				return err
			}
			if err := desk.Save(tx, d.Record); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCapOfAutomaticMail(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{})
	app.Choose(desktest.Values{"ack_enabled": false})
	c := app.Case(nil)
	queueAcks(t, app, c, 600)
	app.Reply(c, app.Agent(desk.RoleAgent, ""), nil)

	if n := drain(t, app); n != 501 {
		t.Errorf("%d mails in the first hour, want the domain's 500 and the answer behind them", n)
	}
	is(t, app, app.Delivery(c.Id, "reply"), desk.Sent, desk.DeliverySent, "sent")
	for range 7 { // the window slides in steps
		app.Clock.Advance(10 * time.Minute)
		drain(t, app)
	}
	if n := len(srv.Mails()); n != 601 {
		t.Errorf("%d of 601 mails after the hour: those that wait keep the cap full", n)
	}
}
