package desk

import (
	"github.com/pocketbase/pocketbase/core"
)

// Where a mail came in.
const (
	FromIMAP    = "imap"
	FromWebhook = "webhook"
	FromImport  = "import"
)

// Statuses of a mail that came in.
const (
	MailReceived  = "received" // stored, and waits to be read
	MailDone      = "done"
	MailFailed    = "failed"    // could not be read; kept for a person to look at
	MailDuplicate = "duplicate" // came before, by another way
)

// Outcomes of a mail that was read.
const (
	MailCase        = "case"        // opened a case
	MailJoined      = "joined"      // stands on the case that it answers
	MailQuarantined = "quarantined" // waits for a decision
	MailBlocked     = "blocked"     // turned away by screening
	MailBounce      = "bounce"      // told that a mail of ours did not arrive
	MailAuto        = "auto"        // no person wrote it and it belongs to no case
	MailReceipt     = "receipt"     // told that a mail of ours was read
	MailIgnored     = "ignored"     // erased since, or nothing to do
)

// InboundMail is one mail as it came in, with what became of it.
type InboundMail struct{ core.BaseRecordProxy }

// AsInboundMail wraps a record of the inbound_mails collection.
func AsInboundMail(r *core.Record) *InboundMail {
	m := &InboundMail{}
	m.SetProxyRecord(r)
	return m
}

// NewInboundMail is a blank record of a mail.
func NewInboundMail(app core.App) (*InboundMail, error) {
	r, err := New(app, InboundMails)
	if err != nil {
		return nil, err
	}
	return AsInboundMail(r), nil
}

// FindInboundMail finds a mail by id.
func FindInboundMail(app core.App, id string) (*InboundMail, error) {
	r, err := app.FindRecordById(InboundMails, id)
	if err != nil {
		return nil, err
	}
	return AsInboundMail(r), nil
}

func (m *InboundMail) Mailbox() string   { return m.GetString("mailbox") }
func (m *InboundMail) Source() string    { return m.GetString("source") }
func (m *InboundMail) MessageID() string { return m.GetString("message_id") }
func (m *InboundMail) Raw() string       { return m.GetString("raw") }
func (m *InboundMail) Status() string    { return m.GetString("status") }
func (m *InboundMail) Outcome() string   { return m.GetString("outcome") }
func (m *InboundMail) Case() string      { return m.GetString("case") }
func (m *InboundMail) Feedback() string  { return m.GetString("feedback") }
func (m *InboundMail) Attempts() int     { return m.GetInt("attempts") }
func (m *InboundMail) Size() int         { return m.GetInt("size") }

// Quiet tells whether nobody gets an answer to it: it is old mail, imported.
func (m *InboundMail) Quiet() bool { return m.GetBool("quiet") }

// TakenKey is what no two mails have: a keyed digest of mailbox and Message-ID. It
// stays when the mailbox is deleted or the mail forgotten, and says nothing of them.
func TakenKey(app core.App, mailbox, id string) string {
	return SenderDigest(SenderKey(app), "taken", mailbox+" "+id)[:40]
}

// ForgottenID stands for a Message-ID once the mail was erased or its words
// were removed: it is known again should the server hand it out once more, and
// says nothing of its sender.
func ForgottenID(app core.App, id string) string {
	return "<" + SenderDigest(SenderKey(app), "message-id", id)[:40] + "@forgotten>"
}
