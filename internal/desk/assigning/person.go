package assigning

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Skills are what a person takes by itself where a team gives out by skill. An
// empty list is all.
type Skills struct {
	Categories []string `json:"categories"`
	Languages  []string `json:"languages"`
}

// knows tells whether they hold a case's category and language; what a case
// doesn't say is known to all.
func (s Skills) knows(category, locale string) bool {
	in := func(list []string, v string) bool { return v == "" || len(list) == 0 || slices.Contains(list, v) }
	return in(s.Categories, category) && in(s.Languages, locale)
}

// person is one member of staff.
type person struct {
	ID         string         `db:"id"`
	Name       string         `db:"name"`
	Role       string         `db:"role"`
	Team       string         `db:"team"`
	RawSkills  types.JSONRaw  `db:"skills"`
	Capacity   int            `db:"capacity"`
	From       types.DateTime `db:"away_from"`
	Until      types.DateTime `db:"away_until"`
	Substitute string         `db:"substitute"`
	OnLeave    string         `db:"on_leave"`
	NoTurn     bool           `db:"no_turn"`
	AssignedAt types.DateTime `db:"assigned_at"`
	HandedOver types.DateTime `db:"handed_over"`

	skills Skills
	order  int // in which they came
	open   int // cases that are his turn, counted when asked for
}

func (p *person) away(at time.Time) bool { return desk.Away(p.From.Time(), p.Until.Time(), at) }

func (p *person) works() bool { return p.Role != "" && p.Role != desk.RoleIntegration }

// full tells whether he has as many open cases as he may.
func (p *person) full() bool { return p.Capacity > 0 && p.open >= p.Capacity }

// people are all members of staff. There are few: a shop has 1 to 30.
func people(app core.App) ([]*person, error) {
	var list []*person
	err := app.DB().Select("id", "name", "role", "team", "skills", "capacity", "away_from", "away_until",
		"substitute", "on_leave", "no_turn", "assigned_at", "handed_over").
		From(desk.Name(app, desk.Agents)).OrderBy("created", "id").All(&list)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	for i, p := range list {
		p.order = i
		p.skills = Skills{Categories: []string{}, Languages: []string{}}
		_ = json.Unmarshal(p.RawSkills, &p.skills) // a slip counts as none
	}
	return list, nil
}
