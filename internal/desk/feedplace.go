package desk

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// FeedPlace is the row of the last event that the reader of this key dealt with.
// known is false while nobody reads under it.
func FeedPlace(app core.App, key string) (row int64, known bool, err error) {
	r, err := app.FindRecordById(Places, key)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("feed %s: %w", key, err)
	}
	row = int64(r.GetInt("row"))
	var last struct {
		Row int64 `db:"row"`
	}
	// a rebuilt file gives other rows to the same events
	err = app.DB().Select("rowid AS row").From(Name(app, Events)).Where(dbx.HashExp{"id": r.GetString("event")}).One(&last)
	switch {
	case err == nil:
		return last.Row, true, nil
	case errors.Is(err, sql.ErrNoRows):
		return row, true, nil // erased meanwhile, or the first
	}
	return 0, false, fmt.Errorf("feed %s: %w", key, err)
}
