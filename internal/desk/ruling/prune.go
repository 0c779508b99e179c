package ruling

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// keepRuns is for how long it is kept what rules did. It is longer than trials
// look back, so that what a trial lists is never done a second time. The case's own
// audit trail keeps it as long as the case.
const keepRuns = 180 * 24 * time.Hour

// pruneAtOnce is how many runs one commit removes.
const pruneAtOnce = 500

// Prune removes what rules did long ago, and gives how many runs that were. What
// is about the state that a case still is in stays however old it is, as does what
// is yet to be tried again: by it a rule does its work once for each state.
func (e *Engine) Prune() (n int, err error) {
	at := []any{"", ""}
	for !e.ending.Load() {
		var rows []struct {
			ID      string `db:"id"`
			Created string `db:"created"`
		}
		err := e.app.DB().Select("r.id", "r.created").From("{{"+desk.Name(e.app, desk.RuleRuns)+"}} r").
			Where(e.longAgo()).AndWhere(dbx.NewExp("([[r.created]], [[r.id]]) > ({:at}, {:id})", dbx.Params{"at": at[0], "id": at[1]})).
			OrderBy("r.created", "r.id").Limit(pruneAtOnce).All(&rows)
		if err != nil {
			return n, fmt.Errorf("what rules did long ago: %w", err)
		}
		ids := make([]any, len(rows))
		for i, r := range rows {
			ids[i], at = r.ID, []any{r.Created, r.ID}
		}
		if len(ids) > 0 {
			removed, err := e.remove(ids)
			if n += removed; err != nil {
				return n, err
			}
		}
		if len(rows) < pruneAtOnce {
			return n, nil
		}
	}
	return n, nil
}

// longAgo are the runs r that nothing needs any more.
func (e *Engine) longAgo() dbx.Expression {
	return dbx.NewExp("[[r.created]] < {:before} AND [[r.retry_at]] = '' AND "+
		"([[r.state]] != '"+stateRests+"' OR COALESCE(json_extract([[r.again]], '$.until'), '') < {:now}) AND "+
		"NOT EXISTS (SELECT 1 FROM {{"+desk.Name(e.app, desk.Cases)+"}} c WHERE [[c.id]] = [[r.case]] AND [[r.state]] = [[c.status]] || ' ' || [[c.status_since]])",
		dbx.Params{"before": desk.Date(desk.Now(e.app).Add(-keepRuns)).String(), "now": desk.Date(desk.Now(e.app)).String()})
}

// remove removes those of some runs that still are not needed: a case may have got
// its old state back meanwhile.
func (e *Engine) remove(ids []any) (n int, err error) {
	err = e.config.Commit.Do(func(tx core.App) error {
		table := desk.Name(tx, desk.RuleRuns)
		var gone []any
		var left []string
		if err := tx.DB().Select("r.id").From("{{" + table + "}} r").Where(dbx.And(dbx.In("r.id", ids...), e.longAgo())).Column(&left); err != nil {
			return err
		}
		for _, id := range left {
			gone = append(gone, id)
		}
		n = len(gone)
		if n == 0 {
			return nil
		}
		_, err := tx.DB().Delete(table, dbx.In("id", gone...)).Execute()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("what rules did long ago: %w", err)
	}
	return n, nil
}
