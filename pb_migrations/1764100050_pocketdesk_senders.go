package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	// retention finds by this index what still tells from whom a message came
	add(func(app core.App) error {
		return change(app, desk.Verdicts, func(v *core.Collection) {
			v.RemoveIndex("idx_" + v.Id + "_ip")
			index(v, "network", "created", "ip != '' OR user_agent != '' OR sender != ''")
			v.Fields.GetByName("sender").(*core.TextField).Help = "Keyed digest of the sender's address. Removed after the retention time."
		})
	})
}
