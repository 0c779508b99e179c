package intake

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ErrDecided says that a submission doesn't wait in quarantine any more.
var ErrDecided = errors.New("this message was decided already")

// Release opens the case of a held submission and sends its acknowledgement.
// It is a lesson: this is no junk.
func (in *Intake) Release(app core.App, feedback string, agent *desk.Agent) (*desk.Case, error) {
	f, err := desk.FindFeedback(app, feedback)
	if err != nil {
		return nil, err
	}
	if err := seesHeld(app, feedback, agent); err != nil {
		return nil, err
	}
	opening, letter, err := in.opening(app, f)
	if err != nil {
		return nil, err
	}
	lesson := lessonOf(f, desk.Lesson{How: desk.HowRelease, Agent: agent.Id})
	var c *desk.Case
	err = in.transact(app, func(tx core.App) error {
		v, err := undecided(tx, feedback, desk.Accepted)
		if err != nil {
			return err
		}
		if c, err = in.open(tx, opening, f, false); err != nil {
			return err
		}
		if err := in.arrived(tx, arrival{c, f, letter, agent.Id}); err != nil {
			return err
		}
		if _, err := lesson.Save(tx); err != nil {
			return err
		}
		if err := decide(tx, v, decision{desk.Accepted, "released", c.Id, agent.Id}); err != nil {
			return err
		}
		return settleLetter(tx, letter, desk.Received{Feedback: f.Id, Outcome: desk.Accepted, Case: c})
	})
	if err != nil {
		return nil, err
	}
	in.tell(app, c)
	in.remember(app, feedback, false)
	return c, nil
}

// opening is the case that a screened submission opens. Sales pitches come last
// where the shop wants that, let in by staff too.
func (in *Intake) opening(app core.App, f *desk.Feedback) (Opening, *desk.Letter, error) {
	v, err := desk.FindVerdictOf(app, f.Id)
	if err != nil {
		return nil, nil, err
	}
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return nil, nil, err
	}
	letter, err := in.letterOf(app, f)
	if err != nil {
		return nil, nil, err
	}
	o, err := in.Prepare(app, f)
	if err != nil {
		return nil, nil, err
	}
	if v.Pitch() && settings.Screening.Pitch == desk.PitchLow {
		o.Lower("pitch")
	}
	if letter != nil {
		o.ByMail(letter)
	}
	return o, letter, nil
}

// Confirm says that a held submission is junk, which is a lesson too. Its text
// is kept until the retention time ends, its files go.
func (in *Intake) Confirm(app core.App, feedback string, agent *desk.Agent) error {
	f, err := desk.FindFeedback(app, feedback)
	if err != nil {
		return err
	}
	if err := seesHeld(app, feedback, agent); err != nil {
		return err
	}
	lesson := lessonOf(f, desk.Lesson{Spam: true, How: desk.HowConfirm, Agent: agent.Id})
	err = in.transact(app, func(tx core.App) error {
		v, err := undecided(tx, feedback, desk.Blocked)
		if err != nil {
			return err
		}
		return confirm(tx, v, lesson)
	})
	if err == nil {
		in.remember(app, feedback, true)
	}
	return err
}

// confirm is Confirm inside its transaction.
func confirm(tx core.App, v *desk.Verdict, lesson desk.Lesson) error {
	f, err := desk.FindFeedback(tx, v.Feedback())
	if err != nil {
		return err
	}
	if len(f.Files()) > 0 {
		f.Set("attachments", nil)
		f.Set("attachment_names", nil)
		if err := desk.Save(tx, f.Record); err != nil {
			return err
		}
	}
	if _, err := lesson.Save(tx); err != nil {
		return err
	}
	return decide(tx, v, decision{desk.Blocked, eventConfirmed, "", lesson.Agent})
}

// lessonOf completes a lesson with what a submission says; the work for it is
// done before any transaction.
func lessonOf(f *desk.Feedback, l desk.Lesson) desk.Lesson {
	l.Feedback = f.Id
	l.Features = desk.LessonFeatures(f.Subject(), f.Message()).Encode()
	return l
}

// remember tells those who compare texts what staff said of one, once it is committed.
func (in *Intake) remember(app core.App, feedback string, junk bool) {
	if in.Recent != nil {
		desk.AfterCommit(app, func() { in.Recent.Mark(feedback, junk) })
	}
}

// undecided finds a verdict that may still become outcome: one that waits in
// quarantine, or a blocked one that somebody wants after all.
func undecided(tx core.App, feedback, outcome string) (*desk.Verdict, error) {
	v, err := desk.FindVerdictOf(tx, feedback)
	if err != nil {
		return nil, err
	}
	if v.Waits() || (outcome == desk.Accepted && v.Outcome() == desk.Blocked && caseless(tx, feedback)) {
		return v, nil
	}
	return nil, ErrDecided
}

type decision struct{ outcome, event, caseID, agent string }

// decide changes the verdict on what waits, with its line of the audit trail.
func decide(tx core.App, v *desk.Verdict, d decision) error {
	before := v.Outcome()
	if err := settle(tx, v, d); err != nil {
		return err
	}
	return desk.Record(tx, desk.Event{Case: d.caseID, Feedback: v.Feedback(), Actor: d.agent, Kind: d.event,
		Before: map[string]any{"outcome": before}, After: map[string]any{"outcome": d.outcome}})
}

// settle is the only way in which a verdict changes. What goes back to quarantine
// was decided by nobody.
func settle(tx core.App, v *desk.Verdict, d decision) error {
	by, at := d.agent, desk.Date(desk.Now(tx))
	if d.outcome == desk.Quarantined {
		by, at = "", types.DateTime{}
	}
	v.Set("outcome", d.outcome)
	v.Set("decided_by", by)
	v.Set("decided_at", at)
	v.Set("file_bytes", 0)
	return desk.Save(tx, v.Record)
}

// caseless tells that no case was opened, so that a blocked message may still be released.
func caseless(tx core.App, feedback string) bool {
	_, err := tx.FindFirstRecordByData(desk.Cases, "feedback", feedback)
	return err != nil
}
