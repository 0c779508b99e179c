package orders

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/orderlookup"
	"github.com/pocketdesk/pocketdesk/internal/phone"
)

// Bounds of what is looked through.
const (
	maxMessages = 30
	maxCases    = 10
	maxKnown    = 10
)

// Known are the numbers that can be asked about: orders that the visitor's
// words name, those of the case first, and the member number of the contact.
type Known struct {
	Orders []string `json:"orders"`
	Member string   `json:"member"`
}

var wholeNumber = regexp.MustCompile(`^[\pL\pN][\pL\pN_/.-]{1,39}$`)

// known gathers the numbers.
func (s *Station) known(r Request, form *regexp.Regexp) (Known, error) {
	k := Known{Orders: []string{}}
	add := func(n string) {
		if len(k.Orders) < maxKnown && !slices.ContainsFunc(k.Orders, func(o string) bool { return strings.EqualFold(o, n) }) {
			k.Orders = append(k.Orders, n)
		}
	}
	cases, err := s.cases(r)
	if err != nil {
		return k, err
	}
	for _, c := range cases {
		f, err := desk.FindFeedback(s.app, c.Feedback())
		if err != nil {
			continue // its text was erased, or it never had one
		}
		if n := strings.TrimPrefix(strings.TrimSpace(f.OrderNo()), "#"); wholeNumber.MatchString(n) {
			add(n)
		} else {
			for _, n := range orderlookup.Numbers(f.OrderNo(), form) {
				add(n)
			}
		}
	}
	if len(cases) > 0 {
		if err := s.named(cases[0], form, add); err != nil {
			return k, err
		}
	}
	number := &core.Record{}
	err = s.app.RecordQuery(desk.Identities).AndWhere(dbx.HashExp{"contact": r.Contact, "kind": desk.KindMember}).
		OrderBy("state DESC", "created DESC").Limit(1).One(number) // verified before claimed
	if err == nil {
		k.Member = number.GetString("value")
	}
	return k, nil
}

// named finds numbers in what the visitor wrote on a case, the latest words first.
func (s *Station) named(c *desk.Case, form *regexp.Regexp, add func(string)) error {
	var bodies []string
	err := s.app.DB().Select("body").From(desk.Name(s.app, desk.Messages)).
		Where(dbx.HashExp{"case": c.Id}).AndWhere(dbx.HashExp{"direction": desk.In}).
		OrderBy("created DESC").Limit(maxMessages).Column(&bodies)
	for _, text := range append([]string{c.Subject()}, bodies...) {
		for _, n := range orderlookup.Numbers(text, form) {
			add(n)
		}
	}
	return err
}

// cases are those of the contact that the agent may see: the one on the screen first.
func (s *Station) cases(r Request) ([]*desk.Case, error) {
	var out []*desk.Case
	if c, err := desk.FindCase(s.app, r.Case); err == nil && c.Contact() == r.Contact && r.Agent.Sees(c.Team()) {
		out = append(out, c)
	}
	q := s.app.RecordQuery(desk.Cases).AndWhere(dbx.HashExp{"contact": r.Contact}).OrderBy("created DESC").Limit(maxCases)
	if !r.Agent.SeesAll() {
		q.AndWhere(dbx.In("team", "", r.Agent.Team()))
	}
	var rows []*core.Record
	if err := q.All(&rows); err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.Id != r.Case {
			out = append(out, desk.AsCase(row))
		}
	}
	return out, nil
}

// choose says what is asked: what was typed, else the order that was named, else the
// member. The visitor's addresses go along only where the shop wants that,
// and nothing else is known.
func (v *View) choose(r Request, person []orderlookup.Known, contact bool) orderlookup.Question {
	q := orderlookup.Question{Order: strings.TrimSpace(r.Order), Member: strings.TrimSpace(r.Member)}
	switch {
	case q.Order != "" || q.Member != "":
	case len(v.Known.Orders) > 0:
		q.Order = v.Known.Orders[0]
	case v.Known.Member != "":
		q.Member = v.Known.Member
	case contact:
		for _, k := range person {
			switch {
			case k.Kind == orderlookup.Email && q.Email == "":
				q.Email = k.Value
			case k.Kind == orderlookup.Phone && q.Phone == "":
				q.Phone = k.Value
			}
		}
	}
	v.Asked = Asked{Order: q.Order, Member: q.Member, Contact: q.Email != "" || q.Phone != ""}
	return q
}

// person are the addresses of a contact, the proven ones first.
func (s *Station) person(contact string, settings *desk.Settings) ([]orderlookup.Known, error) {
	rows, err := s.app.FindAllRecords(desk.Identities, dbx.HashExp{"contact": contact})
	if err != nil {
		return nil, err
	}
	var out []orderlookup.Known
	for _, r := range rows {
		i := desk.AsIdentity(r)
		k := orderlookup.Known{Kind: i.Kind(), Value: i.Value(), Proven: i.State() == desk.StateVerified}
		if k.Kind == desk.KindPhone {
			if n, home := phone.National(k.Value, settings.Region()); home {
				k.Also = []string{n}
			}
		}
		out = append(out, k)
	}
	slices.SortStableFunc(out, func(a, b orderlookup.Known) int {
		if a.Proven == b.Proven {
			return 0
		} else if a.Proven {
			return -1
		}
		return 1
	})
	return out, nil
}
