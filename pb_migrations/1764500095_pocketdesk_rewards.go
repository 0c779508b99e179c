package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Codes are money, and the letters name cases of all teams: neither is for whoever
// reads what is broken. A hook shows the codes to those who give them out.
func init() {
	add(func(app core.App) error {
		return change(app, desk.Problems, func(c *core.Collection) {
			for _, name := range []string{"reward", "telling"} {
				if f, ok := c.Fields.GetByName(name).(*core.JSONField); ok {
					f.Hidden = true
				}
			}
		})
	})
}
