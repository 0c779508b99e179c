package casework

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// shopVars are the variables that every text may use.
func shopVars(s *desk.Settings, locale string) liquid.Vars {
	v := liquid.Vars{Locale: locale}
	v.Shop.Name = s.ShopName.In(locale)
	v.Shop.Email = s.ServiceEmail
	v.Shop.Phone = s.ServicePhone
	v.Shop.Hours = s.ServiceHours.In(locale)
	v.Shop.Location = s.Location
	return v
}

// caseVars are the variables of an answer on a case, in the template's locale.
func caseVars(app core.App, c *desk.Case, agent *desk.Agent, locale string) (liquid.Vars, error) {
	s, err := desk.LoadSettings(app)
	if err != nil {
		return liquid.Vars{}, err
	}
	v := shopVars(s, locale)
	v.Shop.URL = app.Settings().Meta.AppURL
	v.Invite = liquid.Invite{SignupURL: s.Membership.SignupURL, Coupon: s.Membership.Coupon}
	v.Now = desk.Now(app)
	v.Case.Number = c.Number()
	v.Case.Subject = c.Subject()
	v.Case.Opened = c.GetDateTime("created").Time()
	opened := v.Case.Opened
	if category, ok, err := desk.FindCategory(app, c.Category()); err == nil && ok {
		v.Case.Category = category.Labels.In(locale)
	}
	if f, err := desk.FindFeedback(app, c.Feedback()); err == nil {
		v.Case.Reference = f.Receipt()
		v.Contact.Email, v.Contact.Phone = f.Email(), f.Phone()
		opened = f.GetDateTime("created").Time()
	}
	if v.Case.AnswerBy, err = desk.AnswerBy(app, c, opened); err != nil {
		return v, err
	}
	if r, err := app.FindRecordById(desk.Contacts, c.Contact()); err == nil {
		v.Contact.Name, _ = mail.SafeName(desk.AsContact(r).Name())
		v.Contact.Locale = c.Locale()
	}
	if c.TrackToken() != "" {
		v.TrackingURL = desk.TrackingLink
	}
	sign(&v, agent)
	return v, nil
}

// sign fills in who writes; an agent without a signature signs with shop and name.
func sign(v *liquid.Vars, agent *desk.Agent) {
	if agent == nil {
		return
	}
	v.Agent.Name, v.Agent.Signature = agent.Name(), agent.Signature()
	if v.Agent.Signature == "" {
		v.Agent.Signature = strings.TrimSpace(v.Shop.Name + "\n" + v.Agent.Name)
	}
}
