package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	// by this a person's lessons are found when he is erased, after the messages are gone
	add(func(app core.App) error {
		err := change(app, desk.Corrections, func(c *core.Collection) {
			c.Fields.Add(hidden(text("senders", 140, "Keyed digests of the addresses under which the message came.")))
			index(c, "senders", "senders, id", "")
		})
		if err != nil {
			return err
		}
		lessons := named(app, desk.Corrections)
		_, err = app.DB().NewQuery("UPDATE {{" + lessons + "}} SET [[senders]] = COALESCE((" +
			"SELECT [[v.sender]] FROM {{" + named(app, desk.Verdicts) + "}} v WHERE [[v.feedback]] = {{" + lessons + "}}.[[feedback]]), '')").Execute()
		return err
	})
}
