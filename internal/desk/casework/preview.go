package casework

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
)

// Draft is a text to be tried with a case's values: a template by key, or
// Subject and Body as typed.
type Draft struct {
	Case          *desk.Case
	Agent         *desk.Agent
	Template      string
	Locale        string // of the template; "" is the case's
	Subject, Body string
	Invite        *liquid.Invite // what it offers a guest; nil is what the settings say
	Problem       liquid.Problem // what it says of a fault
}

// Preview is the rendered text. Empty names the variables that have no value on this case.
type Preview struct {
	Subject string   `json:"subject"`
	Body    string   `json:"body"`
	Locale  string   `json:"locale"`
	Empty   []string `json:"empty"`
}

// Preview renders a draft. It fails with [desk.ErrNoTemplate], or with the
// Liquid error of an unknown variable.
func (w *Work) Preview(app core.App, d Draft) (Preview, error) {
	p := Preview{Locale: d.Locale, Empty: []string{}}
	if p.Locale == "" {
		p.Locale = d.Case.Locale()
	}
	if d.Template != "" {
		s, err := desk.LoadSettings(app)
		if err != nil {
			return p, err
		}
		t, err := desk.FindTemplate(app, d.Template, p.Locale, s.Locale)
		if err != nil {
			return p, err
		}
		d.Subject, d.Body, p.Locale = t.Subject, t.Body, t.Locale
	}
	v, err := caseVars(app, d.Case, d.Agent, p.Locale)
	if err != nil {
		return p, err
	}
	if d.Invite != nil {
		v.Invite = *d.Invite
	}
	v.Problem = d.Problem
	if p.Subject, err = w.Liquid.Render(d.Subject, v); err != nil {
		return p, err
	}
	if p.Body, err = w.Liquid.Render(d.Body, v); err != nil {
		return p, err
	}
	empty, err := w.Liquid.Empty(d.Subject+"\n"+d.Body, v)
	p.Empty = append(p.Empty, empty...)
	return p, err
}

// CheckTemplate tells whether a template's texts are good Liquid with known
// variables only. The errors are by field.
func (w *Work) CheckTemplate(subject, body string) error {
	if err := w.Liquid.Check(subject); err != nil {
		return fieldError("subject", "unknown_variable", err.Error())
	}
	if err := w.Liquid.Check(body); err != nil {
		return fieldError("body", "unknown_variable", err.Error())
	}
	return nil
}

// Example is a set of made-up values in a locale, for trying a template.
func (w *Work) Example(app core.App, agent *desk.Agent, locale string) (liquid.Vars, error) {
	s, err := desk.LoadSettings(app)
	if err != nil {
		return liquid.Vars{}, err
	}
	v := shopVars(s, locale)
	v.Shop.URL = app.Settings().Meta.AppURL
	v.Contact.Locale = locale
	v.Contact.Name = map[string]string{"zh-TW": "王小明", "zh-CN": "李雷", "ja": "山田花子"}[locale]
	if v.Contact.Name == "" {
		v.Contact.Name = "Anna Berg"
	}
	v.Contact.Email, v.Contact.Phone = "visitor@example.com", "+886912345678"
	v.Case.Reference, v.Case.Number = "K7QM-4XHE", 1042
	if list, err := desk.LoadCategories(app); err == nil && len(list) > 0 {
		v.Case.Subject, v.Case.Category = list[0].Labels.In(locale), list[0].Labels.In(locale)
	}
	now := desk.Now(app)
	v.Now, v.Case.Opened, v.Case.AnswerBy = now, now, s.AnswerBy(now)
	v.TrackingURL = desk.TrackingLink
	v.Invite = liquid.Invite{SignupURL: "https://shop.example.com/signup", Coupon: "WELCOME100"}
	v.Problem = liquid.Problem{Reward: "THANKS50"}
	sign(&v, agent)
	return v, nil
}
