package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.BlockRules,
			choice("kind", "ip takes a network such as 203.0.113.0/24; domain covers its subdomains.", "ip", "email", "domain", "phone", "keyword", "regex", "url"),
			presentable(required(text("value", 512, ""))),
			choice("action", "block: text is kept, no case. quarantine: waits for a decision. allow: passes whatever else is said.", "block", "quarantine", "allow"),
			text("note", 500, "Why."),
			date("expires", "Empty: stays."),
			whole("hits", "Kept by the system."),
		)
		c.Fields.GetByName("kind").(*core.SelectField).Required = true
		c.Fields.GetByName("action").(*core.SelectField).Required = true
		staffReads(c)
		unique(c, "value", "kind, value", "")
		return app.Save(c)
	})
}
