package ruling

import (
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// sight is how plans look up what isn't the case's own: teams, people, templates.
// A trial keeps what it found once; what is really done looks each time.
type sight struct {
	app     core.App
	subject Subject   // what happened
	rule    *Rule     // that is planned
	kept    *sync.Map // nil: nothing is kept
	near    *near     // nil: each case is asked about by itself
}

// near is what a trial found out of a handful of cases together.
type near struct {
	said   map[string]said   // by case
	causes map[string]cause  // by line of the audit trail
	reach  map[string]string // by case: why no answer reaches its visitor
	pasts  map[string]past   // by case, of those that are done
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

// listeners are who hears of what is meant for somebody, see [desk.Listeners].
func (s sight) listeners(team, agent string) ([]string, error) {
	return once(s, "listeners "+agent+" "+team, func() ([]string, error) { return desk.Listeners(s.app, team, agent) })
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

// said is who said last whose a case is.
func (s sight) said(caseID string) (said, error) {
	if s.near != nil {
		if who, ok := s.near.said[caseID]; ok {
			return who, nil
		}
	}
	all, err := saidOf(s.app, caseID)
	return all[caseID], err
}

// cause is what staff changed; none of other events.
func (s sight) cause() (cause, error) {
	if s.subject.Event != StaffChanged {
		return cause{}, nil
	}
	if s.near != nil {
		if c, ok := s.near.causes[s.subject.Row]; ok {
			return c, nil
		}
	}
	all, err := causesOf(s.app, s.subject.Row)
	return all[s.subject.Row], err
}

// locale is the language in which a case's visitor gets a template; "" where
// there is none.
func (s sight) locale(template string, c *desk.Case) string {
	locale, _ := once(s, "locale "+template+" "+c.Locale(), func() (string, error) {
		settings, err := desk.LoadSettings(s.app)
		if err != nil {
			return "", err
		}
		t, err := desk.FindTemplate(s.app, template, c.Locale(), settings.Locale)
		return t.Locale, err
	})
	return locale
}
