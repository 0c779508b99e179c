package ruling

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// all looks at the rules in order. What a rule changed, the next one sees.
func (e *Engine) all(rules []*Rule, s Subject) error {
	if len(rules) == 0 {
		return nil
	}
	c, err := workable(e.app, s.Case)
	if c == nil || err != nil {
		return err
	}
	at, err := e.resume(rules, s, c)
	if err != nil {
		return err
	}
	rules = rules[at:]
	verdicts, err := Evaluate(e.app, rules, s)
	if err != nil {
		return err
	}
	e.fared(rules, verdicts)
	again := 0
	for i := 0; i < len(rules); i++ {
		end, err := e.judge(rules[i], verdicts[i], s, c)
		changed := errors.Is(err, errChanged)
		if end || err != nil && !changed {
			return err
		}
		if !verdicts[i].Met {
			continue
		}
		before := c
		if c, err = workable(e.app, s.Case); c == nil || err != nil {
			return err
		}
		stale, fields := rules[i+1:], differences(before, c)
		if changed { // by somebody else: all that was said of it is in doubt
			if again++; again > 20 {
				return errChanged
			}
			stale, fields, i = rules[i:], nil, i-1
		}
		if err := e.refresh(stale, verdicts[i+1:], s, fields); err != nil {
			return err
		}
	}
	return nil
}

// judge fires a rule whose filter is met, and tells whether that was the last one.
func (e *Engine) judge(r *Rule, v Verdict, s Subject, c *desk.Case) (end bool, err error) {
	if v.Err != nil {
		return false, e.broken(r, v.Err, c.Id)
	}
	if !v.Met {
		return false, nil
	}
	if _, err = e.fireSurely(r, s, c); errors.Is(err, errRetired) {
		return false, nil
	}
	return err == nil && r.stop, err
}

// refresh asks those filters again that look at what is different now; nil is
// whatever they look at.
func (e *Engine) refresh(rules []*Rule, verdicts []Verdict, s Subject, fields map[string]bool) error {
	var again []*Rule
	var at []int
	for i, r := range rules {
		if fields == nil || slices.ContainsFunc(r.looksAt, func(name string) bool { return fields[name] }) {
			again, at = append(again, r), append(at, i)
		}
	}
	got, err := Evaluate(e.app, again, s)
	if err != nil {
		return err
	}
	for i, v := range got {
		verdicts[at[i]] = v
	}
	return nil
}

// differences are the fields that two states of a case differ in.
func differences(a, b *desk.Case) map[string]bool {
	out := map[string]bool{}
	for _, f := range a.Collection().Fields {
		if name := f.GetName(); a.GetString(name) != b.GetString(name) {
			out[name] = true
		}
	}
	return out
}

// resume finds where to go on with what was begun before the process ended: after
// the last rule that did something about it, and nowhere if that one stops.
func (e *Engine) resume(rules []*Rule, s Subject, c *desk.Case) (int, error) {
	at := 0
	var ran []string
	for i, r := range rules {
		if r.Event == StaffChanged && !r.eachChange {
			continue // what it did may belong to an earlier change
		}
		if ran == nil {
			ran = []string{}
			err := e.app.DB().Select("rule").From(desk.Name(e.app, desk.RuleRuns)).
				Where(dbx.HashExp{"case": c.Id, "state": r.state(s, c)}).Column(&ran)
			if err != nil {
				return 0, fmt.Errorf("what rules did: %w", err)
			}
		}
		if slices.Contains(ran, r.ID) {
			if at = i + 1; r.stop {
				return len(rules), nil
			}
		}
	}
	return at, nil
}

// broken marks a rule whose filter can't be used any more.
func (e *Engine) broken(r *Rule, why error, caseID string) error {
	if handled, err := e.tooSlow(r, why, caseID); handled || err != nil {
		return err
	}
	t := &trouble{}
	if !errors.As(why, &t) {
		t = &trouble{CodeFilter, desk.OneLine(why.Error())}
	}
	return e.config.Commit.Do(func(tx core.App) error { return r.fail(tx, t, caseID) })
}

// report marks the rules that can't be read any more.
func (e *Engine) report() error {
	b, err := load(e.app)
	if err != nil {
		return err
	}
	for _, r := range b.wrong {
		t := &trouble{CodeRule, desk.OneLine(r.broken.Error())}
		var fields validation.Errors
		if errors.As(r.broken, &fields) && fields["filter"] != nil {
			t = &trouble{CodeFilter, desk.OneLine(fields["filter"].Error())}
		}
		rec, err := find(e.app, desk.Rules, r.ID)
		if err != nil {
			return err
		}
		if rec == nil || rec.GetString("failed") == t.Error() {
			continue
		}
		if err := e.config.Commit.Do(func(tx core.App) error { return r.fail(tx, t, "") }); err != nil {
			return err
		}
	}
	return nil
}
