package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	// by this automatic mail to one mailbox is counted, however its address is spelled
	add(func(app core.App) error {
		return change(app, desk.Outbox, func(c *core.Collection) {
			c.Fields.Add(hidden(text("mailbox", 64, "Keyed digest of the recipient's address without a +tag.")))
			index(c, "mailbox", "mailbox, created", "")
		})
	})
}
