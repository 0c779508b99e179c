package casework

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// person is who a submission claims to be from, in the form of keys.
type person struct {
	name, locale string
	email, phone string // normalised; one may be empty
	source       string // of the submission that claims them
	vouched      *vouched
}

// vouched is what the shop's own site says of who sent a submission: that he is
// its member of this number. It says nothing of the addresses that he typed.
type vouched struct {
	number string
	reads  bool // he has shown that mail to the address which he typed reaches him
}

// match is the contact that a submission joins, and what speaks against it.
type match struct {
	contact   *desk.Contact
	duplicate string // id of a contact that may be the same person
	why       string // email or phone
}

// findOrMake finds the person's contact by identity, or makes one.
//
// A form only claims an address. One that types a known mail address together
// with a phone number that this contact doesn't have gets a contact of its own
// and is offered as a possible duplicate. Answers never go to an address that was
// only claimed in another form; see [ReplyAddress].
func findOrMake(tx core.App, p person) (match, error) {
	byMail, err := findIdentity(tx, desk.KindEmail, p.email)
	if err != nil {
		return match{}, err
	}
	byPhone, err := findIdentity(tx, desk.KindPhone, p.phone)
	if err != nil {
		return match{}, err
	}
	if p.vouched != nil {
		if m, done, err := ofMember(tx, p, byMail, byPhone); done || err != nil {
			return m, err
		}
	}
	switch {
	case byMail == nil && byPhone == nil:
		return makeContact(tx, p, match{})
	case byMail != nil && byPhone != nil && byMail.contact == byPhone.contact:
		return join(tx, p, byMail, "")
	case byMail != nil && byPhone != nil:
		return makeContact(tx, person{name: p.name, locale: p.locale, source: p.source}, match{duplicate: byMail.contact, why: "email"})
	case byMail != nil && p.phone != "":
		return joinOrDoubt(tx, p, byMail, desk.KindPhone)
	case byPhone != nil && p.email != "":
		return joinOrDoubt(tx, p, byPhone, desk.KindEmail)
	case byMail != nil:
		return join(tx, p, byMail, "")
	}
	return join(tx, p, byPhone, "")
}

// tagsOf are the tags of the contact that the person is sure to join; none where
// that is decided only when the case is saved.
func tagsOf(app core.App, p person) (tags []string, err error) {
	var all []string
	for kind, value := range map[string]string{desk.KindEmail: p.email, desk.KindPhone: p.phone} {
		if value == "" {
			continue
		}
		var whose []string
		err := app.DB().Select("contact").From(desk.Name(app, desk.Identities)).Where(dbx.HashExp{"kind": kind, "value": value}).Column(&whose)
		if err != nil || len(whose) != 1 || len(all) > 0 && all[0] != whose[0] {
			return nil, err
		}
		all = append(all, whose[0])
	}
	if len(all) == 0 {
		return nil, nil
	}
	r, err := app.FindRecordById(desk.Contacts, all[0])
	if err != nil {
		return nil, err
	}
	_ = r.UnmarshalJSONField("tags", &tags)
	return tags, nil
}

// ofMember finds or makes the contact of a member who typed an address that is
// known already: the shop's word for his number must not stand with a person whose
// address he only typed. done is false where the address is as good as new, is
// that of the same member, or was shown to be his.
func ofMember(tx core.App, p person, byMail, byPhone *known) (m match, done bool, err error) {
	typed := cmp.Or(byMail, byPhone)
	if typed == nil || byMail != nil && p.vouched.reads {
		return match{}, false, nil
	}
	member, err := findIdentity(tx, desk.KindMember, p.vouched.number)
	if err != nil {
		return match{}, false, err
	}
	doubt := match{duplicate: typed.contact, why: typed.kind}
	if member == nil {
		m, err = makeContact(tx, person{name: p.name, locale: p.locale, source: p.source}, doubt)
		return m, true, err
	}
	if typed.contact == member.contact && (byPhone == nil || byPhone.contact == member.contact) {
		return match{}, false, nil
	}
	if typed.contact == member.contact { // by mail; the number is another's
		doubt = match{duplicate: byPhone.contact, why: byPhone.kind}
	}
	m, err = join(tx, p, member, "")
	m.duplicate, m.why = doubt.duplicate, doubt.why
	return m, true, err
}

// joinOrDoubt decides when one address is known and the other one, of kind
// other, is new: it is added only to an unverified contact that has none of its kind.
func joinOrDoubt(tx core.App, p person, by *known, other string) (match, error) {
	all, err := tx.FindAllRecords(desk.Identities, dbx.HashExp{"contact": by.contact})
	if err != nil {
		return match{}, err
	}
	doubt := slices.ContainsFunc(all, func(r *core.Record) bool {
		i := desk.AsIdentity(r)
		return i.Kind() == other || i.State() == desk.StateVerified
	})
	if !doubt {
		return join(tx, p, by, other)
	}
	alone := p
	if other == desk.KindPhone {
		alone.email = ""
	} else {
		alone.phone = ""
	}
	return makeContact(tx, alone, match{duplicate: by.contact, why: by.kind})
}

// known is an identity that stands already.
type known struct{ contact, kind string }

func findIdentity(tx core.App, kind, value string) (*known, error) {
	if value == "" {
		return nil, nil
	}
	k := &known{kind: kind}
	err := desk.Row(tx, `SELECT "contact" FROM "`+desk.Name(tx, desk.Identities)+`" WHERE "kind" = ? AND "value" = ?`, []any{kind, value}, &k.contact)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return k, err
}

func join(tx core.App, p person, by *known, add string) (match, error) {
	r, err := tx.FindRecordById(desk.Contacts, by.contact)
	if err != nil {
		return match{}, err
	}
	c := desk.AsContact(r)
	if c.Name() == "" {
		c.Set("name", p.name)
	}
	c.Set("locale", p.locale)
	c.Set("last_seen", desk.Date(desk.Now(tx)))
	if err := desk.Save(tx, c.Record); err != nil {
		return match{}, err
	}
	switch add {
	case desk.KindPhone:
		err = addIdentity(tx, c.Id, desk.KindPhone, p.phone, p.source)
	case desk.KindEmail:
		err = addIdentity(tx, c.Id, desk.KindEmail, p.email, p.source)
	}
	return match{contact: c}, err
}

func makeContact(tx core.App, p person, m match) (match, error) {
	r, err := desk.New(tx, desk.Contacts)
	if err != nil {
		return m, err
	}
	now := desk.Date(desk.Now(tx))
	r.Set("name", p.name)
	r.Set("locale", p.locale)
	r.Set("first_seen", now)
	r.Set("last_seen", now)
	if err := desk.Save(tx, r); err != nil {
		return m, err
	}
	m.contact = desk.AsContact(r)
	if err := addIdentity(tx, r.Id, desk.KindEmail, p.email, p.source); err != nil {
		return m, err
	}
	return m, addIdentity(tx, r.Id, desk.KindPhone, p.phone, p.source)
}

func addIdentity(tx core.App, contact, kind, value, source string) error {
	if value == "" {
		return nil
	}
	_, err := desk.NewIdentity(tx, contact, kind, value, source)
	return err
}
