package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		t := table(app, desk.Templates,
			presentable(required(text("key", 60, "Same key, one row a language."))),
			required(text("locale", 20, "zh-TW, zh-CN, ja or en.")),
			choice("kind", "", "ack", "reply", "snippet", "sms", "survey", "system"),
			relation("category", desk.Categories, "Offered first on cases of this category."),
			text("shortcut", 40, "What an agent types to find it."),
			text("subject", 300, "Liquid."),
			required(text("body", 50_000, "Liquid; an unknown variable is refused.")),
			flag("enabled", ""),
			whole("used", "How often it was sent. Kept by the system."),
		)
		staffReads(t)
		unique(t, "key", "key, locale", "")
		if err := app.Save(t); err != nil {
			return err
		}
		k := table(app, desk.Keywords,
			object("words", 20_000, "List of words or phrases; one that stands in the message is enough."),
			text("locale", 20, "For the shop's own order; words are looked for in every message."),
			choice("effect", "", "priority", "category", "tag", "team"),
			presentable(required(text("value", 60, "The priority, category, tag or team's id that it sets."))),
			text("note", 500, "Shown to staff as the reason."),
			whole("hits", "Kept by the system."),
			flag("enabled", ""),
		)
		staffReads(k)
		return app.Save(k)
	})
}
