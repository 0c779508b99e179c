package ruling

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// long is how long one query for what came of age may take; after days without a
// server there may be much of it.
const long = 20 * time.Second

// errEnding says that the server stops: the rest is for the next start.
var errEnding = errors.New("the server stops")

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
	stopped, looked := map[string]bool{}, map[*Rule]time.Time{}
	for _, r := range b.rules[TimePassed] {
		if e.ending.Load() {
			break
		}
		until, one := e.passed(r, stopped)
		if one != nil && !errors.Is(one, errEnding) && !errors.Is(one, errRetired) {
			err = errors.Join(err, fmt.Errorf("rule %s: %w", r.ID, one))
		}
		if one == nil && !until.IsZero() {
			looked[r] = until
		}
	}
	return errors.Join(err, e.looked(looked))
}

// passed deals with the cases that came of age for a rule and gives up to where it
// looked, the zero time where that is nothing new. It is kept as a time at which
// cases got their status: with the calendar changed meanwhile none is missed and,
// since each state is noted, none comes twice.
func (e *Engine) passed(r *Rule, stopped map[string]bool) (time.Time, error) {
	none := time.Time{}
	calendar, err := desk.CalendarOf(e.app, "")
	if err != nil {
		return none, err
	}
	rec, err := find(e.app, desk.Rules, r.ID)
	if rec == nil || err != nil {
		return none, err
	}
	until := calendar.Before(desk.Now(e.app), r.Delay)
	since := rec.GetDateTime("looked_until").Time()
	if since.IsZero() { // what came of age before the rule was switched on stays as it is
		since = r.activeFrom
		if since.IsZero() {
			since = desk.Now(e.app)
		}
		since = calendar.Before(since, r.Delay)
		if !since.Before(until) {
			return since, nil
		}
	}
	if !since.Before(until) {
		return none, nil
	}
	for _, status := range r.States {
		if err := e.aged(r, status, since, until, stopped); err != nil {
			return none, err
		}
	}
	return until, nil
}

// looked keeps up to where rules looked. One that was changed meanwhile begins
// anew from then: what was looked at belongs to what it was before.
func (e *Engine) looked(until map[*Rule]time.Time) error {
	if len(until) == 0 {
		return nil
	}
	return e.config.Commit.Do(func(tx core.App) error {
		for r, at := range until {
			stands, err := r.stands(tx)
			if err == nil && stands {
				_, err = tx.DB().Update(desk.Name(tx, desk.Rules), dbx.Params{"looked_until": desk.Date(at).String()}, dbx.HashExp{"id": r.ID}).Execute()
			}
			if err != nil {
				return fmt.Errorf("up to where rules looked: %w", err)
			}
		}
		return nil
	})
}

// aged fires a rule on the cases that got a status after one time and up to another.
func (e *Engine) aged(r *Rule, status string, since, until time.Time, stopped map[string]bool) error {
	at, id := desk.Date(since).String(), "~" // no id comes after it: the bound itself is left out
	for {
		q, err := r.Aged(e.app, status, at, id, desk.Date(until).String())
		if err != nil {
			return e.broken(r, err, "")
		}
		var rows []struct {
			ID string `db:"case"`
			At string `db:"at"`
		}
		if err := hasty(q.Limit(batch), &rows); errors.Is(err, context.DeadlineExceeded) {
			return e.broken(r, &trouble{CodeSlow, r.Filter}, "")
		} else if err != nil {
			return err
		}
		for _, row := range rows {
			at, id = row.At, row.ID
			if stopped[row.ID] {
				continue
			}
			if err := e.age(r, row.ID, status, row.At); err != nil {
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
		if c == nil || err != nil || c.Status() != status || c.GetString("status_since") != since {
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

// Aged is a query for the cases that meet the rule's filter and got a status
// after one place of (status_since, id) and up to a time, in this order. It gives
// "case", "row" and "at".
func (r *Rule) Aged(app core.App, status, at, id, until string) (*dbx.SelectQuery, error) {
	f, err := About(TimePassed).Compile(app, r.Filter)
	if err != nil {
		return nil, err
	}
	q := app.DB().Select("c.id AS case", "c.id AS row", "c.status_since AS at").
		From("{{"+desk.Name(app, desk.Cases)+"}} c INDEXED BY [[idx_"+desk.Cases+"_since]]").
		Where(dbx.NewExp("[[c.status]] = {:status} AND [[c.status_since]] <= {:until} AND ([[c.status_since]], [[c.id]]) > ({:at}, {:id})",
			dbx.Params{"status": status, "until": until, "at": at, "id": id})).
		AndWhere(dbx.NewExp("[[c.merged_into]] = ''")).
		OrderBy("c.status_since", "c.id")
	if f.Where != nil {
		q.AndWhere(f.Where)
	}
	f.Join(q)
	return q, nil
}
