package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.Categories,
			object("labels", 4_000, "The visitor's words by locale: {\"zh-TW\": …, \"zh-CN\": …, \"ja\": …, \"en\": …}."),
			whole("position", "Order on the form."),
			relation("team", desk.Teams, "Cases of this category go to this team."),
			choice("default_priority", "Used when no keyword says otherwise.", "low", "normal", "high", "urgent"),
			object("checklist", 20_000, "What to ask, by locale: a list of short questions."),
			flag("enabled", "Offered on the form."),
		)
		id := c.Fields.GetByName("id").(*core.TextField)
		id.Min, id.Max, id.Pattern = 1, 40, `^[a-z0-9_]+$`
		id.Help = "The key that people type, such as product."
		id.Presentable = true
		staffReads(c)
		index(c, "position", "position", "")
		return app.Save(c)
	})
}
