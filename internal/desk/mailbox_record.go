package desk

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// States of a mailbox that is fetched.
const (
	MailboxOff     = "off"
	MailboxOK      = "ok"
	MailboxFailing = "failing"
)

// Mailbox is one mailbox that mail is fetched from, or that a webhook is bound
// to. It holds no secret: see [MailboxSecret].
type Mailbox struct{ core.BaseRecordProxy }

// AsMailbox wraps a record of the mailboxes collection.
func AsMailbox(r *core.Record) *Mailbox {
	m := &Mailbox{}
	m.SetProxyRecord(r)
	return m
}

// FindMailbox finds a mailbox by id.
func FindMailbox(app core.App, id string) (*Mailbox, error) {
	r, err := app.FindRecordById(Mailboxes, id)
	if err != nil {
		return nil, err
	}
	return AsMailbox(r), nil
}

// FindMailboxNamed finds a mailbox by name.
func FindMailboxNamed(app core.App, name string) (*Mailbox, error) {
	r, err := app.FindFirstRecordByData(Mailboxes, "name", name)
	if err != nil {
		return nil, err
	}
	return AsMailbox(r), nil
}

func (m *Mailbox) Name() string    { return m.GetString("name") }
func (m *Mailbox) Address() string { return m.GetString("address") }
func (m *Mailbox) Form() string    { return m.GetString("form") }
func (m *Mailbox) Team() string    { return m.GetString("team") }
func (m *Mailbox) State() string   { return m.GetString("state") }

// Fetched tells whether a server is to be watched for it.
func (m *Mailbox) Fetched() bool { return m.GetBool("enabled") && m.GetString("host") != "" }

// OwnAddresses are the addresses that mail to the shop comes to and mail of the
// shop comes from, as keys: mail from one of them is never answered.
func OwnAddresses(app core.App) ([]string, error) {
	s, err := LoadSettings(app)
	if err != nil {
		return nil, err
	}
	boxes, err := Cached(app, Mailboxes, "addresses", func(app core.App) ([]string, error) {
		rows, err := app.FindAllRecords(Mailboxes)
		out := make([]string, len(rows))
		for i, r := range rows {
			out[i] = r.GetString("address")
		}
		return out, err
	})
	if err != nil {
		return nil, err
	}
	var own []string
	for _, addr := range slices.Concat([]string{s.ServiceEmail, s.ReplyFrom, app.Settings().Meta.SenderAddress}, boxes) {
		if key, err := mail.NormalizeAddress(addr); err == nil && !slices.Contains(own, key) {
			own = append(own, key)
		}
	}
	return own, nil
}

// IsOwn tells whether an address is one of own, whatever +tag it bears.
func IsOwn(own []string, addr string) bool {
	key, err := mail.NormalizeAddress(addr)
	if err != nil {
		return false
	}
	local, domain, _ := strings.Cut(key, "@")
	untagged, _, _ := strings.Cut(local, "+")
	return slices.Contains(own, key) || slices.Contains(own, untagged+"@"+domain)
}
