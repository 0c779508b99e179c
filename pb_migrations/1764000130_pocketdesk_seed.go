package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

func init() {
	add(func(app core.App) error {
		return errors.Join(seedSettings(app), seedCategories(app), seedForm(app), seedTemplates(app), seedKeywords(app))
	})
}

// row saves one record of a fresh shop.
func row(app core.App, collection, id string, values map[string]any) error {
	r, err := desk.New(app, collection)
	if err != nil {
		return err
	}
	if id != "" {
		r.Id = id
	}
	for name, v := range values {
		r.Set(name, v)
	}
	return app.SaveNoValidate(r)
}

func seedSettings(app core.App) error {
	s, err := seed.Settings()
	if err != nil {
		return err
	}
	return row(app, desk.SettingsID, desk.SettingsRecord, map[string]any{
		"shop_name": s.ShopName, "locale": s.Locale, "timezone": s.Timezone, "service_hours": s.ServiceHours,
		"ack_enabled": true, "answer_hours": 48,
		"thresholds": map[string]any{"quarantine": 5, "block": 20},
		"limits":     map[string]any{"ip_hour": 60, "email_hour": 20, "overall_hour": 100_000, "ack_day": 3, "quarantine_mb": 500},
		"retention":  map[string]any{"network_days": 30, "quarantine_days": 30},
		"llm":        map[string]any{"enabled": true},
		"captcha":    map[string]any{"provider": "pow"},
	})
}

func seedCategories(app core.App) error {
	rows, err := seed.Categories()
	if err != nil {
		return err
	}
	for _, c := range rows {
		if err := row(app, desk.Categories, c.Key, map[string]any{
			"labels": c.Labels, "position": c.Position, "default_priority": c.DefaultPriority, "checklist": c.Checklist, "enabled": true,
		}); err != nil {
			return err
		}
	}
	return nil
}

func seedForm(app core.App) error {
	f, err := seed.Form()
	if err != nil {
		return err
	}
	return row(app, desk.Forms, "", map[string]any{
		"slug": f.Slug, "texts": f.Texts, "consent_version": f.ConsentVersion, "enabled": true,
	})
}

func seedTemplates(app core.App) error {
	rows, err := seed.Templates()
	if err != nil {
		return err
	}
	for _, t := range rows {
		if err := row(app, desk.Templates, "", map[string]any{
			"key": t.Key, "locale": t.Locale, "kind": t.Kind, "category": t.Category, "shortcut": t.Shortcut,
			"subject": t.Subject, "body": t.Body, "enabled": true,
		}); err != nil {
			return err
		}
	}
	return nil
}

func seedKeywords(app core.App) error {
	rows, err := seed.Keywords()
	if err != nil {
		return err
	}
	for _, k := range rows {
		if err := row(app, desk.Keywords, "", map[string]any{
			"words": k.Words, "locale": k.Locale, "effect": k.Effect, "value": k.Value, "note": k.Note, "enabled": true,
		}); err != nil {
			return err
		}
	}
	return nil
}
