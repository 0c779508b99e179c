package desk

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
)

// Form is a public form as the pages need it.
type Form struct {
	ID             string
	Slug           string
	Enabled        bool
	Texts          map[string]Text // by name, then by locale
	Categories     []Category      // offered, in order
	AckKey         string
	ConsentVersion string
	AllowedOrigins []string
}

// Category as the form and the Desk need it.
type Category struct {
	Key       string
	Labels    Text
	Priority  string
	Team      string
	Enabled   bool
	Position  int
	Checklist map[string][]string
}

// ErrNoForm and ErrFormOff tell why a form takes nothing.
var (
	ErrNoForm  = errors.New("there is no such form")
	ErrFormOff = errors.New("this form is disabled")
)

// FindForm finds a form by slug or id; "" is the default form.
func FindForm(app core.App, slug string) (*Form, error) {
	all, err := forms(app)
	if err != nil {
		return nil, err
	}
	if slug == "" {
		slug = DefaultForm
	}
	f, ok := all[slug]
	if !ok {
		return nil, ErrNoForm
	}
	if !f.Enabled {
		return f, ErrFormOff
	}
	return f, nil
}

func forms(app core.App) (map[string]*Form, error) {
	return Cached(app, Forms, "forms", func(app core.App) (map[string]*Form, error) {
		categories, err := LoadCategories(app)
		if err != nil {
			return nil, err
		}
		rows, err := app.FindAllRecords(Forms)
		if err != nil {
			return nil, err
		}
		all := map[string]*Form{}
		for _, r := range rows {
			f := readForm(r, categories)
			all[f.Slug], all[f.ID] = f, f
		}
		return all, nil
	})
}

func readForm(r *core.Record, categories []Category) *Form {
	f := &Form{
		ID: r.Id, Slug: r.GetString("slug"), Enabled: r.GetBool("enabled"),
		AckKey: r.GetString("ack_key"), ConsentVersion: r.GetString("consent_version"),
	}
	if f.AckKey == "" {
		f.AckKey = "ack"
	}
	_ = r.UnmarshalJSONField("allowed_origins", &f.AllowedOrigins)
	byLocale := map[string]map[string]string{}
	_ = r.UnmarshalJSONField("texts", &byLocale)
	f.Texts = map[string]Text{}
	for locale, texts := range byLocale {
		for name, s := range texts {
			if f.Texts[name] == nil {
				f.Texts[name] = Text{}
			}
			f.Texts[name][locale] = s
		}
	}
	chosen := map[string]bool{}
	for _, key := range r.GetStringSlice("categories") {
		chosen[key] = true
	}
	for _, c := range categories {
		if c.Enabled && (len(chosen) == 0 || chosen[c.Key]) {
			f.Categories = append(f.Categories, c)
		}
	}
	return f
}

// Offers tells whether a visitor may choose this category on the form.
func (f *Form) Offers(key string) bool {
	for _, c := range f.Categories {
		if c.Key == key {
			return true
		}
	}
	return false
}

// LoadCategories reads all categories in their order, kept until one changes.
func LoadCategories(app core.App) ([]Category, error) {
	return Cached(app, Categories, "categories", func(app core.App) ([]Category, error) {
		rows, err := app.FindRecordsByFilter(Categories, "", "position,id", 0, 0)
		if err != nil {
			return nil, err
		}
		list := make([]Category, 0, len(rows))
		for _, r := range rows {
			c := Category{
				Key: r.Id, Priority: r.GetString("default_priority"), Team: r.GetString("team"),
				Enabled: r.GetBool("enabled"), Position: r.GetInt("position"),
			}
			_ = r.UnmarshalJSONField("labels", &c.Labels)
			_ = r.UnmarshalJSONField("checklist", &c.Checklist)
			list = append(list, c)
		}
		return list, nil
	})
}

// FindCategory finds a category by key; ok is false where there is none.
func FindCategory(app core.App, key string) (c Category, ok bool, err error) {
	list, err := LoadCategories(app)
	if err != nil {
		return c, false, err
	}
	for _, one := range list {
		if one.Key == key {
			return one, true, nil
		}
	}
	return c, false, nil
}
