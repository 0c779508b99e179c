package desk

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
)

// Template is a text that staff or the system sends, as Liquid.
type Template struct {
	ID      string
	Key     string
	Locale  string
	Kind    string
	Subject string
	Body    string
	Enabled bool
}

// ErrNoTemplate says that no enabled template has the key.
var ErrNoTemplate = errors.New("there is no enabled template of this key")

// FindTemplate finds an enabled template in the first of the locales in which
// it exists, else in any.
func FindTemplate(app core.App, key string, locales ...string) (Template, error) {
	all, err := Cached(app, Templates, "templates", readTemplates)
	if err != nil {
		return Template{}, err
	}
	for _, locale := range append(locales, Locales()...) {
		if t, ok := all[key+"\x00"+locale]; ok {
			return t, nil
		}
	}
	return Template{}, ErrNoTemplate
}

func readTemplates(app core.App) (map[string]Template, error) {
	rows, err := app.FindAllRecords(Templates)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Template, len(rows))
	for _, r := range rows {
		t := Template{
			ID: r.Id, Key: r.GetString("key"), Locale: r.GetString("locale"), Kind: r.GetString("kind"),
			Subject: r.GetString("subject"), Body: r.GetString("body"), Enabled: r.GetBool("enabled"),
		}
		if t.Enabled {
			all[t.Key+"\x00"+t.Locale] = t
		}
	}
	return all, nil
}
