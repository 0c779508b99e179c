package ruling

import (
	"errors"
	"slices"
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// write does what was planned, in one commit. An answer that can't go after all
// takes back what stands after it: it is done anew without.
func (e *Engine) write(p *planned, w writing) (out Result, mailed bool, err error) {
	if _, broken := p.stuck(); broken {
		w.broken = p.deeds
	}
	for range len(w.letters) + 1 {
		err = e.config.Commit.Do(func(tx core.App) error {
			one := w // it may run twice
			one.tx = tx
			err := one.do()
			out, mailed = one.out, one.mailed
			return err
		})
		var late *unsent
		if !errors.As(err, &late) {
			return out, mailed, err
		}
		w.letters = slices.Clone(w.letters)
		w.letters[late.step] = refusal{late.skip}
	}
	return out, mailed, err
}

// due tells whether there is still something to do: once for each state.
func (w *writing) due() (bool, error) {
	if w.again == nil {
		ran, err := w.rule.ran(w.tx, w.seen.Id, w.state)
		return !ran, err
	}
	run, err := find(w.tx, desk.RuleRuns, w.again.run.Id)
	return run != nil && run.GetString("retry_at") != "", err
}

// cut tells whether rules do nothing on the case for now: they go in a circle.
func (w *writing) cut() (bool, error) {
	if w.again != nil { // it is about what it began
		return false, nil
	}
	loop, err := looping(w.tx, w.c.Id, w.state)
	if err != nil {
		return false, err
	}
	if loop {
		return true, w.rule.fail(w.tx, &trouble{CodeLoop, strconv.Itoa(w.c.Number())}, w.c.Id)
	}
	return w.rests()
}

// planned plans again inside the transaction, with the letters rendered before.
func (w *writing) planned() (err error) {
	if w.broken != nil {
		w.p = &planned{after: desk.AsCase(w.c.Clone()), deeds: slices.Clone(w.broken)}
		return nil
	}
	how := w.how
	how.letter, how.given = nil, w.letters
	w.p, err = w.e.planWith(sight{app: w.tx, subject: w.subject}, w.rule, w.c, how)
	return err
}

// note keeps what the rule did, and whether it goes on another day.
func (w *writing) note(did []Deed, t *trouble) error {
	run, err := desk.New(w.tx, desk.RuleRuns)
	if w.again != nil {
		run, err = find(w.tx, desk.RuleRuns, w.again.run.Id)
	}
	if err != nil {
		return err
	}
	before := []Deed{}
	if w.again != nil {
		if err := run.UnmarshalJSONField("did", &before); err != nil {
			return err
		}
		before = slices.DeleteFunc(before, func(d Deed) bool { return d.Skip == SkipCapped || d.Skip == SkipUnsent })
	}
	run.Set("rule", w.rule.ID)
	run.Set("case", w.c.Id)
	run.Set("state", w.state)
	if w.again != nil {
		run.Set("state", run.Original().GetString("state")) // what it began in
	}
	run.Set("did", append(before, did...))
	if t != nil {
		run.Set("failed", t.Error())
	}
	if err := w.later(run, w.p.waits()); err != nil {
		return err
	}
	return desk.Save(w.tx, run)
}
