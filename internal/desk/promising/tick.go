package promising

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// batch is how many promises are looked for at once.
const batch = 100

// Tick warns of the promises that are due soon and notes those that were broken
// since the last time, each once, in the order of their times. It returns how
// many it dealt with. One that can't be dealt with holds up no other.
func (b *Book) Tick() (int, error) {
	warned, err := b.sweep("warn_at", "[[warn_at]] != ''", b.warn)
	broken, brokenErr := b.sweep("due_at", "[[state]] = 'open'", b.lapse)
	return warned + broken, errors.Join(err, brokenErr)
}

// sweep runs a verb on every promise of a condition whose time is over. There is
// an index for each: where stands as in the partial one of the warnings.
func (b *Book) sweep(column, where string, verb func(core.App, *desk.Promise) error) (n int, err error) {
	now := desk.Date(desk.Now(b.app)).String()
	from, after := "", ""
	for {
		var rows []struct {
			ID string `db:"id"`
			At string `db:"at"`
		}
		query := b.app.DB().Select("id", column+" AS at").From(desk.Name(b.app, desk.Promises)).
			Where(dbx.NewExp(where)).
			AndWhere(dbx.NewExp("[["+column+"]] <= {:now} AND ([["+column+"]], [[id]]) > ({:from}, {:after})",
				dbx.Params{"now": now, "from": from, "after": after})).
			OrderBy(column, "id").Limit(batch)
		if qErr := query.All(&rows); qErr != nil {
			return n, errors.Join(err, fmt.Errorf("promises that are due: %w", qErr))
		}
		for _, row := range rows {
			from, after = row.At, row.ID
			if oneErr := b.one(row.ID, verb); oneErr != nil {
				err = errors.Join(err, fmt.Errorf("promise %s: %w", row.ID, oneErr))
				continue
			}
			n++
		}
		if len(rows) < batch {
			return n, err
		}
	}
}

func (b *Book) one(id string, verb func(core.App, *desk.Promise) error) error {
	return b.commit.Do(func(tx core.App) error {
		p, err := desk.FindPromise(tx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if p.State() != desk.PromiseOpen { // somebody was faster
			if p.GetDateTime("warn_at").IsZero() {
				return nil
			}
			p.Set("warn_at", "") // settled by others, as when cases are merged
			return desk.Save(tx, p.Record)
		}
		return verb(tx, p)
	})
}

// warn tells whoever has the case that a promise is due soon, and makes the case
// his turn again.
func (b *Book) warn(tx core.App, p *desk.Promise) error {
	if p.GetDateTime("warn_at").IsZero() {
		return nil
	}
	p.Set("warn_at", "")
	if err := desk.Save(tx, p.Record); err != nil {
		return err
	}
	c, err := desk.FindCase(tx, p.Case())
	if err != nil {
		return err
	}
	if c.Done() || !desk.Now(tx).Before(p.Due()) { // too late for a warning
		return nil
	}
	if events := wake(c); len(events) > 0 {
		if err := save(tx, c, events); err != nil {
			return err
		}
	}
	return tell(tx, c, p, desk.NoticePromiseDue)
}

// lapse ends a promise whose time is over: broken, unless nobody waits for it
// any more. A case whose promised_at says something else was changed behind our
// back, and goes by that.
func (b *Book) lapse(tx core.App, p *desk.Promise) error {
	c, err := desk.FindCase(tx, p.Case())
	if err != nil {
		return err
	}
	same := c.GetDateTime("promised_at").Equal(p.GetDateTime("due_at"))
	if c.Done() || !same {
		kept := c.GetString("promised_at")
		reason := "done"
		if !c.Done() {
			reason = "changed"
		}
		ev, err := b.settle(tx, c, p, settling{state: desk.PromiseWithdrawn, reason: reason})
		if err != nil {
			return err
		}
		if !same {
			c.Set("promised_at", kept)
			ev.After["promised_at"] = kept
		}
		return save(tx, c, []desk.Event{ev})
	}
	ev, err := b.settle(tx, c, p, settling{state: desk.PromiseBroken})
	if err != nil {
		return err
	}
	if err := save(tx, c, append(wake(c), ev)); err != nil {
		return err
	}
	return tell(tx, c, p, desk.NoticePromiseBroken)
}

// wake makes a case our turn that waits for others: we have given our word.
func wake(c *desk.Case) []desk.Event {
	before := c.Status()
	if before != desk.Pending && before != desk.OnHold {
		return nil
	}
	c.Set("status", desk.Open)
	return []desk.Event{{Case: c.Id, Kind: "status",
		Before: map[string]any{"status": before}, After: map[string]any{"status": desk.Open, "by": "promise"}}}
}

// tell tells whoever has the case, else whoever gave his word, or those who stand
// in for them; where nobody does, those who answer for the team.
func tell(tx core.App, c *desk.Case, p *desk.Promise, kind string) error {
	who, err := desk.Present(tx, c.Team(), c.Assignee())
	if err == nil && len(who) == 0 {
		who, err = desk.Listeners(tx, c.Team(), p.Agent())
	}
	if err != nil {
		return err
	}
	var notices []desk.Notice
	for _, id := range who {
		notices = append(notices, desk.Notice{Agent: id, Kind: kind, Case: c.Id, Data: map[string]any{"due_at": p.GetString("due_at"), "promise": p.Id}})
	}
	return desk.Notify(tx, notices...)
}
