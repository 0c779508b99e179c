package desk

import (
	"github.com/pocketbase/pocketbase/core"
)

// Directions, channels and delivery states of a message.
const (
	In   = "in"
	Out  = "out"
	Note = "note"

	ChannelForm    = "form"
	ChannelEmail   = "email"
	ChannelPhone   = "phone"
	ChannelSMS     = "sms"
	ChannelPage    = "page"    // the tracking page
	ChannelCounter = "counter" // said in the shop, and written down by staff
	ChannelSystem  = "system"
	ChannelAPI     = "api"

	DeliveryNone   = "none"
	DeliveryQueued = "queued"
	DeliveryHeld   = "held"
	DeliverySent   = "sent"
	DeliveryFailed = "failed"

	DeliveryBounced = "bounced"
)

// Addressee is who gets a copy of a mail.
type Addressee struct {
	Name string `json:"name"`
	Addr string `json:"addr"`
}

// TrackingLink stands in a stored text where the mail bears the secret link to
// the tracking page: staff read the text, but only the visitor gets the link.
const TrackingLink = "⟦tracking-link⟧"

// Message is one entry of a case's conversation.
type Message struct{ core.BaseRecordProxy }

// AsMessage wraps a record of the messages collection.
func AsMessage(r *core.Record) *Message {
	m := &Message{}
	m.SetProxyRecord(r)
	return m
}

// NewMessage is a blank entry of a case.
func NewMessage(app core.App, caseID string) (*Message, error) {
	r, err := New(app, Messages)
	if err != nil {
		return nil, err
	}
	r.Set("case", caseID)
	return AsMessage(r), nil
}

// FindMessage finds a message by id.
func FindMessage(app core.App, id string) (*Message, error) {
	r, err := app.FindRecordById(Messages, id)
	if err != nil {
		return nil, err
	}
	return AsMessage(r), nil
}

func (m *Message) Case() string      { return m.GetString("case") }
func (m *Message) Direction() string { return m.GetString("direction") }
func (m *Message) Channel() string   { return m.GetString("channel") }
func (m *Message) Author() string    { return m.GetString("author") }
func (m *Message) Subject() string   { return m.GetString("subject") }
func (m *Message) Body() string      { return m.GetString("body") }
func (m *Message) Template() string  { return m.GetString("template") }
func (m *Message) Delivery() string  { return m.GetString("delivery") }
func (m *Message) MessageID() string { return m.GetString("message_id") }
func (m *Message) Files() []string   { return m.GetStringSlice("attachments") }

// Cc lists who got a copy.
func (m *Message) Cc() []Addressee { return m.addressees("cc") }

// Bcc lists who got a copy without the others' knowledge.
func (m *Message) Bcc() []Addressee { return m.addressees("bcc") }

func (m *Message) addressees(field string) []Addressee {
	list := []Addressee{}
	if err := m.UnmarshalJSONField(field, &list); err != nil || list == nil {
		return []Addressee{}
	}
	return list
}
