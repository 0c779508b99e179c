package desk

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// chiefsMost bounds how many people hear of one thing.
const chiefsMost = 20

// Chiefs are the agents who answer for a team: its lead, else all supervisors,
// else the admins, else the superusers who work at the Desk. "" is for cases
// without a team. Whoever can't sign in is none.
func Chiefs(app core.App, team string) ([]string, error) {
	if team != "" {
		r, err := app.FindRecordById(Teams, team)
		if err == nil {
			lead := r.GetString("lead")
			if serves, err := Serves(app, lead, team); err != nil || serves {
				return []string{lead}, err
			}
		}
	}
	for _, role := range []string{RoleSupervisor, RoleAdmin, ""} {
		var ids []string
		err := app.DB().Select("id").From(Name(app, Agents)).Where(dbx.HashExp{"role": role}).OrderBy("created", "id").Limit(chiefsMost).Column(&ids)
		if err != nil {
			return nil, fmt.Errorf("who answers for a team: %w", err)
		}
		var out []string
		for _, id := range ids {
			serves, err := Serves(app, id, "")
			if err != nil {
				return nil, err
			}
			if serves {
				out = append(out, id)
			}
		}
		if len(out) > 0 {
			return out, nil
		}
	}
	return nil, nil
}
