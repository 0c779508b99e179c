package pb_migrations

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// notes is PocketBase's own table of values by key. It stands before any
// migration of ours runs, whatever the host's collections are named.
const notes = "_params"

func noteOf(file string) dbx.HashExp { return dbx.HashExp{"id": "pocketdesk_skipped_" + file} }

// skip notes that a migration did nothing though others have run: PocketBase
// writes it into the history all the same, and the schema alone does not tell
// what it lacks. Where nothing of ours stands no note is needed, and a host that
// only imports the plugin gets none.
func skip(app core.App, file string) error {
	if _, err := app.FindCollectionByNameOrId(desk.Collections()[0]); err != nil {
		return nil
	}
	if known, err := skipped(app, file); known || err != nil {
		return err
	}
	note := noteOf(file)
	_, err := app.NonconcurrentDB().Insert(notes, dbx.Params{"id": note["id"], "value": "true"}).Execute()
	return err
}

// skipped tells whether a migration still has to be made up for.
func skipped(app core.App, file string) (bool, error) {
	var n int
	err := app.DB().Select("COUNT(*)").From(notes).Where(noteOf(file)).Row(&n)
	return n > 0, err
}

func unskip(app core.App, file string) error {
	_, err := app.NonconcurrentDB().Delete(notes, noteOf(file)).Execute()
	return err
}
