package escalating

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Tick takes the next step of all that nobody took on in time, the earliest
// first, and returns how many. After days without a server one step is taken of
// each: those who are told then have their time again. One that can't be taken
// holds up no other.
func (s *Station) Tick() (n int, err error) {
	now := desk.Date(desk.Now(s.app)).String()
	from, after := "", ""
	for {
		var rows []struct {
			ID string `db:"id"`
			At string `db:"next_at"`
		}
		query := s.app.DB().Select("id", "next_at").From(desk.Name(s.app, desk.CaseEscalations)).
			Where(dbx.NewExp("[[next_at]] != ''")). // as in the partial index
			AndWhere(dbx.NewExp("[[next_at]] <= {:now} AND ([[next_at]], [[id]]) > ({:from}, {:after})",
				dbx.Params{"now": now, "from": from, "after": after})).
			OrderBy("next_at", "id").Limit(batch)
		if qErr := query.All(&rows); qErr != nil {
			return n, errors.Join(err, fmt.Errorf("escalations that go on: %w", qErr))
		}
		for _, row := range rows {
			from, after = row.At, row.ID
			took := false
			oneErr := s.config.Commit.Do(func(tx core.App) (err error) {
				took, err = s.goOn(tx, row.ID)
				return err
			})
			if oneErr != nil {
				err = errors.Join(err, fmt.Errorf("escalation %s: %w", row.ID, oneErr))
			} else if took {
				n++
			}
		}
		if len(rows) < batch {
			return n, err
		}
	}
}

// goOn takes the next step of one, unless somebody was faster.
func (s *Station) goOn(tx core.App, id string) (bool, error) {
	run, err := findRun(tx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	due := run.GetDateTime("next_at").Time()
	if run.GetString("state") != desk.EscalationOpen || due.IsZero() || due.After(desk.Now(tx)) {
		return false, nil
	}
	c, err := desk.FindCase(tx, run.GetString("case"))
	if err != nil {
		return false, err
	}
	if c.Done() {
		return false, desk.EndEscalations(tx, c.Id, "done")
	}
	return true, s.advance(tx, c, run, "escalation")
}
