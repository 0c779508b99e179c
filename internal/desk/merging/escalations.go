package merging

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// maxGoingOn is how many escalations of a case a merge takes along; of a case
// three go on at once, and what somebody took on stays until the case is done.
const maxGoingOn = 500

// goingOn are the escalations of a case that are not over.
func goingOn(app core.App, caseID string) (ids []string, err error) {
	err = app.DB().Select("id").From(desk.Name(app, desk.CaseEscalations)).Where(dbx.HashExp{"case": caseID}).
		AndWhere(dbx.In("state", desk.EscalationOpen, desk.EscalationAcknowledged)).OrderBy("created", "id").Limit(maxGoingOn).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("escalations of a case: %w", err)
	}
	return ids, nil
}

// ofEscalations are the events of a case that tell what became of escalations. One
// that tells of a message stays with it.
func ofEscalations(app core.App, caseID string, runs []string) (ids []string, err error) {
	if len(runs) == 0 {
		return nil, nil
	}
	var rows []struct {
		ID      string `db:"id"`
		Run     string `db:"run"`
		Message string `db:"message"`
	}
	err = app.DB().Select("id", "COALESCE(CASE WHEN json_valid([[after]]) THEN json_extract([[after]], '$.run') END, '') AS run",
		"COALESCE(CASE WHEN json_valid([[after]]) THEN json_extract([[after]], '$.message') END, '') AS message").
		From(desk.Name(app, desk.Events)).Where(dbx.HashExp{"case": caseID}).OrderBy("created", "rowid").All(&rows)
	for _, r := range rows {
		if r.Message == "" && slices.Contains(runs, r.Run) {
			ids = append(ids, r.ID)
		}
	}
	return ids, err
}
