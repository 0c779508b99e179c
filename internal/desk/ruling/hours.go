package ruling

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// sweep is how often what lies between the calendars is looked at again: a case
// that moved to another team waits by that one's hours from then on.
const sweep = time.Hour

// hours say by which calendars cases wait: that of the service level, else that of
// the team, else the shop's, whose id is "".
type hours struct {
	policies, teams map[string]string // calendars of those that have their own
	ids             []string          // all calendars, the shop's first
}

// hoursOf reads them; they are kept for as long as one looks.
func hoursOf(app core.App) (*hours, error) {
	h := &hours{ids: []string{""}}
	for collection, to := range map[string]*map[string]string{desk.SLAPolicies: &h.policies, desk.Teams: &h.teams} {
		var rows []struct {
			ID       string `db:"id"`
			Calendar string `db:"calendar"`
		}
		err := app.DB().Select("id", "calendar").From(desk.Name(app, collection)).Where(dbx.NewExp("[[calendar]] != ''")).OrderBy("id").All(&rows)
		if err != nil {
			return nil, fmt.Errorf("by which calendars cases wait: %w", err)
		}
		*to = map[string]string{}
		for _, r := range rows {
			(*to)[r.ID] = r.Calendar
			if !slices.Contains(h.ids, r.Calendar) {
				h.ids = append(h.ids, r.Calendar)
			}
		}
	}
	slices.Sort(h.ids)
	return h, nil
}

// of is the calendar of a case.
func (h *hours) of(c *desk.Case) string {
	if id := h.policies[c.GetString("policy")]; id != "" {
		return id
	}
	return h.teams[c.Team()]
}

// waiting is a case's calendar.
func waiting(app core.App, c *desk.Case) (*calendar.Calendar, error) {
	h, err := hoursOf(app)
	if err != nil {
		return nil, err
	}
	return desk.CalendarOf(app, h.of(c))
}

// where narrows cases c to those that wait by a calendar; nil where all do.
func (h *hours) where(id string) dbx.Expression {
	if len(h.ids) == 1 {
		return nil
	}
	with := func(all map[string]string, own bool) []any {
		var out []any
		for k, v := range all {
			if own || v == id {
				out = append(out, k)
			}
		}
		slices.SortFunc(out, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		return out
	}
	byTeam := dbx.In("c.team", with(h.teams, false)...)
	if id == "" {
		byTeam = dbx.NotIn("c.team", with(h.teams, true)...)
	}
	byTeam = dbx.And(byTeam, dbx.NotIn("c.policy", with(h.policies, true)...))
	if id == "" {
		return byTeam
	}
	return dbx.Or(dbx.In("c.policy", with(h.policies, false)...), byTeam)
}

// looked is up to where a rule looked at cases, by calendar.
type looked map[string]time.Time

// readLooked reads it from a rule's record.
func readLooked(r *core.Record) looked {
	out := looked{}
	shop := r.GetDateTime("looked_until").Time()
	if shop.IsZero() { // it begins anew
		return out
	}
	var kept map[string]string
	_ = r.UnmarshalJSONField("looked", &kept)
	for id, text := range kept {
		if at, err := time.Parse(dateFormat, text); err == nil {
			out[id] = at
		}
	}
	out[""] = shop
	return out
}

const dateFormat = "2006-01-02 15:04:05.000Z"

// fields are what is kept of it.
func (l looked) fields() (dbx.Params, error) {
	kept := map[string]string{}
	for id, at := range l {
		if id != "" {
			kept[id] = desk.Date(at).String()
		}
	}
	raw, err := json.Marshal(kept)
	return dbx.Params{"looked_until": desk.Date(l[""]).String(), "looked": string(raw)}, err
}

// earliest is up to where all cases were looked at, whatever their calendar.
func (l looked) earliest() (at time.Time) {
	for _, one := range l {
		if at.IsZero() || one.Before(at) {
			at = one
		}
	}
	return at
}

// column is since when a case waits for a rule.
func (r *Rule) column() string {
	if r.Since == SinceNudged {
		return "nudged_at"
	}
	return "status_since"
}

// Column names the field of a case from which a rule of [TimePassed] counts.
func (r *Rule) Column() string { return r.column() }

// Until is since when a case must wait at the latest, so that a rule of
// [TimePassed] is about it now, by the calendar that is furthest.
func (r *Rule) Until(app core.App) (until time.Time, err error) {
	h, err := hoursOf(app)
	if err != nil {
		return until, err
	}
	for _, id := range h.ids {
		c, err := desk.CalendarOf(app, id)
		if err != nil {
			return until, err
		}
		if at := c.Before(desk.Now(app), r.Delay); at.After(until) {
			until = at
		}
	}
	return until, nil
}

// ofAge narrows cases c to those that waited long enough, each by its calendar.
func (r *Rule) ofAge(app core.App) (dbx.Expression, error) {
	h, err := hoursOf(app)
	if err != nil {
		return nil, err
	}
	var any []dbx.Expression
	for i, id := range h.ids {
		c, err := desk.CalendarOf(app, id)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("aged%d", i)
		aged := dbx.NewExp("[[c."+r.column()+"]] <= {:"+name+"}", dbx.Params{name: desk.Date(c.Before(desk.Now(app), r.Delay)).String()})
		any = append(any, dbx.And(h.where(id), aged))
	}
	return dbx.Or(any...), nil
}

// fresh narrows cases c to those on which the rule did nothing in their state yet.
func (r *Rule) fresh(app core.App) dbx.Expression {
	return dbx.NewExp("NOT EXISTS (SELECT 1 FROM {{"+desk.Name(app, desk.RuleRuns)+"}} ran WHERE [[ran.rule]] = {:rule} AND [[ran.case]] = [[c.id]]"+
		" AND [[ran.state]] = [[c.status]] || ' ' || [[c.status_since]])", dbx.Params{"rule": r.ID})
}
