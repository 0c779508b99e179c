package replaying

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ErrCursor says that a cursor is none of ours.
var ErrCursor = errors.New("the cursor can't be read")

// Lately is one thing that a rule did. Did is [{do, value, was, skip, failed}].
type Lately struct {
	ID      string          `db:"id" json:"id"`
	Case    string          `db:"case" json:"case"`
	Number  int             `db:"number" json:"number"`
	Subject string          `db:"subject" json:"subject"`
	Did     json.RawMessage `db:"-" json:"did"`
	Failed  string          `db:"failed" json:"failed"`
	RetryAt string          `db:"retry_at" json:"retry_at,omitempty"` // when an answer that could not go yet is tried again
	Created string          `db:"created" json:"created"`

	Raw string `db:"did" json:"-"`
}

const lately = 20 // a page

// Runs lists what a rule did, the latest first, and the cursor of the next page;
// "" after the last one. [ErrCursor] says that the cursor is wrong.
func Runs(app core.App, rule, cursor string) (rows []Lately, next string, err error) {
	q := app.DB().Select("r.id", "r.case", "r.failed", "r.retry_at", "r.created", "COALESCE([[r.did]], '[]') AS did", "c.number", "c.subject").
		From("{{"+desk.Name(app, desk.RuleRuns)+"}} r").
		InnerJoin("{{"+desk.Name(app, desk.Cases)+"}} c", dbx.NewExp("[[c.id]] = [[r.case]]")).
		Where(dbx.NewExp("[[r.rule]] = {:rule}", dbx.Params{"rule": rule})).
		OrderBy("r.created DESC", "r.id DESC").Limit(lately + 1)
	if cursor != "" {
		at, id, ok := strings.Cut(cursor, "~")
		if _, err := types.ParseDateTime(at); !ok || err != nil || len(cursor) > 60 {
			return nil, "", ErrCursor
		}
		q.AndWhere(dbx.NewExp("([[r.created]], [[r.id]]) < ({:at}, {:id})", dbx.Params{"at": at, "id": id}))
	}
	rows = []Lately{}
	if err := q.All(&rows); err != nil {
		return nil, "", fmt.Errorf("what a rule did: %w", err)
	}
	if len(rows) > lately {
		rows = rows[:lately]
		next = rows[lately-1].Created + "~" + rows[lately-1].ID
	}
	for i := range rows {
		if rows[i].Did = json.RawMessage(rows[i].Raw); !json.Valid(rows[i].Did) {
			rows[i].Did = json.RawMessage("[]")
		}
	}
	return rows, next, nil
}
