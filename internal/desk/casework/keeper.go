package casework

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// keeperChanged sees to it that whoever has a case can see it: nobody else is given
// it, and who no longer sees it in its new team no longer has it.
func keeperChanged(app core.App, before, after *desk.Case) error {
	keeper := after.GetString("assignee")
	given, moved := keeper != before.GetString("assignee"), after.Team() != before.Team()
	if keeper == "" || !given && !moved {
		return nil
	}
	serves, err := desk.Serves(app, keeper, after.Team())
	if err != nil || serves {
		return err
	}
	if given {
		return fieldError("assignee", "validation_assignee", "This person can't see the case. Choose somebody of its team, or change the team with it.")
	}
	after.Set("assignee", "")
	return nil
}
