package ruling

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// EventRule is the line of the audit trail that names the rule behind what
// follows. Its after fields are {rule, id, did}: its name, its id and its deeds.
const EventRule = "rule"

// loopMost is in how many states rules may do something on one case within an hour.
const loopMost = 10

// errChanged says that the case changed since the filters were asked.
var errChanged = errors.New("the case changed meanwhile")

// errRetired says that the rule was changed, switched off or deleted since it was read.
var errRetired = errors.New("the rule was changed meanwhile")

// Result is what became of one rule on one case.
type Result struct {
	Fired bool   // it did something, or tried to
	Did   []Deed // when it fired
}

// Run does what a rule says on one thing that happened, once, if that meets the
// rule now: again, it does nothing.
func (e *Engine) Run(r *Rule, s Subject) (Result, error) {
	for range 20 {
		c, err := workable(e.app, s.Case)
		if c == nil || err != nil {
			return Result{}, err
		}
		if met, err := e.meets(r, s, c); !met || err != nil {
			return Result{}, err
		}
		out, err := e.fireSurely(r, s, c)
		if errors.Is(err, errRetired) {
			return Result{}, nil
		}
		if !errors.Is(err, errChanged) {
			return out, err
		}
	}
	return Result{}, errChanged
}

// meets tells whether a case, as it was just read, still is what the rule is
// about. What changes it after that is found by its version.
func (e *Engine) meets(r *Rule, s Subject, c *desk.Case) (bool, error) {
	if r.Event == TimePassed {
		if !slices.Contains(r.States, c.Status()) {
			return false, nil
		}
		hours, err := waiting(e.app, c)
		since := c.GetDateTime(r.column())
		if err != nil || since.IsZero() || since.Time().After(hours.Before(desk.Now(e.app), r.Delay)) {
			return false, err
		}
	}
	verdicts, err := Evaluate(e.app, []*Rule{r}, s)
	if err != nil {
		return false, err
	}
	if v := verdicts[0]; v.Err != nil {
		return false, e.broken(r, v.Err, c.Id)
	}
	return verdicts[0].Met, nil
}

// workable is a case that rules may work on: there, in nobody else's hands and no
// junk. nil where it isn't.
func workable(app core.App, id string) (*desk.Case, error) {
	r, err := find(app, desk.Cases, id)
	if r == nil || err != nil {
		return nil, err
	}
	c := desk.AsCase(r)
	if c.MergedInto() != "" {
		return nil, nil
	}
	if spam, err := c.IsSpam(app); spam || err != nil {
		return nil, err
	}
	return c, nil
}

// fire does what a rule says on a case as it was when its filter was asked.
func (e *Engine) fire(r *Rule, s Subject, c *desk.Case) (Result, error) {
	return e.fireFrom(r, s, c, nil)
}

// fireFrom is [Engine.fire] for what is left of a rule.
func (e *Engine) fireFrom(r *Rule, s Subject, c *desk.Case, a *again) (Result, error) {
	p, err := e.planWith(sight{app: e.app, subject: s}, r, c, planning{letter: e.config.Letter, from: a.from()})
	if err != nil {
		return Result{}, err
	}
	if !p.telling() {
		return Result{}, nil
	}
	out, mailed, err := e.write(p, writing{e: e, rule: r, subject: s, seen: c, state: r.state(s, c), letters: p.letters, how: p.how, again: a})
	var refused validation.Errors
	if errors.As(err, &refused) { // the case can't be changed so, whoever wants it
		if a != nil {
			return Result{}, e.dropRun(a.run)
		}
		return Result{}, e.config.Commit.Do(func(tx core.App) error {
			return r.giveUp(tx, r.state(s, c), c.Id, &trouble{CodeRefused, desk.OneLine(refused.Error())})
		})
	}
	if err == nil && mailed && e.Kick != nil {
		e.Kick()
	}
	return out, err
}

// fireSurely fires a rule, and gives it up in this state where that fails again
// and again: one that can't be done must not hold up the others. Where not even
// that can be noted, the database is to blame, and the error is its.
func (e *Engine) fireSurely(r *Rule, s Subject, c *desk.Case) (Result, error) {
	var out Result
	var err error
	for range 3 {
		err = guard(func() (err error) { out, err = e.fire(r, s, c); return err })
		if err == nil || errors.Is(err, errChanged) || errors.Is(err, errRetired) {
			return out, err
		}
	}
	e.app.Logger().Error("a rule failed", "rule", r.ID, "case", c.Id, "error", err)
	return Result{}, e.config.Commit.Do(func(tx core.App) error {
		return r.giveUp(tx, r.state(s, c), c.Id, &trouble{code: CodeError})
	})
}

// giveUp notes that a rule could not do what it says in this state.
func (r *Rule) giveUp(tx core.App, state, caseID string, t *trouble) error {
	ran, err := r.ran(tx, caseID, state)
	if ran || err != nil {
		return err
	}
	return errors.Join(r.note(tx, caseID, state, []Deed{}, t), r.fail(tx, t, caseID))
}

// ran tells whether the rule did its work on a case in this state.
func (r *Rule) ran(app core.App, caseID, state string) (bool, error) {
	var n int
	err := app.DB().Select("COUNT(*)").From(desk.Name(app, desk.RuleRuns)).
		Where(dbx.HashExp{"rule": r.ID, "case": caseID, "state": state}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("what rules did: %w", err)
	}
	return n > 0, nil
}

// note keeps what the rule did.
func (r *Rule) note(tx core.App, caseID, state string, did []Deed, t *trouble) error {
	run, err := desk.New(tx, desk.RuleRuns)
	if err != nil {
		return err
	}
	run.Set("rule", r.ID)
	run.Set("case", caseID)
	run.Set("state", state)
	run.Set("did", did)
	if t != nil {
		run.Set("failed", t.Error())
	}
	return desk.Save(tx, run)
}

// looping tells whether rules did something on the case in too many states
// within the last hour: whatever they do seems to come back to them.
func looping(tx core.App, caseID, state string) (bool, error) {
	var row struct {
		Others int `db:"others"`
	}
	err := tx.DB().Select("COUNT(DISTINCT [[state]]) AS others").From(desk.Name(tx, desk.RuleRuns)).
		Where(dbx.HashExp{"case": caseID}).
		AndWhere(dbx.NewExp("[[created]] > {:hour} AND [[state]] != {:state}",
			dbx.Params{"hour": desk.Date(desk.Now(tx).Add(-time.Hour)).String(), "state": state})).One(&row)
	if err != nil {
		return false, fmt.Errorf("what rules did of late: %w", err)
	}
	return row.Others >= loopMost, nil
}
