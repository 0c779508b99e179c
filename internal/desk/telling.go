package desk

import (
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// When a kind of notice is told by mail, if the person has not looked at it by then.
const (
	MailNow   = "now"   // within a minute
	MailLater = "later" // together with others, every [Telling.DigestMinutes]
	MailOff   = "off"
)

// mailAgain is how long it takes until equal notices are told by mail again,
// where the person looked at none of them.
const mailAgain = 4 * time.Hour

// MailByDefault is when a kind of notice is told by mail where nobody chose; ""
// is no kind.
func MailByDefault(kind string) string {
	switch kind {
	case NoticeSLABreached, NoticeEscalated, NoticeUnassigned, NoticeRule:
		return MailNow
	case NoticeMention, NoticeAssigned, NoticeSLAWarning, NoticeSLALate, NoticePromiseBroken, NoticeHandedOver, NoticeRuleFailed, NoticeWebhookDisabled, NoticeQuestions, NoticeTakenOn, NoticeOutsideNote:
		return MailLater
	case NoticeFollowUp, NoticePromiseDue, NoticeNewCase, NoticeAnswered:
		return MailOff
	}
	return ""
}

// MailUsually is [MailByDefault] for all kinds.
func MailUsually() map[string]string {
	out := map[string]string{}
	for _, kind := range []string{
		NoticeSLABreached, NoticeSLAWarning, NoticeSLALate, NoticeEscalated, NoticeTakenOn, NoticeOutsideNote, NoticeUnassigned, NoticeRule, NoticeAssigned, NoticeMention, NoticeHandedOver,
		NoticePromiseBroken, NoticePromiseDue, NoticeFollowUp, NoticeAnswered, NoticeNewCase, NoticeQuestions, NoticeRuleFailed, NoticeWebhookDisabled,
	} {
		out[kind] = MailByDefault(kind)
	}
	return out
}

// Telling are the shop's choices of how staff are told of things.
type Telling struct {
	QuietFrom     string `json:"quiet_from"`     // HH:MM of the shop's zone; "" with QuietUntil: mails leave at any hour
	QuietUntil    string `json:"quiet_until"`    // HH:MM; before QuietFrom: on the next day
	DigestMinutes int    `json:"digest_minutes"` // how long what can wait is gathered, 5 to 1440; 30
}

func (t *Telling) fill() {
	orInt(&t.DigestMinutes, 30)
}

// ErrTelling says that choices have another shape than [Telling].
var ErrTelling = errors.New("give quiet_from and quiet_until as HH:MM, both or none and not the same, and digest_minutes from 5 to 1440")

// Check tells what is wrong with the choices: nil or [ErrTelling].
func (t *Telling) Check() error {
	if n := t.DigestMinutes; n != 0 && (n < 5 || n > 1440) {
		return ErrTelling
	}
	if t.Quiet().Check() != nil {
		return ErrTelling
	}
	return nil
}

// Quiet are the shop's hours of quiet.
func (t *Telling) Quiet() *Quiet { return &Quiet{t.QuietFrom, t.QuietUntil} }

// Quiet are the hours of a day in which no mail comes: from a time until another
// one, on the next day where that is earlier. Both "" is never.
type Quiet struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

// ErrQuiet says that hours are none.
var ErrQuiet = errors.New("give from and until as HH:MM, both or none and not the same")

// Check tells what is wrong with the hours: nil or [ErrQuiet].
func (q *Quiet) Check() error {
	if q == nil || (q.From == "" && q.Until == "") {
		return nil
	}
	if !dayTime.MatchString(q.From) || !dayTime.MatchString(q.Until) || q.From == q.Until {
		return ErrQuiet
	}
	return nil
}

// After is the first moment, from t on, that is not quiet in a zone: t itself, or
// the minute in which the clock on the wall leaves the hours. So it holds where
// that clock is set forward over the end, and where it shows the end twice.
func (q *Quiet) After(t time.Time, zone *time.Location) time.Time {
	if q == nil || q.From == "" || q.Check() != nil || !q.holds(t.In(zone)) {
		return t
	}
	const mostMinutes = 26 * 60 // a day, and what a clock that is set back adds
	next := t.Truncate(time.Minute)
	for range mostMinutes {
		next = next.Add(time.Minute)
		if !q.holds(next.In(zone)) {
			break
		}
	}
	return next
}

func (q *Quiet) holds(t time.Time) bool {
	at := t.Format("15:04")
	if q.From < q.Until {
		return q.From <= at && at < q.Until
	}
	return at >= q.From || at < q.Until
}

// mailAt is when a notice goes out to the agent by mail; zero: it doesn't.
func mailAt(app core.App, agent *Agent, kind string, now time.Time) (time.Time, error) {
	bell := agent.Bell()
	when := bell.Mail[kind]
	if when == "" {
		when = MailByDefault(kind)
	}
	if when == MailOff || when == "" || !agent.Works() {
		return time.Time{}, nil
	}
	s, err := LoadSettings(app)
	if err != nil {
		return time.Time{}, err
	}
	at := now
	if when == MailLater {
		at = now.Add(time.Duration(s.Telling.DigestMinutes) * time.Minute)
	}
	return bell.QuietOf(s).After(at, s.Location), nil
}

// QuietOf are the person's quiet hours, else the shop's.
func (b Bell) QuietOf(s *Settings) *Quiet {
	if b.Quiet != nil {
		return b.Quiet
	}
	return s.Telling.Quiet()
}
