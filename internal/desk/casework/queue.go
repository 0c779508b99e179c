package casework

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// recipient is where a mail goes.
type recipient struct{ addr, name string }

// queue saves an outgoing message with its delivery. The mail's identity is
// fixed here; while no mail server is set up it is held.
func queue(tx core.App, c *desk.Case, m *desk.Message, to recipient, kind string) error {
	m.Set("delivery", desk.DeliveryQueued)
	if !desk.MailOn(tx) {
		m.Set("delivery", desk.DeliveryHeld)
	}
	if err := desk.Save(tx, m.Record); err != nil {
		return err
	}
	p := desk.Payload{
		Kind: kind, Token: c.GetString("mail_token"), Nonce: nonce(),
		ToName: to.name, Locale: c.Locale(),
	}
	d, err := desk.NewDelivery(tx, m.Id, to.addr, p)
	if err != nil {
		return err
	}
	return desk.Save(tx, d.Record)
}

// nonce keeps the Message-IDs of mails apart; letters only, see mail.Ref.
func nonce() string { return security.RandomStringWithAlphabet(12, "abcdefghijkmnpqrstuvwxyz") }
