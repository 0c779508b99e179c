package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		return errors.Join(raised(app), merges(app), invitations(app), shopSite(app))
	})
}

// raised says what brought an identity to the state that it has.
func raised(app core.App) error {
	return change(app, desk.Identities, func(c *core.Collection) {
		c.Fields.Add(
			text("raised_by", 60, "What raised or lowered the state last: form, confirmed, dmarc, page, member_ref, answered, bounced, staff … Kept by the system."),
			date("raised_at", "When. Kept by the system."),
		)
	})
}

// merges remember what was moved, so that it can be moved back.
func merges(app core.App) error {
	c := table(app, desk.Merges,
		choice("kind", "", "case", "contact", "split"),
		text("source", 15, "Id of what was taken over."),
		text("target", 15, "Id of what took it over."),
		object("moved", 2_000_000, "Ids by collection, and what was overwritten."),
		relation("agent", desk.Agents, ""),
		date("undone_at", ""),
	)
	index(c, "source", "source", "")
	index(c, "target", "target, created", "")
	index(c, "agent", "agent", "") // PocketBase looks here when it deletes one
	if err := app.Save(c); err != nil {
		return err
	}
	return change(app, desk.Contacts, func(c *core.Collection) {
		c.Fields.Add(relation("merged_into", desk.Contacts, "The contact that took this one over. Kept by the system."))
		index(c, "merged_into", "merged_into", "merged_into != ''")
	})
}

func invitations(app core.App) error {
	c := table(app, desk.Invitations,
		&core.RelationField{Name: "contact", CollectionId: desk.Contacts, MaxSelect: 1, Required: true, CascadeDelete: true},
		relation("case", desk.Cases, ""),
		relation("message", desk.Messages, "The mail that invited."),
		relation("agent", desk.Agents, "Who invited."),
		presentable(text("coupon", 100, "")),
		date("converted_at", "When the person became a member."),
	)
	c.ListRule, c.ViewRule = rule(staff), rule(staff)
	index(c, "contact", "contact, created", "")
	index(c, "created", "created, id", "")
	index(c, "case", "case", "")
	index(c, "message", "message", "")
	index(c, "agent", "agent", "")
	return app.Save(c)
}

func shopSite(app core.App) error {
	return change(app, desk.SettingsID, func(c *core.Collection) {
		c.Fields.Add(
			object("membership", 4_000, "{signup_url, coupon}: what an invitation to become a member offers."),
			object("lookup", 4_000, "{enabled, url, cache_minutes, timeout_seconds}: where orders are looked up."),
		)
	})
}
