package ruling

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// long is how long one query for what came of age may take; after days without a
// server there may be much of it.
const long = 20 * time.Second

// errEnding says that the server stops: the rest is for the next start.
var errEnding = errors.New("the server stops")

// errResting says that a filter took too long: what came of age is looked at later.
var errResting = errors.New("the rule rests")

// Tick looks at what waited long enough since it was last asked, for every rule
// about time that passes, and at what is left of the audit trail. After days
// without a server it looks at all that came of age meanwhile.
func (e *Engine) Tick() error {
	err := e.Drain()
	e.ticks.Lock() // what happens meanwhile doesn't wait for what came of age
	defer e.ticks.Unlock()
	b, bookErr := load(e.app)
	if bookErr != nil {
		return errors.Join(err, bookErr)
	}
	err = errors.Join(err, e.goOn(b))
	h, hoursErr := hoursOf(e.app)
	if hoursErr != nil {
		return errors.Join(err, hoursErr)
	}
	t := &ticking{hours: h, stopped: map[string]bool{}, sweeps: !desk.Now(e.app).Before(e.swept.Add(sweep))}
	looked := map[*Rule]looked{}
	for _, r := range e.awake(b.rules[TimePassed]) {
		if e.ending.Load() {
			break
		}
		until, one := e.passed(r, t)
		if one != nil && !errors.Is(one, errEnding) && !errors.Is(one, errRetired) && one != errResting {
			err = errors.Join(err, fmt.Errorf("rule %s: %w", r.ID, one))
		}
		if one == nil && until != nil {
			looked[r] = until
		}
	}
	if t.sweeps {
		e.swept = desk.Now(e.app)
	}
	return errors.Join(err, e.looked(looked))
}

// ticking is one look at what waited long enough.
type ticking struct {
	hours   *hours
	sweeps  bool            // what lies between the calendars is looked at again
	stopped map[string]bool // cases on which a rule said that no other comes after it
}

// passed deals with the cases that came of age for a rule and gives up to where it
// looked by each calendar, nil where that is nothing new. It is kept as times from
// which cases wait: with a calendar changed meanwhile none is missed and, since
// each state is noted, none comes twice.
func (e *Engine) passed(r *Rule, t *ticking) (looked, error) {
	rec, err := find(e.app, desk.Rules, r.ID)
	if rec == nil || err != nil {
		return nil, err
	}
	was, changed := readLooked(rec), false
	now := looked{}
	for _, id := range t.hours.ids {
		hours, err := desk.CalendarOf(e.app, id)
		if err != nil {
			return nil, err
		}
		until := hours.Before(desk.Now(e.app), r.Delay)
		span := aging{until: until, where: t.hours.where(id)}
		if now[id], err = r.begin(e.app, hours, was, id); err != nil {
			return nil, err
		}
		span.since = now[id]
		if at := was.earliest(); t.sweeps && len(t.hours.ids) > 1 && !at.IsZero() && at.Before(span.since) {
			span.since, span.again = at, true
		}
		changed = changed || !now[id].Equal(was[id])
		if !span.since.Before(until) {
			continue
		}
		for _, span.status = range r.States {
			if err := e.aged(r, span, t.stopped); err != nil {
				return nil, err
			}
		}
		if now[id].Before(until) {
			now[id], changed = until, true
		}
	}
	if !t.sweeps { // what is kept of a calendar that is no longer in use counts at the next sweep
		for id, at := range was {
			if _, known := now[id]; !known {
				now[id] = at
			}
		}
	}
	if !changed && len(now) == len(was) {
		return nil, nil
	}
	return now, nil
}

// begin is up to where a rule looked by a calendar. By one that is new it is where
// all were looked at; what came of age before the rule was switched on stays as it is.
func (r *Rule) begin(app core.App, hours *calendar.Calendar, was looked, id string) (time.Time, error) {
	if at, known := was[id]; known {
		return at, nil
	}
	if at := was.earliest(); !at.IsZero() {
		return at, nil
	}
	since := r.activeFrom
	if since.IsZero() {
		since = desk.Now(app)
	}
	return hours.Before(since, r.Delay), nil
}

// looked keeps up to where rules looked. One that was changed meanwhile begins
// anew from then: what was looked at belongs to what it was before.
func (e *Engine) looked(until map[*Rule]looked) error {
	if len(until) == 0 {
		return nil
	}
	return e.config.Commit.Do(func(tx core.App) error {
		for r, at := range until {
			stands, err := r.stands(tx)
			if err == nil && stands {
				var fields dbx.Params
				if fields, err = at.fields(); err == nil {
					_, err = tx.DB().Update(desk.Name(tx, desk.Rules), fields, dbx.HashExp{"id": r.ID}).Execute()
				}
			}
			if err != nil {
				return fmt.Errorf("up to where rules looked: %w", err)
			}
		}
		return nil
	})
}

// aging is a part of the cases that came of age for a rule.
type aging struct {
	status       string
	since, until time.Time
	where        dbx.Expression // of which calendar
	again        bool           // they were looked at before, most of them
}

// aged fires a rule on the cases that wait since after one time and up to another.
func (e *Engine) aged(r *Rule, a aging, stopped map[string]bool) error {
	at, id := desk.Date(a.since).String(), "~" // no id comes after it: the bound itself is left out
	for {
		q, err := r.Aged(e.app, a.status, at, id, desk.Date(a.until).String())
		if err != nil {
			return e.broken(r, err, "")
		}
		if a.where != nil {
			q.AndWhere(a.where)
		}
		if a.again {
			q.AndWhere(r.fresh(e.app))
		}
		var rows []struct {
			ID string `db:"case"`
			At string `db:"at"`
		}
		if err := hasty(q.Limit(batch), &rows); errors.Is(err, context.DeadlineExceeded) {
			return errors.Join(errResting, e.broken(r, &trouble{CodeSlow, r.Filter}, ""))
		} else if err != nil {
			return err
		}
		e.fared([]*Rule{r}, []Verdict{{}})
		for _, row := range rows {
			at, id = row.At, row.ID
			if stopped[row.ID] {
				continue
			}
			if err := e.age(r, row.ID, a.status, row.At); err != nil {
				return err
			}
			if r.stop {
				stopped[row.ID] = true
			}
		}
		if len(rows) < batch {
			return nil
		}
		if e.ending.Load() {
			return errEnding
		}
	}
}

// hasty reads what a query gives, within bounds.
func hasty(q *dbx.SelectQuery, to any) error {
	ctx, cancel := context.WithTimeout(context.Background(), long)
	defer cancel()
	if err := q.WithContext(ctx).All(to); err != nil {
		return errors.Join(fmt.Errorf("what came of age: %w", err), ctx.Err())
	}
	return nil
}

// age fires a rule on one case, unless it moved on meanwhile.
func (e *Engine) age(r *Rule, id, status, since string) error {
	s := Subject{TimePassed, id, id}
	for range 5 {
		c, err := workable(e.app, id)
		if c == nil || err != nil || c.Status() != status || c.GetString(r.column()) != since {
			return err
		}
		if met, err := e.meets(r, s, c); !met || err != nil {
			return err
		}
		if _, err = e.fireSurely(r, s, c); !errors.Is(err, errChanged) {
			return err
		}
	}
	return errChanged
}

// Aged is a query for the cases that meet the rule's filter and wait since after
// one place of (status_since, id) and up to a time, in this order; of
// [SinceNudged] nudged_at stands for status_since. It gives "case", "row" and "at".
func (r *Rule) Aged(app core.App, status, at, id, until string) (*dbx.SelectQuery, error) {
	f, err := About(TimePassed).Compile(app, r.Filter)
	if err != nil {
		return nil, err
	}
	index, since := "since", "[[c."+r.column()+"]]"
	q := app.DB().Select("c.id AS case", "c.id AS row", "c."+r.column()+" AS at")
	where := "[[c.status]] = {:status} AND " + since + " <= {:until} AND (" + since + ", [[c.id]]) > ({:at}, {:id})"
	if r.Since == SinceNudged {
		index, where = "nudged", where+" AND [[c.nudged_at]] != ''"
	}
	q.From("{{"+desk.Name(app, desk.Cases)+"}} c INDEXED BY [[idx_"+desk.Cases+"_"+index+"]]").
		Where(dbx.NewExp(where, dbx.Params{"status": status, "until": until, "at": at, "id": id})).
		AndWhere(dbx.NewExp("[[c.merged_into]] = ''")).
		OrderBy("c."+r.column(), "c.id")
	if f.Where != nil {
		q.AndWhere(f.Where)
	}
	f.Join(q)
	return q, nil
}
