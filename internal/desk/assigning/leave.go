package assigning

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// leave hands over for everybody whose absence began, each absence once, the
// earliest first. One that is over by now, as after days without a server, is
// noted and leaves his cases where they are.
func (s *Station) leave() (n int, err error) {
	var rows []struct {
		ID string `db:"id"`
	}
	now := desk.Date(desk.Now(s.app)).String()
	qErr := s.app.DB().Select("id").From(desk.Name(s.app, desk.Agents)).
		Where(dbx.NewExp("[[away_from]] != '' AND [[away_from]] <= {:now} AND [[handed_over]] != [[away_from]]", dbx.Params{"now": now})).
		OrderBy("away_from", "id").All(&rows)
	if qErr != nil {
		return 0, fmt.Errorf("absences that began: %w", qErr)
	}
	for _, row := range rows {
		for more := true; more; {
			did := 0
			oneErr := s.commit.Do(func(tx core.App) (err error) {
				did, more, err = leaveSome(tx, row.ID)
				return err
			})
			if oneErr != nil {
				err = errors.Join(err, fmt.Errorf("absence of %s: %w", row.ID, oneErr))
				break
			}
			n += did
		}
	}
	return n, err
}

// leaveSome hands over as many cases of an absence as one transaction holds; the
// last of them notes that the absence was dealt with.
func leaveSome(tx core.App, id string) (n int, more bool, err error) {
	agent, err := tx.FindRecordById(desk.Agents, id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	r, err := newRound(tx)
	if err != nil {
		return 0, false, err
	}
	p := r.people[id]
	if p.away(r.now) && p.OnLeave != desk.LeaveKeep {
		if n, more, err = r.handOver(p, ""); err != nil || more {
			return n, more, err
		}
	}
	if p.From.Time().After(r.now) {
		return n, false, nil // put off meanwhile
	}
	_, err = tx.DB().Update(desk.Name(tx, desk.Agents), dbx.Params{"handed_over": agent.GetString("away_from")}, dbx.HashExp{"id": id}).Execute()
	if err != nil {
		return n, false, fmt.Errorf("absence: %w", err)
	}
	return n, false, nil
}

// handOver gives the cases that are somebody's turn to others: all to one, or
// each to whoever stands in for him. more tells that there are others left.
func (r *round) handOver(p *person, to string) (n int, more bool, err error) {
	cases, err := r.openOf(p.ID, atOnce+1)
	if err != nil {
		return 0, false, err
	}
	steps, err := r.handThese(cases[:min(len(cases), atOnce)], p, to)
	for _, st := range steps {
		if st.moves {
			n++
		}
	}
	return n, len(cases) > atOnce && n > 0, err
}

// step is where one case of a handover goes.
type step struct {
	to    choice
	moves bool
}

// handThese gives cases of somebody to others, each as things are by then, and
// tells everybody who got some once.
func (r *round) handThese(cases []*desk.Case, p *person, to string) (steps []step, err error) {
	got := map[string]int{}
	for _, c := range cases {
		st, err := r.planOne(c, p, to)
		if err != nil {
			return nil, err
		}
		steps = append(steps, st)
		if !st.moves {
			continue
		}
		if err := r.hand(c, st.to); err != nil {
			return nil, err
		}
		got[st.to.To]++
	}
	for _, q := range r.list { // in one order, whatever the map says
		if got[q.ID] == 0 {
			continue
		}
		err := desk.Notify(r.app, desk.Notice{Agent: q.ID, Kind: desk.NoticeHandedOver, Actor: r.actor, Data: map[string]any{"from": p.ID, "count": got[q.ID]}})
		if err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// planOne finds where one case of somebody goes: to the one named if he may have
// it, else to whoever takes it in the person's place.
func (r *round) planOne(c *desk.Case, p *person, to string) (st step, err error) {
	if to != "" {
		st.to = choice{To: to, Why: WhyHandover, For: p.ID}
		st.moves, err = r.serves(to, c.Team())
		return st, err
	}
	st.to, st.moves, err = r.instead(subjectOf(c), p, WhyLeave)
	return st, err
}

// openOf are the cases that are somebody's turn, the most urgent first.
func (r *round) openOf(id string, most int) ([]*desk.Case, error) {
	var rows []*core.Record
	err := r.app.RecordQuery(desk.Cases).AndWhere(dbx.HashExp{"assignee": id}).
		AndWhere(dbx.NewExp("([[status]] = 'new' OR [[status]] = 'open')")). // as in the partial index
		OrderBy("due_at", "id").Limit(int64(most)).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("open cases: %w", err)
	}
	out := make([]*desk.Case, len(rows))
	for i, r := range rows {
		out[i] = desk.AsCase(r)
	}
	return out, nil
}
