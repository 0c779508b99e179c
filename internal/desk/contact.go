package desk

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

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

// Knows tells whether the agent sees a case of a person, or the person has none:
// only who does changes what is known of him. His name and addresses all staff read.
func (a *Agent) Knows(app core.App, contact string) (bool, error) {
	if a.SeesAll() {
		return true, nil
	}
	var cases, seen int
	err := app.DB().Select("COUNT(*)", "COALESCE(SUM([[team]] IN ('', {:team})), 0)").From(Name(app, Cases)).
		Where(dbx.HashExp{"contact": contact}).Bind(dbx.Params{"team": a.Team()}).Row(&cases, &seen)
	if err != nil {
		return false, fmt.Errorf("cases of a person: %w", err)
	}
	return cases == 0 || seen > 0, nil
}

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
