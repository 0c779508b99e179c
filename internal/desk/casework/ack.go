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
	by       string // desk.ByMail, or desk.BySMS: to is a number then
	name     string
	locale   string
	perDay   int
	skip     string // why none is sent

	tooLong func(core.App, *desk.Case) string // of a text: why it is too long, or ""
}

// prepareAck renders the acknowledgement. A template that fails must not cost a
// submission: the case opens without, and the timeline says so.
func (w *Work) prepareAck(app core.App, o *Opening, s *desk.Settings) (*ack, error) {
	a := &ack{to: o.person.email, by: desk.ByMail, locale: o.feedback.Locale(), perDay: s.Limits.AckDay}
	key := "ack"
	switch {
	case a.to == "" && o.person.phone != "" && s.SMS.Ack:
		key = ackText
		a.goByText(w, o.person.phone, s)
	case !s.AckEnabled:
		a.skip = "switched off in the settings"
	case a.to == "":
		a.skip = "no mail address"
	default:
		if form, err := desk.FindForm(app, o.feedback.Form()); err == nil {
			key = form.AckKey
		}
	}
	if a.skip != "" {
		return a, nil
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
	v.Contact.Name, v.Contact.Email, v.Contact.Phone, v.Contact.Locale = a.name, o.person.email, o.person.phone, o.feedback.Locale()
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
	skip, err := o.refusesAck(tx)
	if err != nil {
		return nil, err
	}
	if skip == "" && a.tooLong != nil {
		skip = a.tooLong(tx, c)
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
	if err := queue(tx, c, m, posting{to: recipient{addr: a.to, name: a.name}, by: a.by, kind: desk.KindAck}); err != nil {
		return nil, err
	}
	kind := "acknowledged"
	if m.Delivery() == desk.DeliveryHeld {
		kind = "ack_held"
	}
	return &desk.Event{Case: c.Id, Kind: kind, After: map[string]any{"message": m.Id, "template": a.template.Key}}, nil
}

// refusesAck says why the address gets no acknowledgement; "" where it does.
// What is found here holds for this transaction alone.
func (o *Opening) refusesAck(tx core.App) (string, error) {
	a := o.ack
	if a.skip != "" {
		return a.skip, nil
	}
	if o.letter == nil { // who writes from an address gets mail there
		if dead, err := desk.Undeliverable(tx, a.to); dead || err != nil {
			if a.by == desk.BySMS {
				return "this number is somebody else's", err
			}
			return "mail to this address comes back", err
		}
	}
	capped, err := dayCap{a.to, desk.KindAck, a.perDay}.reached(tx)
	if capped {
		return "this address had its acknowledgements for today", err
	}
	return "", err
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
