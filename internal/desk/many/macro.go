package many

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ErrNoMacro says that there is no such macro, or none that is the person's to use.
var ErrNoMacro = errors.New("there is no such macro")

// CheckMacro tells whether a macro's actions could be run now. The error is by
// field and names the action by its position.
func (s *Station) CheckMacro(app core.App, actions string) error {
	return s.fill(app, &plan{}, json.RawMessage(actions))
}

func findMacro(app core.App, id string, agent *desk.Agent) (*core.Record, error) {
	r, err := app.FindRecordById(desk.Macros, id)
	if err != nil || r.GetString("owner") != agent.Id && !r.GetBool("shared") && !agent.Admin() {
		return nil, ErrNoMacro
	}
	return r, nil
}

// countMacro adds the cases on which a macro was run.
func countMacro(tx core.App, id string, cases int) error {
	_, err := tx.DB().Update(desk.Name(tx, desk.Macros),
		dbx.Params{"used": dbx.NewExp(fmt.Sprintf("[[used]] + %d", cases))}, dbx.HashExp{"id": id}).Execute()
	return err
}
