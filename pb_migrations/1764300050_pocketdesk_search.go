package pb_migrations

import (
	"fmt"
	"os"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(searchIndex)
}

// searchIndex makes the tables of the search. The words stand there without the
// texts (content=”) and without their places in them (detail=none): what is found
// is compared with the text itself. Ids are never given twice, so that a trace of
// something removed can't point to anything else.
func searchIndex(app core.App) error {
	for _, sql := range []string{
		`CREATE VIRTUAL TABLE IF NOT EXISTS ` + desk.SearchTable + ` USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')`,
		// words that are removed are overwritten, and not only marked as removed
		`INSERT INTO ` + desk.SearchTable + ` (` + desk.SearchTable + `, rank) VALUES ('secure-delete', 1)`,
		`CREATE TABLE IF NOT EXISTS ` + desk.SearchDocs + ` (id INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL, kind INTEGER NOT NULL, record TEXT NOT NULL)`,
		`CREATE INDEX IF NOT EXISTS ` + desk.SearchDocs + `_case ON ` + desk.SearchDocs + ` (number) WHERE number > 0`,
		`CREATE INDEX IF NOT EXISTS ` + desk.SearchDocs + `_person ON ` + desk.SearchDocs + ` (record) WHERE number = 0`,
		`CREATE TABLE IF NOT EXISTS ` + desk.SearchState + ` (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
	} {
		_, err := app.NonconcurrentDB().NewQuery(sql).Execute()
		if err != nil && strings.Contains(err.Error(), "no such module") {
			fmt.Fprintln(os.Stderr, "PocketDesk's search is off: this SQLite driver was built without FTS5; build it with FTS5 and run \"migrate up\" on a restored backup")
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
