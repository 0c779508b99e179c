package noticing

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Message is what a person is told outside the Desk: one for all that happened
// since the last.
type Message struct {
	Key     string // the same message has the same: it must not be told twice
	Agent   *desk.Agent
	Locale  string // of the words: en, zh-TW or ja
	Subject string // one line
	Text    string // plain text, a case in two or three lines, with its address in the Desk
}

// Channel is a way to tell a person something who is not at the Desk.
type Channel interface {
	// On tells whether anything can go out by it now. What waits stays.
	On(app core.App) bool
	// Tell queues a message inside the transaction that notes that it was told. It
	// sends nothing by itself.
	Tell(tx core.App, m Message) error
}

// byMail tells by the outbox.
type byMail struct{}

var _ Channel = byMail{}

func (byMail) On(app core.App) bool { return desk.MailOn(app) }

func (byMail) Tell(tx core.App, m Message) error {
	d, err := desk.NewDigest(tx, m.Key, m.Agent.Email(), desk.Payload{
		Kind: desk.KindTold, Token: mail.NewToken(), Nonce: security.RandomStringWithAlphabet(12, "abcdefghijkmnpqrstuvwxyz"),
		ToName: m.Agent.Name(), Locale: m.Locale, Subject: m.Subject, Draft: m.Text,
	})
	if err != nil {
		return err
	}
	return desk.Save(tx, d.Record)
}
