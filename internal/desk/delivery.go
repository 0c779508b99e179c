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
	Bounced = "bounced" // the recipient's server says that nobody gets mail there

	// Cancelled is what was not sent because nobody wants it any more: its case
	// turned out to be spam, or the address needs no confirmation now.
	Cancelled = "cancelled"
)

// Payload is what is fixed about a mail or a text message: identity when it is queued, text at the first try.
type Payload struct {
	Kind   string `json:"kind"` // reply, ack, confirm or daily
	Token  string `json:"token"`
	Nonce  string `json:"nonce"`
	ToName string `json:"to_name,omitempty"`
	Locale string `json:"locale,omitempty"`
	Draft  string `json:"draft,omitempty"` // text with its marks, of a mail that no message stands for

	Run  string `json:"run,omitempty"`  // the escalation on a case that somebody outside is told of
	Step int    `json:"step,omitempty"` // and at which step

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
	ReturnPath string   `json:"return_path,omitempty"` // where a bounce goes, this delivery's id in it

	// Unsubscribe is where the reader ends such mail with one press: for mail that
	// may be declined, such as a survey; never for an answer or a receipt.
	Unsubscribe string `json:"unsubscribe,omitempty"`

	Doubt   bool  `json:"doubt,omitempty"`   // a try broke after DATA: once more at most; of a text: never again
	Arrived bool  `json:"arrived,omitempty"` // a server took it, copies and all: sent again, it goes to the recipient alone
	ByHand  bool  `json:"by_hand,omitempty"` // staff had it sent again, whatever is known of the address
	Undo    *Undo `json:"undo,omitempty"`    // until the first try
}

// Undo is what an answer changed on its case, so that it can be taken back.
type Undo struct {
	Agent    string    `json:"agent"`
	Template string    `json:"template,omitempty"`
	Before   CaseState `json:"before"`
	After    CaseState `json:"after"`
}

// CaseState is what an answer changes on a case; dates as PocketBase writes them.
type CaseState struct {
	Status      string `json:"status"`
	Assignee    string `json:"assignee"`
	RespondedAt string `json:"responded_at"`
	Waiting     string `json:"waiting"`
	ResolvedAt  string `json:"resolved_at"`
	Reopened    int    `json:"reopened"`

	FollowUp FollowUp `json:"follow_up"`
	Since    string   `json:"since"`  // since when it has its status
	Paused   string   `json:"paused"` // since when its time rests
	Clock    string   `json:"clock"`  // how its time ran, as JSON
}

// FollowUp is when a case comes back, why and to whom; Reminded is when it did.
type FollowUp struct {
	At       string `json:"at,omitempty"`
	Note     string `json:"note,omitempty"`
	For      string `json:"for,omitempty"`
	Reminded string `json:"reminded,omitempty"`
}

// Automatic tells whether no person wrote the mail, so that nobody's program may
// answer it and caps hold for it.
func (p Payload) Automatic() bool { return p.Kind != KindReply }

// Answers tells of automatic mail whether it answers what somebody sent (RFC
// 3834, section 5), and does not go out on its own.
func (p Payload) Answers() bool { return p.Kind == KindAck || p.Kind == KindConfirm }

// Alone tells whether the mail stands for itself: neither a message nor a
// submission is what it is about.
func (p Payload) Alone() bool {
	return p.Kind == KindDaily || p.Kind == KindTold || p.Kind == KindEscalated
}

// Kinds of mail. Whatever is no reply of staff's is automatic.
const (
	KindReply   = "reply"
	KindAck     = "ack"
	KindConfirm = "confirm" // asks for a press on the button that confirms an address
	KindDaily   = "daily"   // tells a member of staff what is due
	KindRule    = "rule"    // an answer that a rule sends
	KindTold    = "told"    // tells a member of staff what happened

	KindEscalated = "escalated" // asks somebody outside to take a case on
)

// Kinds of deliveries: by what they go.
const (
	ByMail = "email"
	BySMS  = "sms"
)

// What an SMS gateway reports later of a text.
const (
	ReportDelivered = "delivered"
	ReportFailed    = "failed"
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
	return newDelivery(app, recipient, p, map[string]any{"kind": ByMail, "message": message, "dedupe_key": p.Kind + ":" + message})
}

// NewText is a text message to a number in E.164, to be queued.
func NewText(app core.App, message, number string, p Payload) (*Delivery, error) {
	return newDelivery(app, number, p, map[string]any{"kind": BySMS, "message": message, "dedupe_key": p.Kind + ":" + message})
}

// NewNotice is a mail about a submission that is no case yet. No message stands
// for it: its subject and text are in the payload.
func NewNotice(app core.App, feedback, recipient string, p Payload) (*Delivery, error) {
	return newDelivery(app, recipient, p, map[string]any{"kind": ByMail, "feedback": feedback, "dedupe_key": p.Kind + ":" + feedback})
}

// NewDigest is a mail of the system to a member of staff, about no one case. key
// tells it apart from all others. Its subject and text are in the payload.
func NewDigest(app core.App, key, recipient string, p Payload) (*Delivery, error) {
	return newDelivery(app, recipient, p, map[string]any{"kind": ByMail, "dedupe_key": key})
}

func newDelivery(app core.App, recipient string, p Payload, about map[string]any) (*Delivery, error) {
	r, err := New(app, Outbox)
	if err != nil {
		return nil, err
	}
	r.Load(about)
	r.Set("recipient", recipient)
	r.Set("mailbox", MailboxDigest(app, recipient))
	r.Set("payload", p)
	d := AsDelivery(r)
	d.Retry(Now(app))
	if !CarrierOn(app, d.Kind()) {
		d.Hold()
	}
	return d, nil
}

// Kind is by what it goes: [ByMail], [BySMS].
func (d *Delivery) Kind() string { return d.GetString("kind") }

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

// Hold parks the delivery until a mail server, or a gateway, is set up.
func (d *Delivery) Hold() {
	d.Set("status", Held)
	d.Set("next_attempt", "")
}

// GatewayID is the SMS gateway's name for a text it took; "" where it told none.
func (d *Delivery) GatewayID() string { return d.GetString("gateway_id") }

// CarrierOn tells whether what a kind of delivery goes by is set up.
func CarrierOn(app core.App, kind string) bool {
	if kind == BySMS {
		return SMSOn(app)
	}
	return MailOn(app)
}

// MailOn tells whether PocketBase's settings name a mail server.
func MailOn(app core.App) bool { return app.Settings().SMTP.Enabled && app.Settings().SMTP.Host != "" }
