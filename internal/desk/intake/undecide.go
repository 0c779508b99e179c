package intake

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Kinds of the lines that say what was decided of a held message.
const (
	eventConfirmed = "confirmed_spam"
	eventUndecided = "undecided"
)

// ErrNotConfirmed says that staff's last word on a submission is not that it is junk.
var ErrNotConfirmed = errors.New("this message is not confirmed as spam")

// Undecide takes [Intake.Confirm] back: the submission waits in quarantine again
// as if nobody had decided, and nothing is learned from it. Its files, which
// confirming removed, stay gone. The error may be [ErrNotConfirmed] or, where
// there is no such message, [sql.ErrNoRows].
func (in *Intake) Undecide(app core.App, feedback string, agent *desk.Agent) error {
	if err := seesHeld(app, feedback, agent); err != nil {
		return err
	}
	err := in.transact(app, func(tx core.App) error {
		v, err := desk.FindVerdictOf(tx, feedback)
		if err != nil {
			return err
		}
		if err := confirmedLast(tx, v); err != nil {
			return err
		}
		if err := desk.ForgetLesson(tx, feedback); err != nil {
			return fmt.Errorf("forget what was learned: %w", err)
		}
		return decide(tx, v, decision{desk.Quarantined, eventUndecided, "", agent.Id})
	})
	if err == nil && in.Recent != nil {
		desk.AfterCommit(app, func() { in.Recent.Unmark(feedback) })
	}
	return err
}

// confirmedLast lets through what a person confirmed as junk and nobody decided
// on since. What screening blocked by itself never waited for anybody, and a case
// that is spam has its own way back.
func confirmedLast(tx core.App, v *desk.Verdict) error {
	if v.Outcome() != desk.Blocked || v.GetString("decided_by") == "" || !caseless(tx, v.Feedback()) {
		return ErrNotConfirmed
	}
	last := &core.Record{}
	err := tx.RecordQuery(desk.Events).AndWhere(dbx.HashExp{"feedback": v.Feedback()}).
		AndWhere(dbx.In("kind", eventConfirmed, eventUndecided, "released")).
		OrderBy("created DESC", "rowid DESC").Limit(1).One(last)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && last.GetString("kind") != eventConfirmed) {
		return ErrNotConfirmed
	}
	if err != nil {
		return err
	}
	// the trail of a case that was removed is gone, its lesson is not
	lesson, err := tx.FindFirstRecordByData(desk.Corrections, "feedback", v.Feedback())
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil // taken back before
	case err == nil && desk.AsCorrection(lesson).How() != desk.HowConfirm:
		return ErrNotConfirmed
	}
	return err
}
