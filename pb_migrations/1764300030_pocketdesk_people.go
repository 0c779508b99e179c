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
	err := change(app, desk.Identities, func(c *core.Collection) {
		c.Fields.Add(
			text("raised_by", 60, "What raised or lowered the state last: form, confirmed, dmarc, mail, page, member_ref, sms, call, bounced, wrong_number, staff … Kept by the system."),
			date("raised_at", "When. Kept by the system."),
			text("mailbox", 254, "A mail address without what says nothing in it, so that another spelling is found. Kept by the system."),
		)
		index(c, "mailbox", "mailbox", "mailbox != ''")
	})
	if err != nil {
		return err
	}
	_, err = app.DB().NewQuery(mailboxesSQL(named(app, desk.Identities))).Execute()
	return err
}

// mailboxesSQL fills in the mailbox of the addresses that stand: no +tag, and at
// Gmail no dots, as mail.Mailbox says.
func mailboxesSQL(table string) string {
	const at = "instr([[value]], '@')"
	const local = "substr([[value]], 1, " + at + " - 1)"
	const domain = "substr([[value]], " + at + " + 1)"
	const plain = "CASE WHEN instr(" + local + ", '+') > 1 THEN substr([[value]], 1, instr([[value]], '+') - 1) ELSE " + local + " END"
	return "UPDATE {{" + table + "}} SET [[mailbox]] = CASE WHEN " + domain + " IN ('gmail.com', 'googlemail.com')" +
		" THEN replace(" + plain + ", '.', '') || '@gmail.com' ELSE " + plain + " || '@' || " + domain + " END" +
		" WHERE [[kind]] = 'email' AND " + at + " > 1"
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
	err := change(app, desk.Cases, func(c *core.Collection) {
		index(c, "merged_into", "merged_into", "") // whole: PocketBase looks here when it deletes one
	})
	if err != nil {
		return err
	}
	return change(app, desk.Contacts, func(c *core.Collection) {
		c.Fields.Add(relation("merged_into", desk.Contacts, "The contact that took this one over. Kept by the system."))
		index(c, "merged_into", "merged_into", "") // whole: PocketBase looks here when it deletes one
		c.ListRule = rule(staff + ` && merged_into = ""`)
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
			object("lookup", 4_000, "{enabled, url, cache_minutes, timeout_seconds, send_contact, pattern}: where orders are looked up. No secret."),
		)
	})
}
