package desk

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Statuses of a delivery.
const (
	Queued  = "queued"
	Sending = "sending"
	Held    = "held"
	Sent    = "sent"
	Failed  = "failed"
	Unknown = "unknown"

	// Cancelled is what was not sent because nobody wants it any more: its case
	// turned out to be spam, or the address needs no confirmation now.
	Cancelled = "cancelled"
)

// Payload is what is fixed about a mail: identity when it is queued, text at the first try.
type Payload struct {
	Kind   string `json:"kind"` // ack, reply or confirm
	Token  string `json:"token"`
	Nonce  string `json:"nonce"`
	ToName string `json:"to_name,omitempty"`
	Locale string `json:"locale,omitempty"`
	Draft  string `json:"draft,omitempty"` // text with its marks, of a mail that no message stands for

	// set at the first try
	MessageID  string   `json:"message_id,omitempty"`
	From       string   `json:"from,omitempty"`
	FromName   string   `json:"from_name,omitempty"`
	ReplyTo    string   `json:"reply_to,omitempty"`
	Subject    string   `json:"subject,omitempty"`
	Text       string   `json:"text,omitempty"`
	Date       string   `json:"date,omitempty"` // RFC 3339
	InReplyTo  string   `json:"in_reply_to,omitempty"`
	References []string `json:"references,omitempty"`

	Doubt bool `json:"doubt,omitempty"` // a try broke after DATA: once more at most
}

// Automatic tells whether no person wrote the mail, so that nobody's program may
// answer it and caps hold for it.
func (p Payload) Automatic() bool { return p.Kind == KindAck || p.Kind == KindConfirm }

// Kinds of automatic mail.
const (
	KindAck     = "ack"
	KindConfirm = "confirm" // asks for a press on the button that confirms an address
)

// Delivery is one attempt-tracked thing to send, in the outbox.
type Delivery struct{ core.BaseRecordProxy }

// AsDelivery wraps a record of the outbox.
func AsDelivery(r *core.Record) *Delivery {
	d := &Delivery{}
	d.SetProxyRecord(r)
	return d
}

// NewDelivery is a mail to be queued.
func NewDelivery(app core.App, message, recipient string, p Payload) (*Delivery, error) {
	return newDelivery(app, recipient, p, map[string]any{"message": message, "dedupe_key": p.Kind + ":" + message})
}

// NewNotice is a mail about a submission that is no case yet. No message stands
// for it: its subject and text are in the payload.
func NewNotice(app core.App, feedback, recipient string, p Payload) (*Delivery, error) {
	return newDelivery(app, recipient, p, map[string]any{"feedback": feedback, "dedupe_key": p.Kind + ":" + feedback})
}

func newDelivery(app core.App, recipient string, p Payload, about map[string]any) (*Delivery, error) {
	r, err := New(app, Outbox)
	if err != nil {
		return nil, err
	}
	r.Load(about)
	r.Set("kind", "email")
	r.Set("recipient", recipient)
	r.Set("mailbox", MailboxDigest(app, recipient))
	r.Set("payload", p)
	d := AsDelivery(r)
	d.Retry(Now(app))
	if !MailOn(app) {
		d.Hold()
	}
	return d, nil
}

// Message is the id of what is sent; "" for a notice.
func (d *Delivery) Message() string { return d.GetString("message") }

// Feedback is the id of the submission that a notice is about; "" for a message.
func (d *Delivery) Feedback() string  { return d.GetString("feedback") }
func (d *Delivery) Recipient() string { return d.GetString("recipient") }
func (d *Delivery) Status() string    { return d.GetString("status") }
func (d *Delivery) Attempts() int     { return d.GetInt("attempts") }

// Payload reads what is fixed about the mail.
func (d *Delivery) Payload() (Payload, error) {
	var p Payload
	err := d.UnmarshalJSONField("payload", &p)
	return p, err
}

// Retry puts the delivery back in the queue for a time.
func (d *Delivery) Retry(at time.Time) {
	d.Set("status", Queued)
	d.Set("next_attempt", Date(at))
}

// Hold parks the delivery until a mail server is set up.
func (d *Delivery) Hold() {
	d.Set("status", Held)
	d.Set("next_attempt", "")
}

// MailOn tells whether PocketBase's settings name a mail server.
func MailOn(app core.App) bool { return app.Settings().SMTP.Enabled && app.Settings().SMTP.Host != "" }
