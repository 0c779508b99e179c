package pb_migrations

import (
	"errors"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		return errors.Join(corrections(app), spamModels(app), cancelledMail(app))
	})
}

// corrections are what staff taught the text model. A lesson outlives the
// message that it came from: it holds hashes and no words.
func corrections(app core.App) error {
	c := table(app, desk.Corrections,
		relation("feedback", desk.Feedbacks, "What was decided on; empty once the message was removed."),
		flag("spam", "What the model is told of it: junk or not."),
		hidden(text("features", 400_000, "Hashed pieces of the text.")),
		choice("how", "By which decision.", "release", "confirm", "case_spam", "case_ham"),
		relation("agent", desk.Agents, "Who decided."),
		flag("used", "The model in use has learned it."),
	)
	// who may see the message may see and take back what was learned from it
	c.ListRule = ofTeamVia(app, staff, "feedback.")
	c.ViewRule = c.ListRule
	c.DeleteRule = ofTeamVia(app, working, "feedback.")
	unique(c, "feedback", "feedback", "feedback != ''")
	index(c, "created", "created, id", "")
	return app.Save(c)
}

func spamModels(app core.App) error {
	c := table(app, desk.SpamModels,
		choice("status", "refused: it held more good messages than the one before.", "in_use", "refused", "replaced"),
		whole("lessons", "How many lessons it was made of."),
		object("report", 60_000, "What was measured."),
		text("note", 1_000, "Why it was refused."),
		text("base", 100, "The shipped model on which it stands."),
		hidden(text("digest", 100, "Of the lessons, to see whether there are new ones.")),
		hidden(text("delta", 8_000_000, "What was learned, in base64.")),
	)
	c.ListRule, c.ViewRule = rule(staff), rule(staff)
	index(c, "created", "created, id", "")
	index(c, "status", "status, created", "")
	return app.Save(c)
}

// cancelledMail is the state of mail that isn't sent because its case is spam.
func cancelledMail(app core.App) error {
	return change(app, desk.Outbox, func(c *core.Collection) {
		status := c.Fields.GetByName("status").(*core.SelectField)
		if !slices.Contains(status.Values, desk.Cancelled) {
			status.Values = append(status.Values, desk.Cancelled)
		}
	})
}
