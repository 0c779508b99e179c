package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		return errors.Join(views(app), reads(app), macros(app), queueOrders(app))
	})
}

// Rules of what staff make for themselves: the owner keeps it, and all staff read
// it where it is shared.
const (
	mine        = working + ` && owner = @request.auth.id`
	mineToWrite = working + ` && (owner = @request.auth.id || @request.auth.role = "admin")`
	ownOrShared = staff + ` && (owner = @request.auth.id || shared = true || @request.auth.role = "admin")`
)

func ownRules(c *core.Collection) {
	c.ListRule, c.ViewRule = rule(ownOrShared), rule(ownOrShared)
	c.CreateRule = rule(mine)
	c.UpdateRule, c.DeleteRule = rule(mineToWrite), rule(mineToWrite)
}

func ofOwner(help string) *core.RelationField {
	return &core.RelationField{Name: "owner", CollectionId: desk.Agents, MaxSelect: 1, Required: true, CascadeDelete: true, Help: help}
}

func views(app core.App) error {
	c := table(app, desk.Views,
		presentable(required(text("name", 60, ""))),
		ofOwner("Who made it."),
		flag("shared", "All staff see it. Supervisors and admins share."),
		choice("scope", "Which cases the filter looks at.", "open", "waiting", "done", "all"),
		text("filter", 2_000, "PocketBase's filter language over the fields of a case and what it names; empty: all of the scope."),
		choice("sort", "", "due", "newest", "oldest", "waiting"),
		whole("position", ""),
	)
	ownRules(c)
	index(c, "owner", "owner", "")
	index(c, "shared", "position", "shared = TRUE")
	return app.Save(c)
}

// reads say up to when a person has read a case. A case without one counts as
// read where its latest word is older than the person's read_before.
func reads(app core.App) error {
	c := table(app, desk.Reads,
		&core.RelationField{Name: "agent", CollectionId: desk.Agents, MaxSelect: 1, Required: true, CascadeDelete: true},
		ofCase(),
		date("seen_at", "Up to when the person has read the case. Empty: marked as unread."),
	)
	c.ListRule = rule(staff + ` && agent = @request.auth.id`)
	c.ViewRule = c.ListRule
	unique(c, "agent_case", "agent, case", "")
	index(c, "case", "case", "") // PocketBase looks here when it deletes a case
	index(c, "marked", "agent, case", "seen_at = ''")
	if err := app.Save(c); err != nil {
		return err
	}
	return change(app, desk.Agents, func(c *core.Collection) {
		c.Fields.Add(date("read_before", "What came before counts as read by this person. Kept by the system."))
	})
}

// queueOrders lets the open cases be read by age and by how long the visitor
// waits, and be counted by person, from the index alone.
func queueOrders(app core.App) error {
	return change(app, desk.Cases, func(c *core.Collection) {
		const open = "status = 'new' OR status = 'open'"
		index(c, "open_new", "created, id, assignee, team, due_at, last_in_at, status", open)
		index(c, "open_wait", "waiting_since, id, assignee, team, status", open)
	})
}

func macros(app core.App) error {
	c := table(app, desk.Macros,
		presentable(required(text("name", 60, ""))),
		ofOwner("Who made it."),
		flag("shared", "All staff use it. Supervisors and admins share."),
		object("actions", 20_000, "List of {do, value}; see the API guide."),
		whole("position", ""),
		whole("used", "How often it was used. Kept by the system."),
	)
	ownRules(c)
	index(c, "owner", "owner", "")
	index(c, "shared", "position", "shared = TRUE")
	return app.Save(c)
}
