package intake

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// addLetter adds what a mail says by itself, and how much its sender wrote
// lately. There is no network that tells one sender from another: anybody can
// write the address of another, which is why such counts never weigh in full.
func (in *Intake) addLetter(m *spam.Message, s Submission, found *screened, settings *desk.Settings) {
	l, limits := s.Letter, settings.Limits
	m.Mail = &spam.MailEvidence{SPF: l.SPF, DKIM: l.DKIM, DMARC: l.DMARC, ReplyTo: l.ReplyTo}
	if limits.EmailHour <= 0 {
		return
	}
	if key, err := mail.NormalizeAddress(m.Email); err == nil {
		m.EmailCount = spam.Rate{Count: in.rates.mail.Add(key), Limit: senderLimit(limits)}
		if l.DMARC == "pass" { // nobody else wrote under it
			m.EmailHere = m.EmailCount.Count
		}
	}
	in.rates.countSaid(m, found, limits)
}

// holdSentences say why a letter waits.
var holdSentences = map[string]string{
	desk.HoldSomeoneElse: "It answers a case, and its sender has no part in that case.",
	desk.HoldForged:      "It answers a case, and its sender is not who he says.",
	desk.HoldClaim:       "It says that it belongs to a case, and does not.",
}

// holdLetter makes an accepted letter wait that must not go straight in. A rule
// of the shop that lets the sender through says nothing of the case.
func holdLetter(l *desk.Letter, v *screened) {
	if l == nil || l.Hold == "" {
		return
	}
	if v.Outcome == spam.Accepted {
		v.Outcome = spam.Quarantined
	}
	var data map[string]any
	if l.Said != "" {
		data = map[string]any{"said": l.Said}
	}
	v.Signals = append(v.Signals, spam.Noticed(l.Hold, holdSentences[l.Hold], data))
}

// settle tells the letter what became of it, inside the transaction.
func (s Submission) settle(tx core.App, p *plan) error {
	return settleLetter(tx, s.Letter, desk.Received{Feedback: s.Feedback.Id, Outcome: string(p.verdict.Outcome), Case: p.opened})
}

func settleLetter(tx core.App, l *desk.Letter, r desk.Received) error {
	if l == nil || l.Settle == nil {
		return nil
	}
	return l.Settle(tx, r)
}

// letterOf finds what the mail behind a held submission says.
func (in *Intake) letterOf(app core.App, f *desk.Feedback) (*desk.Letter, error) {
	if in.Letter == nil || f.Source() != desk.SourceEmail {
		return nil, nil
	}
	return in.Letter(app, f)
}

// Unwelcome tells whether staff have blocked the sender of a mail, or made a rule
// that would hold it. A rule that allows wins, as it does at the door.
func (in *Intake) Unwelcome(app core.App, f *desk.Feedback) (bool, error) {
	set, err := rules(app)
	if err != nil {
		return false, err
	}
	hits := set.Match(spam.Message{Name: f.Name(), Email: f.Email(), Subject: f.Subject(), Text: f.Message(), Source: f.Source()}, desk.Now(app))
	if len(hits) > 0 {
		return ruled(hits) != ruledIn, nil
	}
	return blockedContact(app, f)
}

// seesHeld hides what answers a case from those who may not see the case.
func seesHeld(app core.App, feedback string, agent *desk.Agent) error {
	v, err := desk.FindVerdictOf(app, feedback)
	if err != nil || v.ForCase() == "" {
		return err
	}
	c, err := desk.FindCase(app, v.ForCase())
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil && !agent.Sees(c.Team()) {
		err = sql.ErrNoRows
	}
	return err
}

// Joining is a held mail that staff let through to the case that it answers.
type Joining struct {
	Feedback *desk.Feedback
	Case     *desk.Case
	// Decide is called inside the transaction that adds the message.
	Decide func(tx core.App) error
}

// ErrNoCase says that a held message answers no case, or none that is left.
var ErrNoCase = errors.New("this message answers no case")

// ReleaseInto adds a held mail to the case that it answers, as its sender's
// words. It is a lesson as [Intake.Release] is. The error may be [ErrNoCase] or
// [ErrDecided].
func (in *Intake) ReleaseInto(app core.App, feedback string, agent *desk.Agent) (*desk.Case, error) {
	f, err := desk.FindFeedback(app, feedback)
	if err != nil {
		return nil, err
	}
	if err := seesHeld(app, feedback, agent); err != nil {
		return nil, err
	}
	v, err := desk.FindVerdictOf(app, feedback)
	if err != nil {
		return nil, err
	}
	c, err := desk.FindCase(app, v.ForCase())
	if err != nil || in.Join == nil {
		return nil, ErrNoCase
	}
	lesson := lessonOf(f, desk.Lesson{How: desk.HowRelease, Agent: agent.Id})
	err = in.Join(app, Joining{Feedback: f, Case: c, Decide: func(tx core.App) error {
		v, err := undecided(tx, feedback, desk.Quarantined) // nothing but what waits
		if err != nil {
			return err
		}
		if _, err := lesson.Save(tx); err != nil {
			return err
		}
		return decide(tx, v, decision{desk.Accepted, "released", c.Id, agent.Id})
	}})
	if err != nil {
		return nil, err
	}
	in.remember(app, feedback, false)
	return c, nil
}
