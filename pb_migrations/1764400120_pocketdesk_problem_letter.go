package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

func init() {
	add(func(app core.App) error {
		rows, err := seed.Problem()
		if err != nil {
			return err
		}
		return triageTemplates(app, rows)
	})
}
