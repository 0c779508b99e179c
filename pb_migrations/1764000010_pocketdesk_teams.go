package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.Teams, presentable(required(text("name", 100, "What staff call the team."))))
		staffReads(c)
		unique(c, "name", "name", "")
		return app.Save(c)
	})
}
