package desk

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// KindMember is an identity whose value is the number by which the shop knows a
// member.
const KindMember = "member"

// What raised or lowered the state of an identity, as its raised_by holds it.
// One that is only claimed bears the source of the submission that named it:
// form, widget, api, email, phone, import …
const (
	RaisedConfirmed = "confirmed"    // he pressed the button behind a link that was mailed there: verified
	RaisedDMARC     = "dmarc"        // a mail came from there, and its domain vouches for that (RFC 7489): verified
	RaisedMember    = "member_ref"   // the shop's site vouched for him: verified
	RaisedMail      = "mail"         // a mail came from there, and its domain says nothing: reachable
	RaisedPage      = "page"         // he wrote on the page whose link only went there: reachable
	RaisedSMS       = "sms"          // the gateway reports that a text arrived: reachable
	RaisedCall      = "call"         // somebody answered when staff called: reachable
	RaisedBounced   = "bounced"      // mail came back for good: undeliverable
	RaisedWrong     = "wrong_number" // somebody else answers there: undeliverable
	RaisedStaff     = "staff"        // a member of staff said so
)

// ErrState says that there is no such state of an identity.
var ErrState = errors.New("there is no such state of an address")

// NewIdentity makes an address of a contact that somebody claims; by is the
// source of his submission, or [RaisedStaff]. The value is a key already.
func NewIdentity(tx core.App, contact, kind, value, by string) (*Identity, error) {
	r, err := New(tx, Identities)
	if err != nil {
		return nil, err
	}
	r.Set("contact", contact)
	r.Set("kind", kind)
	r.Set("value", value)
	if kind == KindEmail {
		r.Set("mailbox", mail.Mailbox(value))
	}
	i := AsIdentity(r)
	i.note(tx, StateClaimed, by)
	return i, Save(tx, r)
}

// Raise moves an identity to a state inside the caller's transaction, and notes
// what did it and when. It is the one verb that does: the higher state of
// claimed, reachable and verified stays, whatever lower event follows; what comes
// back or turns out to be somebody else's is undeliverable, whatever it was; and
// only what shows that he is there after all lifts that, to what it shows. Staff
// may lift it too, back to claimed. What changes nothing is no error.
func Raise(tx core.App, i *Identity, state, by string) error {
	if !slices.Contains(ladder(), state) && state != StateUndeliverable {
		return fmt.Errorf("%w: %q", ErrState, state)
	}
	if !mayMove(i.State(), state, by) {
		return nil
	}
	i.note(tx, state, by)
	return Save(tx, i.Record)
}

// ladder are the states that rise, from the lowest.
func ladder() []string { return []string{StateClaimed, StateReachable, StateVerified} }

func mayMove(from, to, by string) bool {
	switch {
	case from == to:
		return false
	case to == StateUndeliverable:
		return true
	case from == StateUndeliverable:
		return to != StateClaimed || by == RaisedStaff
	}
	return slices.Index(ladder(), to) > slices.Index(ladder(), from)
}

func (i *Identity) note(app core.App, state, by string) {
	i.Set("state", state)
	i.Set("raised_by", by)
	i.Set("raised_at", Date(Now(app)))
}

// IdentityOf is a contact's address of a kind, given as a key; nil where the
// contact has no such one. One that stands under another contact proves nothing
// of this one.
func IdentityOf(app core.App, contact, kind, value string) (*Identity, error) {
	if contact == "" || value == "" {
		return nil, nil
	}
	r := &core.Record{}
	err := app.RecordQuery(Identities).
		AndWhere(dbx.HashExp{"kind": kind, "value": value, "contact": contact}).Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return AsIdentity(r), nil
}

// RaiseAddress raises an address of a contact, if the contact has it.
func RaiseAddress(tx core.App, contact, kind, value, state, by string) error {
	i, err := IdentityOf(tx, contact, kind, value)
	if i == nil || err != nil {
		return err
	}
	return Raise(tx, i, state, by)
}

// Vouch notes that the shop's site says that the contact is its member of this
// number. Where another contact bears the number it changes nothing and returns
// that one's id: the two are the same person, but a submission joins none by itself.
func Vouch(tx core.App, contact, number, source string) (other string, err error) {
	if contact == "" || number == "" || len(number) > 254 {
		return "", nil
	}
	r := &core.Record{}
	err = tx.RecordQuery(Identities).AndWhere(dbx.HashExp{"kind": KindMember, "value": number}).Limit(1).One(r)
	var i *Identity
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if i, err = NewIdentity(tx, contact, KindMember, number, source); err != nil {
			return "", err
		}
	case err != nil:
		return "", err
	default:
		i = AsIdentity(r)
	}
	if of := i.GetString("contact"); of != contact {
		return of, nil
	}
	return "", Raise(tx, i, StateVerified, RaisedMember)
}
