package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.Contacts,
			presentable(text("name", 200, "The whole name as the person wrote it; never split.")),
			text("locale", 20, "Language of mails to this person."),
			flag("blocked", "Staff want nothing more from this person."),
			object("tags", 4_000, "Words of the shop's own."),
			text("note", 10_000, "For staff only."),
			date("member_since", "When the person became a member of the shop."),
			date("first_seen", "First submission."),
			date("last_seen", "Latest submission."),
		)
		c.ListRule, c.ViewRule = rule(staff), rule(staff)
		c.UpdateRule = rule(working)
		index(c, "name", "name", "")
		index(c, "last_seen", "last_seen", "")
		index(c, "blocked", "id", "blocked = TRUE")
		if err := app.Save(c); err != nil {
			return err
		}
		i := table(app, desk.Identities,
			&core.RelationField{Name: "contact", CollectionId: desk.Contacts, MaxSelect: 1, Required: true, CascadeDelete: true, Help: "Whose address this is."},
			choice("kind", "", "email", "phone", "member", "line"),
			presentable(required(text("value", 254, "Mail address in lower case, phone as E.164, member number."))),
			choice("state", "claimed: typed by somebody. verified: proven by the person.", "claimed", "reachable", "verified", "undeliverable"),
		)
		i.ListRule, i.ViewRule = rule(staff), rule(staff)
		unique(i, "value", "kind, value", "")
		index(i, "contact", "contact", "")
		return app.Save(i)
	})
}
