package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.Places,
			whole("row", "Row of the last event of the audit trail that was dealt with."),
			text("event", 15, "Its id."),
		)
		id := c.Fields.GetByName("id").(*core.TextField)
		id.Min, id.Max, id.Pattern = 1, 40, `^[a-z0-9_]+$`
		id.Help = "Who reads."
		return app.Save(c)
	})
}
