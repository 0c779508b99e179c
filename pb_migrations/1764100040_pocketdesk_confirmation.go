package pb_migrations

import (
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

func init() {
	add(func(app core.App) error {
		return errors.Join(notices(app), confirmationTemplates(app))
	})
}

// notices lets the outbox hold mail about a submission that is no case.
func notices(app core.App) error {
	return change(app, desk.Outbox, func(c *core.Collection) {
		f := relation("feedback", desk.Feedbacks, "What it is about where no message is sent: the mail that asks to confirm an address.")
		f.CascadeDelete = true
		c.Fields.Add(f)
		index(c, "feedback", "feedback", "feedback != ''")
	})
}

// confirmationTemplates adds the texts of that mail; a shop that has such a key already keeps its own.
func confirmationTemplates(app core.App) error {
	rows, err := seed.Confirmation()
	if err != nil {
		return err
	}
	for _, t := range rows {
		n, err := app.CountRecords(desk.Templates, dbx.HashExp{"key": t.Key, "locale": t.Locale})
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if err := row(app, desk.Templates, "", map[string]any{
			"key": t.Key, "locale": t.Locale, "kind": t.Kind, "shortcut": t.Shortcut,
			"subject": t.Subject, "body": t.Body, "enabled": true,
		}); err != nil {
			return err
		}
	}
	return nil
}
