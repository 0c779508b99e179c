package pb_migrations

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

func init() {
	add(inviteTemplates)
}

// inviteTemplates adds the mail that invites a guest to become a member; a shop
// that has such a key already keeps its own.
func inviteTemplates(app core.App) error {
	rows, err := seed.Invite()
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
			"key": t.Key, "locale": t.Locale, "kind": t.Kind, "shortcut": t.Shortcut, "subject": t.Subject, "body": t.Body, "enabled": true,
		}); err != nil {
			return err
		}
	}
	return nil
}
