package casework

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
)

// Opening is a case that is about to be opened: all that can be found out before
// the transaction. Save may be called again after a rollback.
type Opening struct {
	feedback *desk.Feedback
	person   person
	sorted   sorting
	answerBy time.Time
	now      time.Time
	tokens   [2]string
	ack      *ack
	letter   *desk.Letter // of a submission by mail
}

// AnswerBy is by when the visitor is told that he gets an answer.
func (o *Opening) AnswerBy() time.Time { return o.answerBy }

// Prepare finds out all about the case that a submission opens.
func (w *Work) Prepare(app core.App, f *desk.Feedback) (*Opening, error) {
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	o := &Opening{feedback: f, person: personOf(f, settings), now: desk.Now(app), tokens: [2]string{mail.NewToken(), mail.NewToken()}}
	if o.sorted, err = w.sortOut(app, f); err != nil {
		return nil, err
	}
	w.Hits.Add(desk.Keywords, o.sorted.hits...)
	tags := func() ([]string, error) { return tagsOf(app, o.person) }
	if o.answerBy, err = answerBy(app, f, o.sorted, tags, o.now); err != nil {
		return nil, err
	}
	o.ack, err = w.prepareAck(app, o, settings)
	return o, err
}

// Lower gives the case a low priority unless a keyword of the shop gave it
// another; why is kept as the reason.
func (o *Opening) Lower(why string) {
	if o.sorted.reasons["priority"].By == "keyword" {
		return
	}
	o.sorted.priority = "low"
	o.sorted.reasons["priority"] = desk.Reason{By: "rule", Why: why}
}

// AnswerBy is by when anybody who sends this submission at a time is told that he
// gets an answer. Whose address he typed plays no part: he may be a stranger.
func (w *Work) AnswerBy(app core.App, f *desk.Feedback, at time.Time) (time.Time, error) {
	sorted, err := w.sortOut(app, f)
	if err != nil {
		return time.Time{}, err
	}
	return answerBy(app, f, sorted, nil, at)
}

func answerBy(app core.App, f *desk.Feedback, s sorting, tags func() ([]string, error), at time.Time) (time.Time, error) {
	return desk.FirstAnswerBy(app, desk.Subject{
		Category: s.category, Priority: s.priority, Tags: tags, Channel: func() (string, error) { return f.Source(), nil },
	}, s.team, at)
}

// OfMember takes the shop's word that a member of this number sent the submission;
// before Save. reads says that he has shown to read mail to the address he typed.
func (o *Opening) OfMember(number string, reads bool) { o.person.vouched = &vouched{number, reads} }

func personOf(f *desk.Feedback, s *desk.Settings) person {
	p := person{name: desk.OneLine(f.Name()), locale: f.Locale(), source: f.Source()}
	p.email, _ = mail.NormalizeAddress(f.Email())
	p.phone, _ = phone.E164(f.Phone(), phone.Region(f.Locale()), phone.Region(s.Locale), "TW", "JP", "CN")
	return p
}

// Save opens the case inside the caller's transaction.
func (o *Opening) Save(tx core.App) (*desk.Case, error) {
	m, err := findOrMake(tx, o.person)
	if err != nil {
		return nil, err
	}
	c, err := o.saveCase(tx, m)
	if err != nil {
		return nil, err
	}
	if err := o.saveFirstMessage(tx, c); err != nil {
		return nil, err
	}
	opened := map[string]any{
		"number": c.Number(), "category": c.Category(), "priority": c.Priority(),
		"reasons": o.sorted.reasons, "source": o.feedback.Source(), "answer_by": desk.Date(o.answerBy),
	}
	events := []desk.Event{{Case: c.Id, Kind: "opened", After: opened}}
	if m.duplicate != "" {
		events = append(events, desk.Event{Case: c.Id, Kind: "possible_duplicate", After: map[string]any{"contact": m.duplicate, "same": m.why}})
	}
	acked, err := o.saveAck(tx, c)
	if err != nil {
		return nil, err
	}
	if acked != nil {
		events = append(events, *acked)
	}
	return c, desk.Record(tx, events...)
}

func (o *Opening) saveCase(tx core.App, m match) (*desk.Case, error) {
	c, err := o.newCase(tx, m)
	if err != nil {
		return nil, err
	}
	return c, desk.Save(tx, c.Record)
}

// newCase is the case with a number of its own, unsaved.
func (o *Opening) newCase(tx core.App, m match) (*desk.Case, error) {
	c, err := desk.NewCase(tx)
	if err != nil {
		return nil, err
	}
	n, err := desk.NextNumber(tx)
	if err != nil {
		return nil, err
	}
	f := o.feedback
	now := desk.Date(o.now)
	c.Set("number", n)
	c.Set("contact", m.contact.Id)
	c.Set("feedback", f.Id)
	c.Set("subject", f.Title())
	c.Set("category", o.sorted.category)
	c.Set("priority", o.sorted.priority)
	c.Set("team", o.sorted.team)
	c.Set("tags", o.sorted.tags)
	c.Set("reasons", o.sorted.reasons)
	c.Set("status", desk.Unread)
	c.Set("locale", f.Locale())
	c.Set("waiting_since", now)
	c.Set("last_in_at", now)
	c.Set("track_token", o.tokens[0])
	c.Set("mail_token", o.tokens[1])
	c.Touch()
	return c, nil
}

func (o *Opening) saveFirstMessage(tx core.App, c *desk.Case) error {
	m, err := desk.NewMessage(tx, c.Id)
	if err != nil {
		return err
	}
	m.Set("direction", desk.In)
	m.Set("channel", channelOf(o.feedback.Source()))
	m.Set("contact", c.Contact())
	m.Set("subject", o.feedback.Subject())
	m.Set("body", o.feedback.Message())
	m.Set("delivery", desk.DeliveryNone)
	o.dress(m)
	return desk.Save(tx, m.Record)
}

func channelOf(source string) string {
	switch source {
	case desk.SourceAPI, desk.SourceHost:
		return desk.ChannelAPI
	case desk.SourcePhone:
		return desk.ChannelPhone
	case desk.SourceImport:
		return "import"
	case "email", "widget":
		return source
	}
	return desk.ChannelForm
}
