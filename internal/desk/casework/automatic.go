package casework

import (
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Why an automatic mail is not sent.
const (
	SkipNoAddress     = "no_address"
	SkipAutomatic     = "automatic"     // no person reads at this address, or none wrote last
	SkipUndeliverable = "undeliverable" // mail to this address comes back
	SkipCapped        = "capped"        // it had its automatic mails for today
)

// automaticDay is how many automatic mails of rules a mailbox gets in a day where
// the settings set no limit for acknowledgements: what a rule sends may be
// answered by a program that we take for a person.
const automaticDay = 10

// Automatic is a mail that no person writes: a template, rendered before the
// transaction. It answers no automatic mail and is capped by mailbox; the case
// waits as it did before.
type Automatic struct {
	template string
	locale   string
	subject  string
	body     string
	to       recipient
	perDay   int
	skip     string
	failed   error
}

// address begins a mail: to whom it goes, or why it goes to nobody.
func address(app core.App, c *desk.Case) (*Automatic, error) {
	s, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	a := &Automatic{perDay: perDay(s)}
	if a.to.addr, err = ReplyAddress(app, c); err != nil {
		return nil, err
	}
	a.skip, err = a.refuses(app, c)
	return a, err
}

// PrepareAutomatic renders a template for a case, in the visitor's language.
func (w *Work) PrepareAutomatic(app core.App, c *desk.Case, template string) (*Automatic, error) {
	a, err := address(app, c)
	if err != nil {
		return nil, err
	}
	if a.template = template; a.skip != "" {
		return a, nil
	}
	p, err := w.Preview(app, Draft{Case: c, Template: template})
	if err != nil {
		a.failed = err
		return a, nil
	}
	a.locale = p.Locale
	a.subject, a.body = desk.Clip(desk.OneLine(p.Subject), 300), p.Body
	if a.subject == "" {
		a.subject = answerSubject(app, c)
	}
	if r, err := app.FindRecordById(desk.Contacts, c.Contact()); err == nil {
		a.to.name, _ = mail.SafeName(desk.AsContact(r).Name())
	}
	return a, nil
}

// AutomaticText is what such a mail says, for people to look at.
type AutomaticText struct {
	Template, Locale, To, Subject, Body string
	Skip, Failed                        string // why none leaves, and what is wrong with the template
}

// Text is what the mail says.
func (a *Automatic) Text() AutomaticText {
	t := AutomaticText{Template: a.template, Locale: a.locale, To: a.to.addr, Subject: a.subject, Body: a.body, Skip: a.skip}
	if a.failed != nil {
		t.Failed = a.failed.Error()
	}
	return t
}

// Refused says why nothing is sent: skip where the template is not to blame.
func (a *Automatic) Refused() (skip string, failed error) { return a.skip, a.failed }

// refuses says why the address gets no such mail; "" where it does.
func (a *Automatic) refuses(app core.App, c *desk.Case) (string, error) {
	switch {
	case a.to.addr == "":
		return SkipNoAddress, nil
	case automatic(a.to.addr):
		return SkipAutomatic, nil
	}
	if auto, err := autoWroteLast(app, c); auto || err != nil {
		return SkipAutomatic, err
	}
	if dead, err := desk.Undeliverable(app, a.to.addr); dead || err != nil {
		return SkipUndeliverable, err
	}
	capped, err := dayCap{a.to.addr, desk.KindRule, a.perDay}.reached(app)
	if capped {
		return SkipCapped, err
	}
	return "", err
}

// autoWroteLast tells whether the latest word on the visitor's side came from a program.
func autoWroteLast(app core.App, c *desk.Case) (bool, error) {
	var rows []struct {
		Auto string `db:"auto"`
	}
	err := app.DB().Select("auto").From(desk.Name(app, desk.Messages)).
		Where(dbx.HashExp{"case": c.Id, "direction": desk.In}).OrderBy("created DESC", "rowid DESC").Limit(1).All(&rows)
	return len(rows) > 0 && rows[0].Auto != "", err
}

// Save queues the mail inside the caller's transaction and gives the message's
// id, or why it is not sent after all: what was found before may not hold any more.
func (a *Automatic) Save(tx core.App, c *desk.Case) (message, skip string, err error) {
	if a.skip != "" || a.failed != nil {
		return "", a.skip, a.failed
	}
	if skip, err = a.refuses(tx, c); skip != "" || err != nil {
		return "", skip, err
	}
	m, err := desk.NewMessage(tx, c.Id)
	if err != nil {
		return "", "", err
	}
	m.Id = core.GenerateDefaultRandomId()
	m.Set("direction", desk.Out)
	m.Set("channel", desk.ChannelSystem)
	m.Set("contact", c.Contact())
	m.Set("subject", a.subject)
	m.Set("body", a.body)
	m.Set("template", a.template)
	err = errors.Join(
		queue(tx, c, m, posting{to: a.to, by: desk.ByMail, kind: desk.KindRule}),
		countTemplate(tx, a.template),
	)
	return m.Id, "", err
}
