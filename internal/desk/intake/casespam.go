package intake

import (
	"database/sql"
	"errors"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// SpamTag marks the cases that turned out to be junk.
const SpamTag = desk.SpamTag

// Errors of the verbs on a case that is junk.
var (
	ErrNotMarked   = errors.New("this case is not marked as spam")
	ErrMessageGone = errors.New("the message that opened this case was removed")
)

// MarkSpam says that a message which became a case is junk: the case is closed
// under the tag spam, its mail that was not sent yet is cancelled, and the
// text is a lesson. [Intake.UnmarkSpam] takes all of it back.
func (in *Intake) MarkSpam(app core.App, caseID string, agent *desk.Agent) error {
	c, err := desk.FindCase(app, caseID)
	if err != nil {
		return err
	}
	f, err := desk.FindFeedback(app, c.Feedback())
	if errors.Is(err, sql.ErrNoRows) {
		return ErrMessageGone
	}
	if err != nil {
		return err
	}
	lesson := lessonOf(f, desk.Lesson{Spam: true, How: desk.HowCaseSpam, Agent: agent.Id})
	err = in.transact(app, func(tx core.App) error { return markSpam(tx, caseID, lesson) })
	if err == nil {
		in.remember(app, f.Id, true)
	}
	return err
}

func markSpam(tx core.App, caseID string, lesson desk.Lesson) error {
	c, err := desk.FindCase(tx, caseID)
	if err != nil {
		return err
	}
	if c.Feedback() == "" {
		return ErrMessageGone
	}
	mark, err := lastMark(tx, caseID)
	if err != nil {
		return err
	}
	if mark != nil {
		return ErrDecided
	}
	v, err := desk.FindVerdictOf(tx, c.Feedback())
	if err != nil {
		return err
	}
	before := map[string]any{"status": c.Status(), "resolved_at": c.GetString("resolved_at"), "outcome": v.Outcome()}
	if !c.Done() {
		c.Set("resolved_at", desk.Date(desk.Now(tx)))
	}
	c.Set("status", desk.Closed)
	c.Set("tags", append(without(c.Tags(), SpamTag), SpamTag))
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	cancelled, err := cancelMail(tx, caseID)
	if err != nil {
		return err
	}
	id, err := lesson.Save(tx)
	if err != nil {
		return err
	}
	if err := settle(tx, v, decision{outcome: desk.Blocked, agent: lesson.Agent}); err != nil {
		return err
	}
	// without the submission's id: the line stays when the junk is removed
	return desk.Record(tx, desk.Event{Case: caseID, Actor: lesson.Agent, Kind: desk.EventMarkedSpam, Before: before, After: map[string]any{
		"status": desk.Closed, "outcome": desk.Blocked, "cancelled": cancelled, "lesson": id,
	}})
}

// UnmarkSpam takes [Intake.MarkSpam] back: the case is as it was, its mail is
// queued again, and the lesson says that this is no junk. What staff changed on
// the case since then stays.
func (in *Intake) UnmarkSpam(app core.App, caseID string, agent *desk.Agent) error {
	c, err := desk.FindCase(app, caseID)
	if err != nil {
		return err
	}
	lesson := desk.Lesson{How: desk.HowCaseHam, Agent: agent.Id}
	f, err := desk.FindFeedback(app, c.Feedback())
	switch {
	case err == nil:
		lesson = lessonOf(f, lesson)
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	err = in.transact(app, func(tx core.App) error { return unmarkSpam(tx, caseID, lesson) })
	if err == nil {
		in.remember(app, lesson.Feedback, false)
	}
	return err
}

func unmarkSpam(tx core.App, caseID string, lesson desk.Lesson) error {
	c, err := desk.FindCase(tx, caseID)
	if err != nil {
		return err
	}
	mark, err := lastMark(tx, caseID)
	if err != nil {
		return err
	}
	if mark == nil {
		return ErrNotMarked
	}
	if c.Status() == desk.Closed {
		c.Set("status", mark.before.Status)
		c.Set("resolved_at", mark.before.ResolvedAt)
	}
	c.Set("tags", without(c.Tags(), SpamTag))
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	queued, err := restoreMail(tx, caseID)
	if err != nil {
		return err
	}
	if err := reverse(tx, c, mark.after.Lesson, lesson); err != nil {
		return err
	}
	return desk.Record(tx, desk.Event{Case: caseID, Actor: lesson.Agent, Kind: desk.EventUnmarkedSpam,
		Before: map[string]any{"outcome": desk.Blocked}, After: map[string]any{"status": c.Status(), "outcome": desk.Accepted, "queued": queued}})
}

// reverse turns verdict and lesson round. Where the message was removed
// meanwhile, the lesson that it left is all there is.
func reverse(tx core.App, c *desk.Case, taught string, lesson desk.Lesson) error {
	if c.Feedback() == "" || lesson.Feedback == "" {
		r, err := tx.FindRecordById(desk.Corrections, taught)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // taken back before
		}
		if err != nil {
			return err
		}
		lesson.Feedback, lesson.Features, lesson.Senders = "", r.GetString("features"), r.GetString("senders")
		if err := tx.Delete(r); err != nil {
			return err
		}
		_, err = lesson.Save(tx)
		return err
	}
	v, err := desk.FindVerdictOf(tx, c.Feedback())
	if err != nil {
		return err
	}
	if _, err := lesson.Save(tx); err != nil {
		return err
	}
	return settle(tx, v, decision{outcome: desk.Accepted, agent: lesson.Agent})
}

// mark is what the event of a case that is marked as spam says.
type mark struct {
	before struct {
		Status     string `json:"status"`
		ResolvedAt string `json:"resolved_at"`
	}
	after struct {
		Lesson string `json:"lesson"`
	}
}

// lastMark is how a case was marked as spam; nil where it is not, or not any more.
func lastMark(tx core.App, caseID string) (*mark, error) {
	r, err := desk.SpamMark(tx, caseID)
	if r == nil || err != nil {
		return nil, err
	}
	m := &mark{}
	return m, errors.Join(r.UnmarshalJSONField("before", &m.before), r.UnmarshalJSONField("after", &m.after))
}

func without(list []string, one string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == one })
}
