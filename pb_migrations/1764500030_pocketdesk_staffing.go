package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		kept := func(name, help string) *core.DateField {
			f := date(name, help+" Kept by the system.")
			f.Hidden = true // of colleagues; admins read them by their own route
			return f
		}
		return change(app, desk.Agents, func(c *core.Collection) {
			c.Fields.Add(
				kept("last_seen", "When the person last used the Desk, to some minutes."),
				kept("invited_at", "When a link to choose a password was last sent."),
				kept("deactivated_at", "When the role was taken away."),
			)
		})
	})
}
