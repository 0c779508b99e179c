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
)

// Payload is what is fixed about a mail: identity when it is queued, text at the first try.
type Payload struct {
	Kind   string `json:"kind"` // ack or reply
	Token  string `json:"token"`
	Nonce  string `json:"nonce"`
	ToName string `json:"to_name,omitempty"`
	Locale string `json:"locale,omitempty"`

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
	r, err := New(app, Outbox)
	if err != nil {
		return nil, err
	}
	r.Set("kind", "email")
	r.Set("message", message)
	r.Set("recipient", recipient)
	r.Set("payload", p)
	r.Set("dedupe_key", p.Kind+":"+message)
	r.Set("status", Queued)
	r.Set("next_attempt", Date(Now(app)))
	return AsDelivery(r), nil
}

func (d *Delivery) Message() string   { return d.GetString("message") }
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

// MailOn tells whether PocketBase's settings name a mail server.
func MailOn(app core.App) bool { return app.Settings().SMTP.Enabled && app.Settings().SMTP.Host != "" }
