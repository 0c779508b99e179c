package demo

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	content "github.com/pocketdesk/pocketdesk/internal/demo"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Setup is what a throw-away shop is given from outside.
type Setup struct {
	URL      string // public address, without a slash at its end
	SMTPHost string
	SMTPPort int
	Password string    // of the superuser and of all staff
	Since    time.Time // when staff began to work
}

// Owner is the mail address with which the shop's superuser signs in: that of a
// member of staff, so that "my cases" are some.
func Owner() string { return agent("chen").Email }

func agent(key string) content.Agent {
	for _, a := range content.Agents() {
		if a.Key == key {
			return a
		}
	}
	return content.Agent{}
}

// Staff are the members of staff by their key in the content.
type Staff map[string]*desk.Agent

// Furnish names the shop, sets its mail server, and hires its staff and a superuser.
func Furnish(app core.App, s Setup) (Staff, error) {
	then := &clock{at: s.Since}
	desk.SetClock(app, then.Now)
	defer desk.SetClock(app, nil)
	if err := errors.Join(settings(app, s), choices(app), superuser(app, s)); err != nil {
		return nil, fmt.Errorf("furnish the shop: %w", err)
	}
	staff, err := hire(app, s)
	if err != nil {
		return nil, fmt.Errorf("hire staff: %w", err)
	}
	return staff, nil
}

func settings(app core.App, s Setup) error {
	shop := content.Shop()
	set := app.Settings()
	set.Meta.AppName = shop.Name["en"]
	set.Meta.AppURL = s.URL
	set.Meta.SenderName = shop.Name["en"]
	set.Meta.SenderAddress = shop.Email
	set.SMTP.Enabled, set.SMTP.Host, set.SMTP.Port, set.SMTP.TLS = true, s.SMTPHost, s.SMTPPort, false
	return app.Save(set)
}

func choices(app core.App) error {
	r, err := app.FindRecordById(desk.SettingsID, desk.SettingsRecord)
	if err != nil {
		return err
	}
	shop := content.Shop()
	r.Set("shop_name", shop.Name)
	r.Set("service_email", shop.Email)
	r.Set("service_phone", shop.Phone)
	r.Set("service_hours", shop.Hours)
	r.Set("timezone", shop.Timezone)
	r.Set("reply_from", shop.Email)
	return app.Save(r)
}

func superuser(app core.App, s Setup) error {
	c, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	r := core.NewRecord(c)
	r.SetEmail(Owner())
	r.SetPassword(s.Password)
	return app.Save(r)
}

// hire makes teams and agents, and gives the categories to their team.
func hire(app core.App, s Setup) (Staff, error) {
	teams := map[string]*core.Record{}
	for _, t := range content.Teams() {
		r, err := desk.New(app, desk.Teams)
		if err != nil {
			return nil, err
		}
		r.Set("name", t.Name)
		if err := desk.Save(app, r); err != nil {
			return nil, err
		}
		teams[t.Key] = r
	}
	staff := Staff{}
	for _, a := range content.Agents() {
		r, err := desk.New(app, desk.Agents)
		if err != nil {
			return nil, err
		}
		for name, v := range map[string]any{
			"email": a.Email, "verified": true, "name": a.Name, "role": a.Role, "team": teams[a.Team].Id,
			"signature": a.Signature, "locale": a.Locale, "password": s.Password,
		} {
			r.Set(name, v)
		}
		if err := desk.Save(app, r); err != nil {
			return nil, err
		}
		staff[a.Key] = &desk.Agent{}
		staff[a.Key].SetProxyRecord(r)
	}
	for _, t := range content.Teams() {
		teams[t.Key].Set("lead", staff[t.Lead].Id)
		if err := desk.Save(app, teams[t.Key]); err != nil {
			return nil, err
		}
	}
	return staff, assign(app, teams["sales"].Id)
}

// assign gives what is business with other firms to sales. The rest has no team, so that all
// staff see it.
func assign(app core.App, sales string) error {
	for _, key := range []string{"cooperation", "bulk", "media"} {
		r, err := app.FindRecordById(desk.Categories, key)
		if err != nil {
			return err
		}
		r.Set("team", sales)
		if err := desk.Save(app, r); err != nil {
			return err
		}
	}
	return nil
}
