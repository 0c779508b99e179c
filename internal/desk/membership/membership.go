// Package membership is the station for members of the shop: marking a contact as
// one, inviting a guest to become one, and noting which invitations worked.
//
//	station := membership.New(app, membership.Config{Commit: commit, Render: …, Write: …})
//	err := station.Mark(membership.Marking{Contact: id, Number: "M-1042", Agent: agent})
//	offer, err := station.Offer(membership.Invitation{Case: c, Agent: agent}) // what the mail would say
//	sent, err := station.Invite(membership.Invitation{Case: c, Agent: agent, Asked: true})
package membership

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Kinds of events.
const (
	EventMarked    = "member_marked"
	EventUnmarked  = "member_unmarked"
	EventInvited   = "invited"
	EventConverted = "converted"
)

// How an invited person became a member, as the event says.
const (
	byStaff = "staff"      // a member of staff said so
	bySite  = "member_ref" // he wrote while signed in at the shop
)

// Config is what the station is made of. Render and Write belong to the station
// that answers.
type Config struct {
	Commit *desk.Committer
	Render func(app core.App, l Letter) (Text, error)
	Write  func(app core.App, e Entry) (Saver, error)
}

// Letter is an invitation to be rendered.
type Letter struct {
	Case      *desk.Case
	Agent     *desk.Agent
	SignupURL string
	Coupon    string
}

// Text is a rendered letter. Empty names variables that have no value.
type Text struct {
	Subject, Body, Locale string
	Empty                 []string
}

// Entry is an answer to be written.
type Entry struct {
	Case    *desk.Case
	Agent   *desk.Agent
	Message *desk.Message
}

// Saver stores a checked answer inside a transaction.
type Saver interface{ Save(tx core.App) error }

// Station holds the verbs.
type Station struct {
	app core.App
	c   Config
}

// New makes the station.
func New(app core.App, c Config) *Station { return &Station{app, c} }

// Marking says that a contact is a member. Number may be ""; Case is the one on
// the screen, whose history notes it, or "" for the contact's latest.
type Marking struct {
	Contact string
	Case    string
	Number  string
	Agent   *desk.Agent
}

// maxNumber is how long a member number may be, in characters.
const maxNumber = 100

// Mark notes that a contact is a member, and that an open invitation worked. A
// number is noted as checked by staff. Its errors are validation errors: a number
// that another contact bears is refused.
func (s *Station) Mark(m Marking) error {
	m.Number = desk.OneLine(m.Number)
	if len([]rune(m.Number)) > maxNumber {
		return fault("number", "number_invalid", "A number has at most 100 characters.")
	}
	return s.c.Commit.Do(func(tx core.App) error {
		if err := number(tx, m); err != nil {
			return err
		}
		after := map[string]any{"contact": m.Contact}
		if m.Number != "" {
			after["number"] = m.Number
		}
		if err := desk.Record(tx, desk.Event{Case: caseOf(tx, m), Actor: m.Agent.Id, Kind: EventMarked, After: after}); err != nil {
			return err
		}
		return become(tx, m.Contact, byStaff, m.Agent.Id)
	})
}

// number gives the contact its number.
func number(tx core.App, m Marking) error {
	if m.Number == "" {
		return nil
	}
	r := &core.Record{}
	err := tx.RecordQuery(desk.Identities).AndWhere(dbx.HashExp{"kind": desk.KindMember, "value": m.Number}).Limit(1).One(r)
	var i *desk.Identity
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if i, err = desk.NewIdentity(tx, m.Contact, desk.KindMember, m.Number, desk.RaisedStaff); err != nil {
			return err
		}
	case err != nil:
		return err
	case r.GetString("contact") != m.Contact:
		return fault("number", "number_taken", "Another contact has this member number. If they are one person, merge them.")
	default:
		i = desk.AsIdentity(r)
	}
	return desk.Raise(tx, i, desk.StateVerified, desk.RaisedStaff)
}

// Unmark takes back that a contact is a member: its member numbers go, and what
// worked since then counts as open again.
func (s *Station) Unmark(m Marking) error {
	return s.c.Commit.Do(func(tx core.App) error {
		r, err := tx.FindRecordById(desk.Contacts, m.Contact)
		if err != nil {
			return err
		}
		numbers, err := tx.FindAllRecords(desk.Identities, dbx.HashExp{"contact": m.Contact, "kind": desk.KindMember})
		if err != nil {
			return err
		}
		since := r.GetDateTime("member_since")
		if since.IsZero() && len(numbers) == 0 {
			return nil
		}
		before := map[string]any{"contact": m.Contact, "member_since": since.String()}
		for _, n := range numbers {
			before["number"] = n.GetString("value")
			if err := tx.Delete(n); err != nil {
				return err
			}
		}
		if err := reopen(tx, m.Contact, since.Time()); err != nil {
			return err
		}
		r.Set("member_since", "")
		if err := desk.Save(tx, r); err != nil {
			return err
		}
		return desk.Record(tx, desk.Event{Case: caseOf(tx, m), Actor: m.Agent.Id, Kind: EventUnmarked, Before: before})
	})
}

func reopen(tx core.App, contact string, since time.Time) error {
	rows, err := tx.FindAllRecords(desk.Invitations, dbx.HashExp{"contact": contact})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if at := r.GetDateTime("converted_at"); at.IsZero() || since.IsZero() || at.Time().Before(since) {
			continue
		}
		r.Set("converted_at", "")
		if err := desk.Save(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// Vouched notes, inside the caller's transaction, that the shop's own site
// vouched for a contact as its member.
func (s *Station) Vouched(tx core.App, contact string) error { return become(tx, contact, bySite, "") }

// become makes a contact a member, unless it is one, and notes which invitations
// worked by it.
func become(tx core.App, contact, how, actor string) error {
	r, err := tx.FindRecordById(desk.Contacts, contact)
	if err != nil {
		return err
	}
	now := desk.Date(desk.Now(tx))
	if r.GetDateTime("member_since").IsZero() {
		r.Set("member_since", now)
		if err := desk.Save(tx, r); err != nil {
			return err
		}
	}
	open, err := tx.FindAllRecords(desk.Invitations, dbx.HashExp{"contact": contact, "converted_at": ""})
	if err != nil {
		return err
	}
	for _, i := range open {
		i.Set("converted_at", now)
		if err := desk.Save(tx, i); err != nil {
			return err
		}
		ev := desk.Event{Case: i.GetString("case"), Actor: actor, Kind: EventConverted, After: map[string]any{"invitation": i.Id, "by": how}}
		if err := desk.Record(tx, ev); err != nil {
			return err
		}
	}
	return nil
}

// caseOf is whose history notes what happens to a contact.
func caseOf(tx core.App, m Marking) string {
	if c, err := desk.FindCase(tx, m.Case); err == nil && c.Contact() == m.Contact {
		return c.Id
	}
	q := tx.RecordQuery(desk.Cases).AndWhere(dbx.HashExp{"contact": m.Contact}).OrderBy("created DESC").Limit(1)
	if !m.Agent.SeesAll() {
		q.AndWhere(dbx.In("team", "", m.Agent.Team()))
	}
	r := &core.Record{}
	if err := q.One(r); err != nil {
		return ""
	}
	return r.Id
}

func fault(field, code, sentence string) error {
	return validation.Errors{field: validation.NewError(code, sentence)}
}

// coupon is a coupon as it may stand in a mail.
func coupon(s string) (string, error) {
	s = strings.TrimSpace(s)
	if len([]rune(s)) > 100 || s != desk.OneLine(s) {
		return "", fault("coupon", "coupon_invalid", "A coupon has at most 100 characters, on one line.")
	}
	return s, nil
}
