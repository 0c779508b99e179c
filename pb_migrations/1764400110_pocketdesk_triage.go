package pb_migrations

import (
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

func init() {
	add(func(app core.App) error {
		rows, err := seed.Triage()
		if err != nil {
			return err
		}
		return errors.Join(triageTemplates(app, rows.Templates), triageKeywords(app, rows.Keywords), triageRules(app, rows.Rules))
	})
}

// triageTemplates adds what rules send; a shop that has such a key already keeps its own.
func triageTemplates(app core.App, rows []seed.TemplateRow) error {
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

func triageKeywords(app core.App, rows []seed.KeywordRow) error {
	for _, k := range rows {
		if err := row(app, desk.Keywords, "", map[string]any{
			"words": k.Words, "locale": k.Locale, "effect": k.Effect, "value": k.Value, "note": k.Note, "enabled": true,
		}); err != nil {
			return err
		}
	}
	return nil
}

// triageRules adds the rules, named in the shop's language. A rule looks at what
// happens from its first day on, so a shop with many cases is not flooded.
func triageRules(app core.App, rows []seed.RuleRow) error {
	locale, err := shopLocale(app)
	if err != nil {
		return err
	}
	now := desk.Date(desk.Now(app))
	for _, r := range rows {
		actions, err := r.ActionsIn(locale)
		if err != nil {
			return err
		}
		values := map[string]any{
			"name": r.Names[locale], "note": r.Notes[locale], "enabled": r.Enabled, "position": r.Position, "event": r.Event,
			"filter": r.Filter, "actions": actions, "delay": r.Delay, "states": r.States, "starter": r.Key,
		}
		if r.Enabled {
			values["active_from"] = now
		}
		if err := row(app, desk.Rules, "", values); err != nil {
			return err
		}
	}
	return nil
}

// shopLocale is the language of the shop's own texts.
func shopLocale(app core.App) (string, error) {
	r, err := app.FindRecordById(desk.SettingsID, desk.SettingsRecord)
	if err != nil {
		return "", err
	}
	if locale := r.GetString("locale"); slices.Contains(seed.Locales(), locale) {
		return locale, nil
	}
	return seed.Locales()[0], nil
}
