package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error { return errors.Join(outsideAnswers(app), noticeLines(app), tellingAgain(app)) })
}

// outsideAnswers let somebody outside answer the mail that asked him for help.
func outsideAnswers(app core.App) error {
	return change(app, desk.CaseEscalations, func(c *core.Collection) {
		c.Fields.Add(hidden(text("mail_token", 40, "In the address to which those outside answer. Kept by the system.")))
		index(c, "mail_token", "mail_token", "mail_token != ''")
	})
}

// noticeLines make one line of equal notices, each of which stays.
func noticeLines(app core.App) error {
	return change(app, desk.Notices, func(c *core.Collection) {
		c.Fields.Add(text("line", 15, "The first of equal notices with which this one is one line of the bell. Kept by the system."),
			text("alike", 100, "What makes notices equal. Kept by the system."))
		index(c, "line", "agent, line, created, id", "line != ''")
		index(c, "alike", "agent, alike", "seen_at = '' AND alike != ''")
	})
}

// tellingAgain lets those who were told of a fault be told of it once more, when
// it was mended once more.
func tellingAgain(app core.App) error {
	return change(app, desk.Cases, func(c *core.Collection) {
		c.Fields.Add(date("problem_told_at", "When it was fixed that the visitor was told of. Kept by the system."))
	})
}
