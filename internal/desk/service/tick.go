package service

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// batch is how many cases are looked for at once.
const batch = 100

// due is a case of which something is to be told.
type due struct {
	At string `db:"tell_at"`
	ID string `db:"id"`
}

func (a due) compare(b due) int {
	if c := strings.Compare(a.At, b.At); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// Tick warns of all that is due soon and tells of all that is late, in the order
// of the moments at which that came to pass, each once: also after days without a
// server. It returns how much it told. A case that can't be dealt with holds up no
// other. A tick that comes while one is under way is left out.
func (s *Station) Tick() (n int, err error) {
	if !s.ticking.TryLock() {
		return 0, nil
	}
	defer s.ticking.Unlock()
	now := desk.Date(desk.Now(s.app)).String()
	var from due
	for {
		rows, qErr := s.due(now, from)
		if qErr != nil {
			return n, errors.Join(err, qErr)
		}
		if len(rows) == 0 {
			return n, err
		}
		last, whole := rows[len(rows)-1], len(rows) == batch
		for len(rows) > 0 {
			from, rows = rows[0], rows[1:]
			next, told, oneErr := s.one(from.ID, now)
			if oneErr != nil {
				err = errors.Join(err, fmt.Errorf("case %s: %w", from.ID, oneErr))
				continue
			}
			if told {
				n++
			}
			// the case's next moment may come before another case's
			again := due{next, from.ID}
			if next != "" && next <= now && again.compare(from) > 0 && (!whole || again.compare(last) <= 0) {
				at, _ := slices.BinarySearchFunc(rows, again, due.compare)
				rows = slices.Insert(rows, at, again)
			}
		}
		if !whole {
			return n, err
		}
		from = last
	}
}

// due are the next cases of which something is to be told, by the partial index.
func (s *Station) due(now string, from due) (rows []due, err error) {
	err = s.dueQuery(now, from).All(&rows)
	if err != nil {
		err = fmt.Errorf("dues to be told of: %w", err)
	}
	return rows, err
}

func (s *Station) dueQuery(now string, from due) *dbx.SelectQuery {
	return s.app.DB().Select("tell_at", "id").From(desk.Name(s.app, desk.Cases)).
		Where(dbx.NewExp("[[tell_at]] != ''")). // as in the partial index
		AndWhere(dbx.NewExp("[[tell_at]] <= {:now} AND ([[tell_at]], [[id]]) > ({:at}, {:id})", dbx.Params{"now": now, "at": from.At, "id": from.ID})).
		OrderBy("tell_at", "id").Limit(batch)
}

// one tells one thing of a case and returns when the next is to be told; "" where
// there is none. told is false where somebody was faster.
func (s *Station) one(id, now string) (next string, told bool, err error) {
	err = s.Commit.Do(func(tx core.App) error {
		next, told = "", false
		c, err := desk.FindCase(tx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		at := c.GetString("tell_at")
		if at == "" || at > now {
			return nil // changed meanwhile
		}
		a, ok := c.NextAlarm()
		c.SetTold(a) // also where there is nothing: the date goes
		if err := desk.Save(tx, c.Record); err != nil {
			return err
		}
		next = c.GetString("tell_at")
		if !ok {
			return nil
		}
		told = true
		return s.tell(tx, c, a)
	})
	return next, told, err
}

// tell notes an alarm and tells whoever has the case, or answers for it.
func (s *Station) tell(tx core.App, c *desk.Case, a desk.Alarm) error {
	policy := desk.PolicyName(tx, c.GetString("policy"))
	if err := desk.Record(tx, c.Alarmed(a, policy)); err != nil {
		return err
	}
	kind, notice := Warning, desk.NoticeSLAWarning
	if a.Kind == desk.EventSLABreached {
		kind, notice = Breach, desk.NoticeSLABreached
	}
	escalated, err := s.escalate(tx, c, a.Which, kind)
	if err != nil {
		return err
	}
	who, err := listeners(tx, c, kind)
	if err != nil {
		return err
	}
	for _, agent := range who {
		if slices.Contains(escalated, agent) {
			continue // he was told just now, and is to take it on
		}
		err := desk.Notify(tx, desk.Notice{Agent: agent, Kind: notice, Case: c.Id, Data: map[string]any{
			"due": desk.Date(a.Due), "due_at": desk.Date(a.Due), "which": a.Which, "policy": policy,
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// escalate lets the alarm set off what it does, and returns whom that told of the case.
func (s *Station) escalate(tx core.App, c *desk.Case, which, kind string) (told []string, err error) {
	if s.Breached == nil {
		return nil, nil
	}
	notices, last := desk.Name(tx, desk.Notices), int64(0)
	if err := tx.DB().Select("COALESCE(MAX([[rowid]]), 0)").From(notices).Row(&last); err != nil {
		return nil, fmt.Errorf("notices: %w", err)
	}
	if err := s.Breached(tx, c, which, kind); err != nil {
		return nil, err
	}
	err = tx.DB().Select("agent").From(notices).
		Where(dbx.NewExp("[[rowid]] > {:last} AND +[[case]] = {:case} AND +[[kind]] = {:kind}", dbx.Params{"last": last, "case": c.Id, "kind": desk.NoticeEscalated})).
		Column(&told)
	if err != nil {
		return nil, fmt.Errorf("notices: %w", err)
	}
	return told, nil
}

// listeners are who hears of an alarm: of a warning whoever has the case, or stands
// in for him, else who answers for it; of a breach both.
func listeners(tx core.App, c *desk.Case, kind string) ([]string, error) {
	if kind == Warning {
		return desk.Listeners(tx, c.Team(), c.Assignee())
	}
	who, err := desk.Present(tx, c.Team(), c.Assignee())
	if err != nil {
		return nil, err
	}
	chiefs, err := desk.Chiefs(tx, c.Team())
	for _, id := range chiefs {
		if !slices.Contains(who, id) {
			who = append(who, id)
		}
	}
	return who, err
}
