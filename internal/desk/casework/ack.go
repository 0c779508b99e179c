package casework

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// ack is the acknowledgement of a submission, rendered before the transaction.
type ack struct {
	template desk.Template
	subject  string
	body     string
	to       string
	name     string
	locale   string
	perDay   int
	skip     string // why none is sent
}

// prepareAck renders the acknowledgement. A template that fails must not cost a
// submission: the case opens without, and the timeline says so.
func (w *Work) prepareAck(app core.App, o *Opening, s *desk.Settings) (*ack, error) {
	a := &ack{to: o.person.email, locale: o.feedback.Locale(), perDay: s.Limits.AckDay}
	switch {
	case !s.AckEnabled:
		a.skip = "switched off in the settings"
		return a, nil
	case a.to == "":
		a.skip = "no mail address"
		return a, nil
	}
	key := "ack"
	if form, err := desk.FindForm(app, o.feedback.Form()); err == nil {
		key = form.AckKey
	}
	var err error
	a.template, err = desk.FindTemplate(app, key, o.feedback.Locale(), s.Locale)
	if errors.Is(err, desk.ErrNoTemplate) {
		a.skip = "no template " + key
		return a, nil
	}
	if err != nil {
		return nil, err
	}
	a.name, _ = mail.SafeName(o.person.name)
	v := shopVars(s, a.template.Locale)
	v.Contact.Name, v.Contact.Email, v.Contact.Locale = a.name, a.to, o.feedback.Locale()
	v.Case.Reference, v.Case.Opened, v.Case.AnswerBy = o.feedback.Receipt(), o.now, o.answerBy
	v.Now, v.TrackingURL = o.now, desk.TrackingLink
	if a.subject, err = w.Liquid.Render(a.template.Subject, v); err == nil {
		a.body, err = w.Liquid.Render(a.template.Body, v)
	}
	if err != nil {
		a.skip = fmt.Sprintf("template %s (%s): %v", key, a.template.Locale, err)
	}
	a.subject = desk.OneLine(a.subject)
	return a, nil
}

// saveAck queues the acknowledgement and says what to note on the timeline.
func (o *Opening) saveAck(tx core.App, c *desk.Case) (*desk.Event, error) {
	a := o.ack
	skip := a.skip // what is found here holds for this transaction alone
	if skip == "" {
		capped, err := dayCap{a.to, desk.KindAck, a.perDay}.reached(tx)
		if err != nil {
			return nil, err
		}
		if capped {
			skip = "this address had its acknowledgements for today"
		}
	}
	if skip != "" {
		return &desk.Event{Case: c.Id, Kind: "ack_skipped", After: map[string]any{"reason": skip}}, nil
	}
	m, err := desk.NewMessage(tx, c.Id)
	if err != nil {
		return nil, err
	}
	m.Set("direction", desk.Out)
	m.Set("channel", desk.ChannelSystem)
	m.Set("contact", c.Contact())
	m.Set("subject", a.subject)
	m.Set("body", a.body)
	m.Set("template", a.template.Key)
	if err := queue(tx, c, m, recipient{addr: a.to, name: a.name}, desk.KindAck); err != nil {
		return nil, err
	}
	kind := "acknowledged"
	if m.Delivery() == desk.DeliveryHeld {
		kind = "ack_held"
	}
	return &desk.Event{Case: c.Id, Kind: kind, After: map[string]any{"message": m.Id, "template": a.template.Key}}, nil
}

// dayCap is how many automatic mails of a kind one mailbox gets in a day; a
// negative number is no limit. It keeps a stranger from using the form to fill
// somebody's mailbox.
type dayCap struct {
	to, kind string
	perDay   int
}

func (c dayCap) reached(tx core.App) (bool, error) {
	if c.perDay < 0 {
		return false, nil
	}
	var n int
	// mail that was queued before there were digests is found by its address
	err := desk.Row(tx, `SELECT COUNT(*) FROM "`+desk.Name(tx, desk.Outbox)+`" WHERE ("mailbox" = ? OR ("recipient" = ? AND "mailbox" = '')) AND "created" >= ? AND "dedupe_key" LIKE ?`,
		[]any{desk.MailboxDigest(tx, c.to), c.to, desk.Date(desk.Now(tx).Add(-24 * time.Hour)).String(), c.kind + ":%"}, &n)
	return n >= c.perDay, err
}
