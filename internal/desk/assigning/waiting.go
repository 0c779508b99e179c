package assigning

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// How many waiting cases one minute looks at, and one question.
const (
	waitingMost = 20_000
	waitingPage = 500
)

// giveOut gives cases that wait to whoever has room by now, the most urgent first.
func (s *Station) giveOut() (n int, err error) {
	look, err := newRound(s.app)
	if err != nil {
		return 0, err
	}
	ids, err := look.givable()
	if err != nil {
		return 0, err
	}
	for part := range slices.Chunk(ids, atOnce) {
		given := 0
		oneErr := s.commit.Do(func(tx core.App) error {
			given = 0
			r, err := newRound(tx)
			if err != nil {
				return err
			}
			for _, id := range part {
				ok, err := r.giveWaiting(id)
				if err != nil {
					return err
				}
				if ok {
					given++
				}
			}
			return nil
		})
		if oneErr != nil {
			err = errors.Join(err, fmt.Errorf("cases that wait: %w", oneErr))
			continue
		}
		n += given
	}
	return n, err
}

// givable are waiting cases for which somebody would have room, as things stand;
// or which need not wait, since their team gives out none any more. Nothing is written.
func (r *round) givable() (ids []string, err error) {
	from, after := "", ""
	for looked := 0; looked < waitingMost; looked += waitingPage {
		rows, err := r.waiting(from, after)
		if err != nil {
			return nil, err
		}
		if looked == 0 && len(rows) > 0 {
			if err := r.count(); err != nil {
				return nil, err
			}
		}
		for _, c := range rows {
			to, err := r.give(c.subject, false)
			if err != nil {
				return nil, err
			}
			if p := r.people[to.To]; p != nil {
				p.open++
				p.AssignedAt = r.turn()
			}
			if to.To != "" || !to.Waits {
				ids = append(ids, c.ID)
			}
			from, after = c.DueAt, c.ID
		}
		if len(rows) < waitingPage {
			break
		}
	}
	return ids, nil
}

type waitingCase struct {
	subject
	DueAt string `db:"due_at"`
}

// waiting reads one page of the cases that wait, behind a place.
func (r *round) waiting(from, after string) ([]waitingCase, error) {
	var rows []waitingCase
	err := r.app.DB().Select("id", "team", "category", "locale", "contact", "assignee", "due_at").From(desk.Name(r.app, desk.Cases)).
		Where(dbx.NewExp("[[queued_at]] != '' AND [[assignee]] = '' AND [[resolved_at]] = ''")). // as in the partial index
		AndWhere(dbx.NewExp("(+[[status]] = 'new' OR +[[status]] = 'open')")).                   // + keeps other indexes out
		AndWhere(dbx.NewExp("([[due_at]], [[id]]) > ({:from}, {:after})", dbx.Params{"from": from, "after": after})).
		OrderBy("due_at", "id").Limit(waitingPage).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("cases that wait: %w", err)
	}
	return rows, nil
}

// giveWaiting gives one of them, unless it waits no more.
func (r *round) giveWaiting(id string) (bool, error) {
	c, err := r.read(id)
	if err != nil || c == nil || c.Done() || c.GetDateTime("queued_at").IsZero() || c.Assignee() != "" {
		return false, err
	}
	to, moves, err := r.decide(subjectOf(c), ours(c), false)
	if err != nil {
		return false, err
	}
	if moves {
		return true, r.hand(c, to)
	}
	return false, r.mark(c, to.Waits)
}
