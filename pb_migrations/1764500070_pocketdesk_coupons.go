package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A coupon is money: it is for the people who see the case in which it was given.
func init() {
	add(func(app core.App) error {
		return change(app, desk.Invitations, func(c *core.Collection) {
			seen := working + ` && (@request.auth.role != "agent" || case = "" || case.team = "" || case.team = @request.auth.team)`
			c.ListRule, c.ViewRule = rule(seen), rule(seen)
		})
	})
}
