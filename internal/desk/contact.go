package desk

import "github.com/pocketbase/pocketbase/core"

// Kinds and states of an identity.
const (
	KindEmail = "email"
	KindPhone = "phone"

	StateClaimed       = "claimed"
	StateReachable     = "reachable"
	StateVerified      = "verified"
	StateUndeliverable = "undeliverable"
)

// Contact is a person we can reach.
type Contact struct{ core.BaseRecordProxy }

// AsContact wraps a record of the contacts collection.
func AsContact(r *core.Record) *Contact {
	c := &Contact{}
	c.SetProxyRecord(r)
	return c
}

func (c *Contact) Name() string   { return c.GetString("name") }
func (c *Contact) Locale() string { return c.GetString("locale") }

// Identity is one address of a contact.
type Identity struct{ core.BaseRecordProxy }

// AsIdentity wraps a record of the identities collection.
func AsIdentity(r *core.Record) *Identity {
	i := &Identity{}
	i.SetProxyRecord(r)
	return i
}

func (i *Identity) Kind() string  { return i.GetString("kind") }
func (i *Identity) Value() string { return i.GetString("value") }
func (i *Identity) State() string { return i.GetString("state") }

// MailIdentity is [IdentityOf] for a mail address.
func MailIdentity(app core.App, contact, address string) (*Identity, error) {
	return IdentityOf(app, contact, KindEmail, address)
}
