package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		c := table(app, desk.Cases, caseFields()...)
		c.ListRule, c.ViewRule = ofTeam(staff, ""), ofTeam(staff, "")
		c.UpdateRule = ofTeam(working, "")
		caseIndexes(c)
		if err := app.Save(c); err != nil {
			return err
		}
		c.Fields.Add(relation("merged_into", desk.Cases, "The case that took this one over."))
		if err := app.Save(c); err != nil {
			return err
		}
		// who may read a submission follows from its case, which exists only now
		for id, path := range map[string]string{desk.Feedbacks: "", desk.Verdicts: "feedback."} {
			f, err := app.FindCollectionByNameOrId(id)
			if err != nil {
				return err
			}
			f.ListRule = ofTeamVia(app, staff, path)
			f.ViewRule = f.ListRule
			if err := app.Save(f); err != nil {
				return err
			}
		}
		return nil
	})
}

func caseFields() []core.Field {
	return []core.Field{
		&core.NumberField{Name: "number", OnlyInt: true, Presentable: true, Help: "For staff. Kept by the system."},
		whole("version", "Grows with every change; send the one you saw to be told of a collision."),
		relation("contact", desk.Contacts, "The person who waits."),
		relation("feedback", desk.Feedbacks, "What opened the case."),
		presentable(text("subject", 300, "")),
		relation("category", desk.Categories, ""),
		choice("priority", "", "low", "normal", "high", "urgent"),
		choice("status", "new: unread. open: our turn. pending: the visitor's turn. on_hold: waits for others.", "new", "open", "pending", "on_hold", "resolved", "closed"),
		relation("assignee", desk.Agents, ""),
		relation("team", desk.Teams, "Empty: every agent may work it."),
		object("tags", 4_000, "List of words."),
		text("locale", 20, "Language of the visitor."),
		choice("sentiment", "", "negative", "neutral", "positive"),
		text("summary", 1_000, "One sentence."),
		object("reasons", 10_000, "Who set category and priority, and why. Kept by the system."),
		object("suggestion", 10_000, "What the language model said. Kept by the system."),
		date("first_response_due", ""), date("resolution_due", ""), date("due_at", "The next of all dues."),
		date("waiting_since", "Since when the visitor waits for us."), date("last_in_at", "Latest word of the visitor."),
		date("first_responded_at", ""), date("resolved_at", ""),
		whole("reopened", "How often it was opened again."),
		date("follow_up_at", "Comes back on top at this time."), text("follow_up_note", 1_000, ""),
		date("promised_at", "By when we said we would answer."),
		hidden(text("track_token", 60, "Opens the tracking page; in mails only.")),
		hidden(text("mail_token", 60, "Marks answers by mail.")),
	}
}

// The partial indexes serve the Desk's queues; their conditions must stand
// letter by letter in the queue's query to be used, and the lists name them.
func caseIndexes(c *core.Collection) {
	const open = "status = 'new' OR status = 'open'"
	unique(c, "number", "number", "")
	unique(c, "track", "track_token", "track_token != ''")
	unique(c, "mail", "mail_token", "mail_token != ''")
	index(c, "feedback", "feedback", "")
	index(c, "contact", "contact, created", "")
	index(c, "created", "created, id", "")
	index(c, "open", "due_at, id", open)
	index(c, "open_by", "assignee, due_at, id", open)
	index(c, "waiting", "updated, id", "status = 'pending' OR status = 'on_hold'")
	index(c, "done", "resolved_at, id", "status = 'resolved' OR status = 'closed'")
	index(c, "follow_up", "follow_up_at, id", "follow_up_at != ''")
	index(c, "status", "status, created", "")
	index(c, "category", "category, created", "")
}
