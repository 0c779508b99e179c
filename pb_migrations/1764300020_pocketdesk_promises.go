package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		return errors.Join(reminders(app), promises(app), deskNotices(app))
	})
}

func reminders(app core.App) error {
	return change(app, desk.Cases, func(c *core.Collection) {
		c.Fields.Add(
			relation("follow_up_for", desk.Agents, "To whom the case comes back; empty: whoever has it."),
			date("reminded_at", "When the follow-up came back. Kept by the system."),
		)
		index(c, "follow_up_for", "follow_up_for", "follow_up_for != ''")
		index(c, "remind", "follow_up_at, id", "follow_up_at != '' AND reminded_at = ''")
	})
}

func promises(app core.App) error {
	c := table(app, desk.Promises,
		ofCase(),
		relation("message", desk.Messages, "In which it was made."),
		relation("agent", desk.Agents, "Who made it."),
		presentable(text("text", 300, "The words of the promise, where they stood in a message.")),
		date("due_at", "By when."),
		choice("state", "Kept by the system.", "open", "kept", "broken", "withdrawn"),
		date("warn_at", "When whoever has the case is told that it is due soon; empty once he was. Kept by the system."),
		date("settled_at", "When it was kept, broken or withdrawn."),
		relation("answer", desk.Messages, "The message that settled it."),
	)
	c.ListRule, c.ViewRule = ofTeam(staff, "case."), ofTeam(staff, "case.")
	index(c, "case", "case, created", "")
	index(c, "message", "message", "") // PocketBase looks here when it deletes one of them
	index(c, "answer", "answer", "")
	index(c, "agent", "agent, state, due_at, id", "")
	index(c, "warn", "warn_at, id", "warn_at != ''")
	index(c, "state", "state, due_at, id", "")
	return app.Save(c)
}

// deskNotices are what one person is told.
func deskNotices(app core.App) error {
	c := table(app, desk.Notices,
		&core.RelationField{Name: "agent", CollectionId: desk.Agents, MaxSelect: 1, Required: true, CascadeDelete: true, Help: "Who is told."},
		presentable(required(text("kind", 60, "mention, assigned, follow_up, promise_due, promise_broken …"))),
		&core.RelationField{Name: "case", CollectionId: desk.Cases, MaxSelect: 1, CascadeDelete: true},
		relation("message", desk.Messages, ""),
		relation("actor", desk.Agents, "Who caused it; empty: the system."),
		object("data", 4_000, "What the sentence needs."),
		date("seen_at", "When the person looked at it."),
	)
	// a case that left the person's team takes its notices along
	c.ListRule = rule(staff + ` && agent = @request.auth.id && (@request.auth.role != "agent" || case = "" || case.team = "" || case.team = @request.auth.team)`)
	c.ViewRule = c.ListRule
	index(c, "agent", "agent, created", "")
	index(c, "unseen", "agent, created", "seen_at = ''")
	index(c, "case", "case", "")
	index(c, "message", "message", "")
	index(c, "actor", "actor", "")
	index(c, "created", "created", "") // old ones are removed
	if err := app.Save(c); err != nil {
		return err
	}
	err := change(app, desk.Messages, func(c *core.Collection) {
		c.Fields.Add(object("mentions", 2_000, "Ids of agents whom a note names."))
	})
	if err != nil {
		return err
	}
	return change(app, desk.Agents, func(c *core.Collection) {
		c.Fields.Add(
			object("notify", 2_000, "{sound, desktop, daily, daily_at}: how the person wants to be told."),
			text("daily_sent", 10, "Day of the last daily mail, such as 2026-11-22. Kept by the system."),
		)
	})
}
