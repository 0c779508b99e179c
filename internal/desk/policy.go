package desk

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
)

// WarnAt is after how many percent of its time something that is due is warned of,
// where a policy says nothing else.
const WarnAt = 80

// Policy is a service level: what a case of its kind is owed, in working time.
type Policy struct {
	ID, Name string

	// Which cases it is for; an empty list is for all.
	Categories, Priorities, Channels, Tags []string

	Calendar          string          // "" is the team's, else the shop's
	First, Next, Done calendar.Amount // until the first answer, each further one, the resolution; N of 0 asks for none
	WarnAt            int             // percent, 1 to 99

	// Usual asks for answers as the settings promise them, sooner for what is
	// urgent, where First or Next asks for none. It comes after all that are not.
	Usual bool

	PauseOnHold bool // its times rest while others have their turn, too
}

// Subject is what decides which policy a case has. Channel and Tags are asked
// only where a policy looks at them; nil is none.
type Subject struct {
	Category, Priority string
	Channel            func() (string, error)   // by which way it came: a feedback's source
	Tags               func() ([]string, error) // of its contact
}

// Policies are the enabled policies in their order, the usual ones last, kept until
// one changes.
func Policies(app core.App) ([]*Policy, error) {
	return Cached(app, SLAPolicies, "enabled", func(app core.App) ([]*Policy, error) {
		rows, err := app.FindRecordsByFilter(SLAPolicies, "enabled = true", "usual,position,created,id", 0, 0)
		if err != nil {
			return nil, fmt.Errorf("service levels: %w", err)
		}
		list := make([]*Policy, 0, len(rows))
		for _, r := range rows {
			list = append(list, ReadPolicy(r))
		}
		return list, nil
	})
}

// ReadPolicy reads a record of the policies' collection. What can't be read
// counts as empty.
func ReadPolicy(r *core.Record) *Policy {
	p := &Policy{ID: r.Id, Name: r.GetString("name"), Calendar: r.GetString("calendar"), WarnAt: r.GetInt("warn_at"), Usual: r.GetBool("usual"), PauseOnHold: r.GetBool("pause_on_hold")}
	for field, to := range map[string]*[]string{"categories": &p.Categories, "priorities": &p.Priorities, "channels": &p.Channels, "contact_tags": &p.Tags} {
		_ = r.UnmarshalJSONField(field, to)
	}
	for field, to := range map[string]*calendar.Amount{"first_response": &p.First, "next_response": &p.Next, "resolution": &p.Done} {
		if s := r.GetString(field); s != "" {
			*to, _ = calendar.ParseAmount(s)
		}
	}
	if p.WarnAt < 1 || p.WarnAt > 99 {
		p.WarnAt = WarnAt
	}
	return p
}

// PolicyName is the name of an enabled policy; "" where there is none.
func PolicyName(app core.App, id string) string {
	if p := findPolicy(app, id); p != nil {
		return p.Name
	}
	return ""
}

func findPolicy(app core.App, id string) *Policy {
	list, err := Policies(app)
	if i := slices.IndexFunc(list, func(p *Policy) bool { return p.ID == id }); i >= 0 && err == nil {
		return list[i]
	}
	return nil
}

// PolicyFor is the first policy that fits; nil where none does.
func PolicyFor(app core.App, s Subject) (*Policy, error) {
	list, err := Policies(app)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if fits, err := p.fits(&s); fits || err != nil {
			return p, err
		}
	}
	return nil, nil
}

func (p *Policy) fits(s *Subject) (bool, error) {
	if !oneOf(p.Categories, s.Category) || !oneOf(p.Priorities, s.Priority) {
		return false, nil
	}
	if len(p.Channels) > 0 {
		channel, err := ask(&s.Channel)
		if err != nil || !slices.Contains(p.Channels, channel) {
			return false, err
		}
	}
	if len(p.Tags) > 0 {
		tags, err := ask(&s.Tags)
		if err != nil || !slices.ContainsFunc(tags, func(t string) bool { return slices.Contains(p.Tags, t) }) {
			return false, err
		}
	}
	return true, nil
}

func oneOf(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }

// ask asks once, and remembers the answer.
func ask[T any](question *func() (T, error)) (answer T, err error) {
	if *question == nil {
		return answer, nil
	}
	if answer, err = (*question)(); err == nil {
		*question = func() (T, error) { return answer, nil }
	}
	return answer, err
}

// SubjectOf is what decides which policy a case has.
func SubjectOf(app core.App, c *Case) Subject {
	return Subject{
		Category: c.Category(), Priority: c.Priority(),
		Channel: func() (string, error) { return textOf(app, Feedbacks, c.Feedback(), "source") },
		Tags: func() (tags []string, err error) {
			if c.Contact() == "" {
				return nil, nil
			}
			rows, err := app.FindRecordsByIds(Contacts, []string{c.Contact()})
			if len(rows) == 1 {
				_ = rows[0].UnmarshalJSONField("tags", &tags)
			}
			return tags, err
		},
	}
}

// textOf is one field of a record; "" where there is none.
func textOf(app core.App, collection, id, field string) (string, error) {
	if id == "" {
		return "", nil
	}
	var values []string
	err := app.DB().Select(field).From(Name(app, collection)).Where(dbx.HashExp{"id": id}).Column(&values)
	if err != nil || len(values) == 0 {
		return "", err
	}
	return values[0], nil
}

// Hours is the calendar by which a case's times are reckoned: its policy's, else
// its team's, else the shop's. policy may be nil.
func Hours(app core.App, policy *Policy, team string) (*calendar.Calendar, error) {
	id := ""
	switch {
	case policy != nil && policy.Calendar != "":
		id = policy.Calendar
	case policy != nil && team != "":
		teams, err := Cached(app, Teams, "calendars", teamCalendars)
		if err != nil {
			return nil, err
		}
		id = teams[team]
	}
	return CalendarOf(app, id)
}

// teamCalendars are the calendars of teams that have one of their own.
func teamCalendars(app core.App) (map[string]string, error) {
	rows, err := app.FindAllRecords(Teams)
	if err != nil {
		return nil, fmt.Errorf("calendars of teams: %w", err)
	}
	out := map[string]string{}
	for _, r := range rows {
		if id := r.GetString("calendar"); id != "" {
			out[r.Id] = id
		}
	}
	return out, nil
}
