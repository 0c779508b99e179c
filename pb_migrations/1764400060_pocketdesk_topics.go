package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.TopicLessons,
			&core.RelationField{Name: "case", CollectionId: desk.Cases, MaxSelect: 1, CascadeDelete: true},
			text("category", 40, "What staff say it is."),
			text("said", 40, "What the model said; empty: nothing."),
			number("sure", "How sure it was, 0 to 1."),
			object("features", 50_000, "Hashed; no words."),
		)
		unique(c, "case", "case", "`case` != ''")
		index(c, "created", "created, id", "")
		return app.Save(c)
	})
}
