package service

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// latePlace is the row of desk_places that counts the cases that became late
// because dues were found anew, and of which nobody was told yet. It is written
// together with them.
const latePlace = "dues_late"

// quietly counts what is owed and late now, was not before, and is told of by no alarm.
func quietly(before, after desk.Marks) (n int) {
	for which, m := range after {
		was := before[which]
		if m.Breached && m.Ended == "" && (was == nil || !was.Breached || !was.Since.Equal(m.Since)) {
			n++
		}
	}
	return n
}

// addLate notes in a transaction that so many more cases became late.
func addLate(tx core.App, n int) error {
	if n == 0 {
		return nil
	}
	was, err := lateOnes(tx)
	if err != nil {
		return err
	}
	return keepPlace(tx, latePlace, "", was+n)
}

func lateOnes(app core.App) (int, error) {
	r, err := app.FindRecordById(desk.Places, latePlace)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("cases that became late: %w", err)
	}
	return r.GetInt("row"), nil
}

// tellLate tells everybody who answers for cases that became late, once and of all
// that are late by now: an alarm for each would be a storm, and none a trap.
func (s *Station) tellLate() error {
	if n, err := lateOnes(s.app); err != nil || n == 0 {
		return err
	}
	return s.Commit.Do(func(tx core.App) error {
		if n, err := lateOnes(tx); err != nil || n == 0 { // another process was faster
			return err
		}
		if err := keepPlace(tx, latePlace, "", 0); err != nil {
			return err
		}
		var teams []struct {
			Team string `db:"team"`
			N    int    `db:"n"`
		}
		if err := lateQuery(tx).All(&teams); err != nil {
			return fmt.Errorf("cases that are late: %w", err)
		}
		var order []string
		counts := map[string]int{}
		for _, t := range teams {
			chiefs, err := desk.Chiefs(tx, t.Team)
			if err != nil {
				return err
			}
			for _, id := range chiefs {
				if counts[id] == 0 {
					order = append(order, id)
				}
				counts[id] += t.N
			}
		}
		for _, id := range order {
			err := desk.Notify(tx, desk.Notice{Agent: id, Kind: desk.NoticeSLALate, Same: desk.NoticeSLALate, Data: map[string]any{"count": counts[id]}})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// lateQuery counts the open cases of each team that are late, by the index of dues.
func lateQuery(app core.App) *dbx.SelectQuery {
	return app.DB().Select("team", "COUNT(*) AS n").
		From("{{" + desk.Name(app, desk.Cases) + "}} INDEXED BY [[idx_" + desk.Cases + "_open]]").
		Where(dbx.NewExp("([[status]] = 'new' OR [[status]] = 'open')")). // as in the partial index
		AndWhere(dbx.NewExp("[[due_at]] > '' AND [[due_at]] <= {:now} AND +[[policy]] != ''", dbx.Params{"now": desk.Date(desk.Now(app)).String()})).
		GroupBy("team").OrderBy("team")
}
