package casework

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// recipient is where a mail goes, or a text: addr is a number then.
type recipient struct{ addr, name string }

// posting is how a message leaves.
type posting struct {
	to   recipient
	by   string        // desk.ByMail or desk.BySMS
	kind string        // reply or ack
	wait time.Duration // before it leaves, in which it may be taken back
	undo *desk.Undo    // nil where it may not
}

// queue saves an outgoing message with its delivery. The mail's identity is
// fixed here; while no mail server, or no gateway, is set up it is held.
func queue(tx core.App, c *desk.Case, m *desk.Message, post posting) error {
	m.Set("undo_until", "")
	if post.undo != nil {
		m.Set("undo_until", desk.Date(desk.Now(tx).Add(post.wait)))
	}
	m.Set("delivery", desk.DeliveryQueued)
	if !desk.CarrierOn(tx, post.by) {
		m.Set("delivery", desk.DeliveryHeld)
	}
	if err := desk.Save(tx, m.Record); err != nil {
		return err
	}
	p := desk.Payload{
		Kind: post.kind, Token: c.GetString("mail_token"), Nonce: nonce(),
		ToName: post.to.name, Locale: c.Locale(), Undo: post.undo,
	}
	newDelivery := desk.NewDelivery
	if post.by == desk.BySMS {
		newDelivery = desk.NewText
	}
	d, err := newDelivery(tx, m.Id, post.to.addr, p)
	if err != nil {
		return err
	}
	if post.wait > 0 && d.Status() == desk.Queued {
		d.Retry(desk.Now(tx).Add(post.wait))
	}
	return desk.Save(tx, d.Record)
}

// nonce keeps the Message-IDs of mails apart; letters only, see mail.Ref.
func nonce() string { return security.RandomStringWithAlphabet(12, "abcdefghijkmnpqrstuvwxyz") }
