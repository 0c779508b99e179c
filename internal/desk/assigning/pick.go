package assigning

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// subject is what is asked of a case to find somebody for it.
type subject struct {
	ID       string `db:"id"`
	Team     string `db:"team"`
	Category string `db:"category"`
	Locale   string `db:"locale"`
	Contact  string `db:"contact"`
	Assignee string `db:"assignee"`
}

func subjectOf(c *desk.Case) subject {
	return subject{ID: c.Id, Team: c.Team(), Category: c.Category(), Locale: c.Locale(), Contact: c.Contact(), Assignee: c.Assignee()}
}

// choice is where a case goes. To is "" for the queue.
type choice struct {
	To    string
	Why   string
	For   string // who is away
	Waits bool   // it is to be given to whoever has room first
	Full  string // who stands in, but has no room for it
}

// give finds somebody for a case by its team's mode. force gives it out also
// where the mode leaves that to people.
func (r *round) give(c subject, force bool) (choice, error) {
	mode, err := r.mode(c.Team)
	if err != nil {
		return choice{}, err
	}
	if mode.SameAgent {
		found, err := r.same(c, mode)
		if err != nil || found.To != "" {
			return found, err
		}
	}
	if force && !mode.Auto() {
		mode.Mode = desk.LeastBusy
	}
	if !mode.Auto() {
		return choice{}, nil
	}
	fit, err := r.fit(c, mode)
	if err != nil {
		return choice{}, err
	}
	if len(fit) == 0 {
		return choice{Waits: true}, nil
	}
	byTurn := func(a, b *person) int {
		return cmp.Or(a.AssignedAt.Time().Compare(b.AssignedAt.Time()), cmp.Compare(a.order, b.order))
	}
	if mode.Mode == desk.RoundRobin {
		return choice{To: slices.MinFunc(fit, byTurn).ID, Why: WhyTurn}, nil
	}
	best := slices.MinFunc(fit, func(a, b *person) int { return cmp.Or(cmp.Compare(a.open, b.open), byTurn(a, b)) })
	return choice{To: best.ID, Why: WhyFewest}, nil
}

// fit are those who may get a case by itself: of the pool, with what it needs
// to know, and with room.
func (r *round) fit(c subject, mode desk.Assignment) ([]*person, error) {
	pool, err := r.pool(c.Team)
	if err != nil {
		return nil, err
	}
	if err := r.count(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(pool, func(p *person) bool {
		return p.ID == c.Assignee || p.full() || mode.BySkill && !p.skills.knows(c.Category, c.Locale)
	}), nil
}

// pool are those who take cases of a team in turn and are there; in the place of
// one who is away stands his substitute. Cases without a team go to agents
// without one; where there are none, to all agents, else to all who work cases.
func (r *round) pool(team string) ([]*person, error) {
	var members []*person
	for _, is := range []func(p *person) bool{
		func(p *person) bool { return p.works() && p.Team == team && (team != "" || p.Role == desk.RoleAgent) },
		func(p *person) bool { return team == "" && p.Role == desk.RoleAgent },
		func(p *person) bool { return team == "" && p.works() },
	} {
		members = slices.DeleteFunc(slices.Clone(r.list), func(p *person) bool { return p.NoTurn || !is(p) })
		if len(members) > 0 {
			break
		}
	}
	var out []*person
	for _, p := range members {
		if p.away(r.now) {
			id, err := r.standIn(p.ID, team)
			if err != nil {
				return nil, err
			}
			p = r.people[id]
		}
		if p != nil && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out, nil
}

// sameCases is how many of a visitor's latest cases are asked who answered him.
const sameCases = 20

// same is whoever answered this visitor last and gets cases by itself, or stands in
// for him: if he has room, and knows what the mode asks for.
func (r *round) same(c subject, mode desk.Assignment) (choice, error) {
	if c.Contact == "" {
		return choice{}, nil
	}
	last, err := lastAuthor(r.app, c)
	if err != nil || last == "" || last == c.Assignee {
		return choice{}, err
	}
	to, why, away := last, WhySame, ""
	if p := r.people[last]; p == nil || p.NoTurn {
		return choice{}, nil
	} else if p.away(r.now) {
		if to, err = r.standIn(last, c.Team); err != nil {
			return choice{}, err
		}
		why, away = WhySubstitute, last
	}
	serves, err := r.serves(to, c.Team)
	if err != nil || !serves {
		return choice{}, err
	}
	p := r.people[to]
	if mode.BySkill && !p.skills.knows(c.Category, c.Locale) {
		return choice{}, nil
	}
	full, err := r.full(p)
	if err != nil || full {
		return choice{}, err
	}
	return choice{To: to, Why: why, For: away}, nil
}

// full tells whether a person has as many open cases as he may.
func (r *round) full(p *person) (bool, error) {
	if p.Capacity == 0 {
		return false, nil
	}
	err := r.count()
	return p.full(), err
}

func lastAuthor(app core.App, c subject) (string, error) {
	var rows []struct {
		Author string `db:"author"`
	}
	cases, messages := desk.Name(app, desk.Cases), desk.Name(app, desk.Messages)
	err := app.DB().NewQuery("SELECT [[m.author]] FROM (SELECT [[id]] FROM {{" + cases + "}} WHERE [[contact]] = {:contact} ORDER BY [[created]] DESC LIMIT {:most}) [[c]]" +
		" JOIN {{" + messages + "}} [[m]] ON [[m.case]] = [[c.id]] WHERE [[m.direction]] = 'out' AND [[m.author]] != '' ORDER BY [[m.created]] DESC, [[m.id]] DESC LIMIT 1").
		Bind(dbx.Params{"contact": c.Contact, "most": sameCases}).All(&rows)
	if err != nil {
		return "", fmt.Errorf("who answered last: %w", err)
	}
	if len(rows) == 0 {
		return "", nil
	}
	return rows[0].Author, nil
}

// inTurn tells whether a case is given by the team's mode.
func (c choice) inTurn() bool { return c.Why == WhyTurn || c.Why == WhyFewest || c.Why == WhySame }

// turn is the moment of the next turn. Two of one moment keep their order.
func (r *round) turn() types.DateTime {
	at := r.now
	for _, p := range r.list {
		if next := p.AssignedAt.Time().Add(time.Millisecond); next.After(at) {
			at = next
		}
	}
	return desk.Date(at)
}

// took notes that a person got a case in turn. It goes past the hooks of
// records: nobody watches this, and a realtime event for each case would be noise.
func (r *round) took(p *person) error {
	p.AssignedAt = r.turn()
	_, err := r.app.DB().Update(desk.Name(r.app, desk.Agents), dbx.Params{"assigned_at": p.AssignedAt.String()}, dbx.HashExp{"id": p.ID}).Execute()
	if err != nil {
		return fmt.Errorf("turn: %w", err)
	}
	return nil
}
