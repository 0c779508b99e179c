package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		return change(app, desk.Messages, func(c *core.Collection) {
			c.Fields.Add(
				hidden(text("idem_key", 100, "Digest of the key that came with it. Kept by the system.")),
				hidden(text("idem_hash", 100, "Digest of what came with that key. Kept by the system.")),
				flag("typed", "Headings and rules stand as they were typed. Kept by the system."),
				date("redacted_at", "When something was taken out of it. Kept by the system."),
			)
			unique(c, "idem", "case, idem_key", "idem_key != ''")
		})
	})
}
