package ruling

import (
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// sight is how plans look up what isn't the case's own: teams, people, templates.
// A trial keeps what it found once; what is really done looks each time.
type sight struct {
	app  core.App
	kept *sync.Map // nil: nothing is kept
}

// once finds something, or has it still.
func once[T any](s sight, key string, find func() (T, error)) (T, error) {
	if s.kept == nil {
		return find()
	}
	if v, ok := s.kept.Load(key); ok {
		return v.(T), nil
	}
	v, err := find()
	if err == nil {
		s.kept.Store(key, v)
	}
	return v, err
}

func (s sight) serves(agent, team string) (bool, error) {
	return once(s, "serves "+agent+" "+team, func() (bool, error) { return desk.Serves(s.app, agent, team) })
}

func (s sight) chiefs(team string) ([]string, error) {
	return once(s, "chiefs "+team, func() ([]string, error) { return desk.Chiefs(s.app, team) })
}

func (s sight) members(team string) ([]string, error) {
	return once(s, "members "+team, func() ([]string, error) { return members(s.app, team) })
}

// after is a time, some working time from now.
func (s sight) after(a calendar.Amount) (time.Time, error) {
	return once(s, "after "+a.String(), func() (time.Time, error) {
		c, err := desk.CalendarOf(s.app, "")
		if err != nil {
			return time.Time{}, err
		}
		return c.After(desk.Now(s.app), a).Truncate(time.Second), nil
	})
}

// missing says what an action points to that isn't there; nil where all is.
func (s sight) missing(one step) (*trouble, error) {
	return once(s, "missing "+one.do+" "+one.value+" "+one.whom, func() (*trouble, error) { return one.missing(s.app) })
}

// byPerson tells whether a person said last what a case's team, assignee or
// follow_up is: it stays then, as the kind of the audit trail's line tells.
func (s sight) byPerson(caseID, kind string) (bool, error) {
	var actors []string
	err := s.app.DB().Select("actor").From(desk.Name(s.app, desk.Events)).Where(dbx.HashExp{"case": caseID}).
		AndWhere(dbx.HashExp{"kind": kind}).OrderBy("created DESC", "rowid DESC").Limit(1).Column(&actors)
	if err != nil {
		return false, fmt.Errorf("who said so: %w", err)
	}
	return len(actors) > 0 && actors[0] != "", nil
}
