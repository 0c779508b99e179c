package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		return change(app, desk.Events, func(c *core.Collection) {
			c.Fields.Add(whole("version", "The case's version with this change; 0 where no field that staff write changed. Kept by the system."))
			index(c, "version", "case, version", "version > 0")
		})
	})
}
