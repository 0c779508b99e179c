package merging

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Reasons for which two may be one. The value of a reason is what they share: an
// address, a name, an order number; of a text it is empty.
const (
	WhyEmail    = "email"    // the same mail address, typed with the other one's
	WhySpelling = "spelling" // the same mailbox, spelled in another way
	WhyPhone    = "phone"
	WhyMember   = "member"
	WhyName     = "name" // and both were here within two weeks
	WhyText     = "text" // near the same words within a week
	WhyOrder    = "order"
	WhyPerson   = "person" // the same person within a week, and neither is done
)

// Why is one reason.
type Why struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Duplicates are what may be the same as a case and its person.
type Duplicates struct {
	Contacts []TwinContact `json:"contacts"`
	Cases    []TwinCase    `json:"cases"`
}

// TwinContact is a contact that may be the same person.
type TwinContact struct {
	Contact struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"contact"`
	Why []Why `json:"why"`
}

// TwinCase is a case that may be about the same.
type TwinCase struct {
	ID      string `db:"id" json:"id"`
	Number  int    `db:"number" json:"number"`
	Subject string `db:"subject" json:"subject"`
	Status  string `db:"status" json:"status"`
	Created string `db:"created" json:"created"`
	Contact string `db:"contact" json:"contact"`
	Why     []Why  `db:"-" json:"why"`
}

// How near two must be, and how many are offered.
const (
	textDays  = 7
	nameDays  = 14
	mostTwins = 5
	mostOf    = 20 // candidates of one kind
)

// Near lists submissions whose text is the same as one of this hash, or near it,
// and which came within a time of at.
type Near func(hash uint64, at time.Time, within time.Duration, most int) []string

// FindDuplicates finds what may be the same as a case. It changes nothing, and asks
// indexes alone.
func (s *Station) FindDuplicates(app core.App, agent *desk.Agent, c *desk.Case) (*Duplicates, error) {
	l := &looking{app: app, agent: agent, of: c, contacts: map[string][]Why{}, cases: map[string][]Why{}}
	if c.MergedInto() != "" || c.Contact() == "" {
		return &Duplicates{[]TwinContact{}, []TwinCase{}}, nil
	}
	l.feedback, _ = desk.FindFeedback(app, c.Feedback())
	for _, look := range []func() error{l.noted, l.addresses, l.spelling, l.name, l.order, l.person, func() error { return l.text(s.Near) }} {
		if err := look(); err != nil {
			return nil, err
		}
	}
	if err := l.dismissed(); err != nil {
		return nil, err
	}
	return l.offer()
}

type looking struct {
	app      core.App
	agent    *desk.Agent
	of       *desk.Case
	feedback *desk.Feedback // nil where it was erased

	contacts, cases map[string][]Why
}

func add(to map[string][]Why, id string, w Why) {
	if !slices.Contains(to[id], w) {
		to[id] = append(to[id], w)
	}
}

// dismissed takes out what staff said is not the same: of the cases on this one,
// of the contacts on any of the person's latest cases.
func (l *looking) dismissed() error {
	var rows []*core.Record
	err := l.app.RecordQuery(desk.Events).
		AndWhere(dbx.NewExp("[[case]] IN (SELECT [[id]] FROM {{"+desk.Name(l.app, desk.Cases)+"}} WHERE [[contact]] = {:contact} ORDER BY [[created]] DESC LIMIT 100)",
			dbx.Params{"contact": l.of.Contact()})).
		AndWhere(dbx.HashExp{"kind": desk.EventNotTwin}).Limit(500).All(&rows)
	for _, r := range rows {
		var after struct{ Contact, Case string }
		_ = r.UnmarshalJSONField("after", &after)
		delete(l.contacts, after.Contact)
		if r.GetString("case") == l.of.Id {
			delete(l.cases, after.Case)
		}
	}
	return err
}

// offer reads what is left, the likeliest first.
func (l *looking) offer() (*Duplicates, error) {
	out := &Duplicates{[]TwinContact{}, []TwinCase{}}
	delete(l.contacts, l.of.Contact())
	delete(l.cases, l.of.Id)
	for id, why := range l.contacts {
		r, err := l.app.FindRecordById(desk.Contacts, id)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		twin := TwinContact{Why: why}
		twin.Contact.ID, twin.Contact.Name = r.Id, r.GetString("name")
		out.Contacts = append(out.Contacts, twin)
	}
	for id, why := range l.cases {
		c, err := desk.FindCase(l.app, id)
		if err != nil || !l.agent.Sees(c.Team()) || c.MergedInto() != "" {
			continue
		}
		if spam, err := c.IsSpam(l.app); spam || err != nil {
			continue
		}
		out.Cases = append(out.Cases, TwinCase{c.Id, c.Number(), c.Subject(), c.Status(), c.GetString("created"), c.Contact(), why})
	}
	slices.SortFunc(out.Contacts, func(a, b TwinContact) int {
		return cmp.Or(len(b.Why)-len(a.Why), cmp.Compare(a.Contact.ID, b.Contact.ID))
	})
	slices.SortFunc(out.Cases, func(a, b TwinCase) int {
		return cmp.Or(len(b.Why)-len(a.Why), cmp.Compare(b.Created, a.Created), cmp.Compare(a.ID, b.ID))
	})
	out.Contacts = out.Contacts[:min(len(out.Contacts), mostTwins)]
	out.Cases = out.Cases[:min(len(out.Cases), mostTwins)]
	return out, nil
}

// Dismiss notes that another contact, or another case, is not the same. It is
// remembered on both cases, and of a contact for all of the person's cases.
func (s *Station) Dismiss(agent *desk.Agent, caseID, contact, other string) error {
	return s.Commit.Do(func(tx core.App) error {
		c, err := desk.FindCase(tx, caseID)
		if err != nil || !agent.Sees(c.Team()) {
			return refuse(Gone)
		}
		if contact != "" {
			if _, err := tx.FindRecordById(desk.Contacts, contact); err != nil || contact == c.Contact() {
				return refuse(Gone)
			}
			return desk.Record(tx, desk.Event{Case: c.Id, Actor: agent.Id, Kind: desk.EventNotTwin, After: map[string]any{"contact": contact}})
		}
		o, err := desk.FindCase(tx, other)
		if err != nil || !agent.Sees(o.Team()) || o.Id == c.Id {
			return refuse(Gone)
		}
		return desk.Record(tx,
			desk.Event{Case: c.Id, Actor: agent.Id, Kind: desk.EventNotTwin, After: map[string]any{"case": o.Id, "number": o.Number()}},
			desk.Event{Case: o.Id, Actor: agent.Id, Kind: desk.EventNotTwin, After: map[string]any{"case": c.Id, "number": c.Number()}})
	})
}
