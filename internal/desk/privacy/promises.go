package privacy

import (
	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// wordless leaves dates and states of what was promised on a case, and removes
// the words.
func (e eraser) wordless(id string) error {
	rows, err := e.tx.FindAllRecords(desk.Promises, dbx.HashExp{"case": id})
	if err != nil {
		return err
	}
	for _, r := range rows {
		r.Set("text", "")
		if r.GetString("state") == desk.PromiseOpen {
			r.Set("state", desk.PromiseWithdrawn)
			r.Set("settled_at", desk.Date(desk.Now(e.tx)))
			r.Set("warn_at", "")
		}
		if err := desk.Save(e.tx, r); err != nil {
			return err
		}
	}
	return nil
}
