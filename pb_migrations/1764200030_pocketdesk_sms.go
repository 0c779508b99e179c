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
		return errors.Join(smsSettings(app), reportedTexts(app), smsTemplates(app))
	})
}

func smsSettings(app core.App) error {
	return change(app, desk.SettingsID, func(c *core.Collection) {
		c.Fields.Add(object("sms", 40_000, "How the SMS gateway is asked: {enabled, method, url, headers, body, success, id, report: {id, status, delivered, failed}, max_parts, number_format, ack}. No secret."))
	})
}

// reportedTexts lets a gateway's report find what it is about.
func reportedTexts(app core.App) error {
	return change(app, desk.Outbox, func(c *core.Collection) {
		c.Fields.Add(
			text("gateway_id", 200, "The SMS gateway's name for a text it took."),
			choice("reported", "What the SMS gateway said of it later.", desk.ReportDelivered, desk.ReportFailed),
		)
		index(c, "gateway_id", "gateway_id", "gateway_id != ''")
	})
}

// smsTemplates adds the acknowledgement by SMS; a shop that has such a key already keeps its own.
func smsTemplates(app core.App) error {
	rows, err := seed.SMS()
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
			"key": t.Key, "locale": t.Locale, "kind": t.Kind, "shortcut": t.Shortcut, "body": t.Body, "enabled": true,
		}); err != nil {
			return err
		}
	}
	return nil
}
