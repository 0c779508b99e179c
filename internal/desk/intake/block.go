package intake

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// For how long somebody may block, in days.
const (
	maxBlockDays = 3650
	// AgentBlockDays is the most for the role agent, who can't block for good either.
	AgentBlockDays = 90
)

// BlockRequest says what of a message is to be blocked from now on.
type BlockRequest struct {
	Kind  string // sender, domain, network or phrase
	Value string // the phrase; else "" takes it from the message
	Days  int    // 0 is for good
}

// BlockedRule is the rule that came of it. A zero Expires is for good. Made is
// false for a rule that stood already.
type BlockedRule struct {
	ID, Kind, Value string
	Expires         time.Time
	Made            bool
}

// BlockError is a request that can't be met, with a sentence for the person
// who made it. Field is kind, value or days.
type BlockError struct{ Field, Code, Sentence string }

// Error implements error.
func (e *BlockError) Error() string { return e.Sentence }

// ErrNoNetwork says that the message bears no network address, or none any more.
var ErrNoNetwork = errors.New("the network address of this message is not kept any more; block its sender or a phrase instead")

// Block makes a rule that blocks what comes from the sender, domain or network
// of a held message, or holds a phrase of it, and confirms the message as junk.
// Of one that was blocked already only the rule is made. The error may be a
// *[BlockError], [ErrNoNetwork] or [ErrDecided].
func (in *Intake) Block(app core.App, feedback string, q BlockRequest, agent *desk.Agent) (*BlockedRule, error) {
	if err := mayBlock(q.Days, agent); err != nil {
		return nil, err
	}
	f, rule, err := ruleFor(app, feedback, q, agent)
	if err != nil {
		return nil, err
	}
	lesson := lessonOf(f, desk.Lesson{Spam: true, How: desk.HowConfirm, Agent: agent.Id})
	b := blocking{rule: rule, days: q.Days, agent: agent, receipt: f.Receipt()}
	var out *BlockedRule
	var confirmed bool
	err = in.transact(app, func(tx core.App) error {
		if confirmed, err = confirmIfHeld(tx, lesson); err != nil {
			return err
		}
		out, err = b.save(tx, feedback)
		return err
	})
	if err != nil {
		return nil, err
	}
	desk.AfterCommit(app, func() { desk.Forget(app, desk.BlockRules) })
	if confirmed { // else the rule is on who wrote; what is the text's stays open
		in.remember(app, feedback, true)
	}
	return out, nil
}

func mayBlock(days int, agent *desk.Agent) error {
	switch {
	case days < 0 || days > maxBlockDays:
		return &BlockError{"days", "out_of_range", fmt.Sprintf("Use 1 to %d days, or 0 for good.", maxBlockDays)}
	case agent.Role() == desk.RoleAgent && (days == 0 || days > AgentBlockDays):
		return &BlockError{"days", "too_long", fmt.Sprintf("You may block for 1 to %d days; ask a supervisor for longer.", AgentBlockDays)}
	}
	return nil
}

// mayJudge lets those through who may see the message, while it is no case that
// somebody works on. To others it does not exist.
func mayJudge(app core.App, v *desk.Verdict, agent *desk.Agent) error {
	if err := seesHeld(app, v.Feedback(), agent); err != nil {
		return err
	}
	r := &core.Record{}
	err := app.RecordQuery(desk.Cases).AndWhere(dbx.HashExp{"feedback": v.Feedback()}).Limit(1).One(r)
	switch {
	case err == nil && !agent.Sees(desk.AsCase(r).Team()):
		return sql.ErrNoRows
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return err
	case !v.Waits() && v.Outcome() != desk.Blocked:
		return ErrDecided
	}
	return nil
}

// confirmIfHeld confirms what waits and says so, leaves alone what was blocked
// before, and refuses what became a case.
func confirmIfHeld(tx core.App, lesson desk.Lesson) (confirmed bool, err error) {
	v, err := desk.FindVerdictOf(tx, lesson.Feedback)
	switch {
	case err != nil:
		return false, err
	case v.Waits():
		return true, confirm(tx, v, lesson)
	case v.Outcome() == desk.Blocked:
		return false, nil
	}
	return false, ErrDecided
}

// blocking is a rule about to be saved.
type blocking struct {
	rule    spam.Rule
	days    int
	agent   *desk.Agent
	receipt string
}

// save makes the rule, or prolongs the one of the same value.
func (b blocking) save(tx core.App, feedback string) (*BlockedRule, error) {
	now := desk.Now(tx)
	var expires time.Time
	if b.days > 0 {
		expires = now.AddDate(0, 0, b.days)
	}
	r := &core.Record{}
	err := tx.RecordQuery(desk.BlockRules).AndWhere(dbx.HashExp{"kind": b.rule.Kind}).
		AndWhere(dbx.NewExp("LOWER(TRIM([[value]])) = {:value}", dbx.Params{"value": b.rule.Value})).Limit(1).One(r)
	fresh := errors.Is(err, sql.ErrNoRows)
	switch {
	case fresh:
		if r, err = desk.New(tx, desk.BlockRules); err != nil {
			return nil, err
		}
		r.Set("kind", b.rule.Kind)
		r.Set("value", b.rule.Value)
	case err != nil:
		return nil, err
	default:
		if expires, err = b.prolonged(r, now, expires); err != nil {
			return nil, err
		}
	}
	r.Set("action", spam.ActionBlock)
	r.Set("expires", desk.Date(expires))
	r.Set("note", desk.Clip(fmt.Sprintf("%s blocked this on %s, after message %s.", b.agent.Name(), now.Format(time.DateOnly), b.receipt), 500))
	if err := desk.Save(tx, r); err != nil {
		return nil, err
	}
	// without the value, which may be a person's address
	made := desk.Event{Feedback: feedback, Actor: b.agent.Id, Kind: "rule_made", After: map[string]any{"rule": r.Id, "kind": b.rule.Kind, "expires": desk.Date(expires)}}
	return &BlockedRule{ID: r.Id, Kind: b.rule.Kind, Value: r.GetString("value"), Expires: expires, Made: fresh}, desk.Record(tx, made)
}

// prolonged is until when a rule that stands already holds; never shorter than before.
func (b blocking) prolonged(r *core.Record, now, expires time.Time) (time.Time, error) {
	old := r.GetDateTime("expires").Time()
	over := !old.IsZero() && !old.After(now)
	switch action := r.GetString("action"); {
	case over || action == spam.ActionBlock:
	case action == spam.ActionAllow:
		return old, &BlockError{"value", "allowed", "A rule of the shop lets this through. Change that rule first."}
	case !b.agent.SeesAll():
		return old, &BlockError{"value", "held", "A rule of the shop holds this for a look. Ask a supervisor to block it."}
	}
	if !over && (old.IsZero() || (!expires.IsZero() && old.After(expires))) {
		return old, nil
	}
	return expires, nil
}
