package intake

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ErrDecided says that a submission doesn't wait in quarantine any more.
var ErrDecided = errors.New("this message was decided already")

// Release opens the case of a held submission and sends its acknowledgement.
func (in *Intake) Release(app core.App, feedback string, agent *desk.Agent) (*desk.Case, error) {
	f, err := desk.FindFeedback(app, feedback)
	if err != nil {
		return nil, err
	}
	opening, err := in.Prepare(app, f)
	if err != nil {
		return nil, err
	}
	var c *desk.Case
	err = in.transact(app, func(tx core.App) error {
		v, err := undecided(tx, feedback, desk.Accepted)
		if err != nil {
			return err
		}
		if c, err = opening.Save(tx); err != nil {
			return err
		}
		return decide(tx, v, decision{desk.Accepted, "released", c.Id, agent.Id})
	})
	if err != nil {
		return nil, err
	}
	in.tell(app, c)
	return c, nil
}

// Confirm says that a held submission is junk. Its text is kept until the
// retention time ends, its files go.
func (in *Intake) Confirm(app core.App, feedback string, agent *desk.Agent) error {
	return in.transact(app, func(tx core.App) error {
		v, err := undecided(tx, feedback, desk.Blocked)
		if err != nil {
			return err
		}
		f, err := desk.FindFeedback(tx, feedback)
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
		return decide(tx, v, decision{desk.Blocked, "confirmed_spam", "", agent.Id})
	})
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

// decide is the only way in which a verdict changes; it writes its line of the
// audit trail.
func decide(tx core.App, v *desk.Verdict, d decision) error {
	before := v.Outcome()
	v.Set("outcome", d.outcome)
	v.Set("decided_by", d.agent)
	v.Set("decided_at", desk.Date(desk.Now(tx)))
	v.Set("file_bytes", 0)
	if err := desk.Save(tx, v.Record); err != nil {
		return err
	}
	return desk.Record(tx, desk.Event{Case: d.caseID, Feedback: v.Feedback(), Actor: d.agent, Kind: d.event,
		Before: map[string]any{"outcome": before}, After: map[string]any{"outcome": d.outcome}})
}

// caseless tells that no case was opened, so that a blocked message may still be released.
func caseless(tx core.App, feedback string) bool {
	_, err := tx.FindFirstRecordByData(desk.Cases, "feedback", feedback)
	return err != nil
}
