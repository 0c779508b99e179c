package merging

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// promiseFields are the fields of a promise that a merge may change.
func promiseFields() []string { return []string{"state", "settled_at"} }

// onePromise leaves the earliest open promise of the merged case, and says when
// it is due: a case has one at most. The others are withdrawn, until the merge is undone.
func (m *moving) onePromise(tx core.App, caseID string, before map[string]desk.Fields) (due types.DateTime, err error) {
	var rows []*core.Record
	err = tx.RecordQuery(desk.Promises).AndWhere(dbx.HashExp{"case": caseID, "state": desk.PromiseOpen}).OrderBy("due_at", "rowid").All(&rows)
	if err != nil {
		return due, err
	}
	for i, r := range rows {
		if i == 0 {
			due = r.GetDateTime("due_at")
			continue
		}
		before[r.Id] = fields(r, promiseFields())
		r.Set("state", desk.PromiseWithdrawn)
		r.Set("settled_at", desk.Date(desk.Now(tx)))
		if err := desk.Save(tx, r); err != nil {
			return due, err
		}
		m.note(before, promiseFields(), r)
	}
	return due, nil
}

// openPromise is the earliest date that is promised on a case and still open.
func openPromise(app core.App, caseID string) (types.DateTime, error) {
	var at string
	err := app.DB().Select("COALESCE(MIN([[due_at]]), '')").From(desk.Name(app, desk.Promises)).
		Where(dbx.HashExp{"case": caseID, "state": desk.PromiseOpen}).Row(&at)
	out, _ := types.ParseDateTime(at)
	return out, err
}
