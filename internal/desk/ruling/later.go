package ruling

import (
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// triesLater is on how many working days an answer is tried again whose mailbox
// had its automatic mails for the day.
const triesLater = 20

// again says where a rule goes on with a case, and that it did the rest before.
type again struct {
	Step  int    `json:"step"`
	Row   string `json:"row"`
	Tries int    `json:"tries"`

	run *core.Record
}

// readAgain reads where a run goes on.
func readAgain(run *core.Record) *again {
	a := &again{run: run}
	_ = run.UnmarshalJSONField("again", a) // what is none begins at the first step and fits no answer
	return a
}

// from is the step at which a rule begins; a nil one begins with the first.
func (a *again) from() int {
	if a == nil {
		return 0
	}
	return a.Step
}

// later has a rule go on with an answer on the next working day.
func (w *writing) later(run *core.Record, step int) error {
	tries := 1
	if w.again != nil {
		tries = w.again.Tries + 1
	}
	run.Set("retry_at", "")
	run.Set("again", nil)
	if step < 0 || tries > triesLater {
		return nil
	}
	hours, err := desk.CalendarOf(w.tx, "")
	if err != nil {
		return err
	}
	run.Set("retry_at", desk.Date(hours.After(desk.Now(w.tx), calendar.Amount{N: 1, Unit: calendar.Days})))
	run.Set("again", again{Step: step, Row: w.subject.Row, Tries: tries})
	return nil
}

// goOn tries those answers again whose time has come.
func (e *Engine) goOn(b *book) (faults error) {
	at, id := "", ""
	for !e.ending.Load() {
		var runs []*core.Record
		err := e.app.RecordQuery(desk.RuleRuns).
			AndWhere(dbx.NewExp("[[retry_at]] != '' AND [[retry_at]] <= {:now} AND ([[retry_at]], [[id]]) > ({:at}, {:id})",
				dbx.Params{"now": desk.Date(desk.Now(e.app)).String(), "at": at, "id": id})).
			OrderBy("retry_at", "id").Limit(batch).All(&runs)
		if err != nil {
			return errors.Join(faults, fmt.Errorf("answers that wait: %w", err))
		}
		for _, run := range runs {
			at, id = run.GetString("retry_at"), run.Id
			if err := guard(func() error { return e.goOnWith(b, run) }); err != nil {
				faults = errors.Join(faults, fmt.Errorf("answer of run %s: %w", run.Id, err))
			}
		}
		if len(runs) < batch {
			break
		}
	}
	return faults
}

// goOnWith goes on with one rule on one case, if that still is what it was about:
// the rule says the same, and the case is as it was since.
func (e *Engine) goOnWith(b *book, run *core.Record) error {
	a := readAgain(run)
	r := b.find(run.GetString("rule"))
	if r == nil || run.GetDateTime("created").Time().Before(r.activeFrom) || a.Step >= len(r.steps) || r.steps[a.Step].do != "answer" {
		return e.dropRun(run)
	}
	if len(e.awake([]*Rule{r})) == 0 {
		return nil // its turn comes
	}
	s := Subject{Event: r.Event, Case: run.GetString("case"), Row: a.Row}
	for range 5 {
		c, err := workable(e.app, s.Case)
		if err != nil {
			return err
		}
		if c == nil || c.GetDateTime("status_since").Time().After(run.GetDateTime("created").Time()) {
			return e.dropRun(run)
		}
		met, err := e.meets(r, s, c)
		if err != nil {
			return err
		}
		if !met {
			return e.dropRun(run)
		}
		_, err = e.fireFrom(r, s, c, a)
		if errors.Is(err, errRetired) {
			return nil // looked at anew with what it says now
		}
		if !errors.Is(err, errChanged) {
			return err
		}
	}
	return errChanged
}

// dropRun leaves an answer that waits.
func (e *Engine) dropRun(run *core.Record) error {
	return e.config.Commit.Do(func(tx core.App) error {
		_, err := tx.DB().Update(desk.Name(tx, desk.RuleRuns), dbx.Params{"retry_at": "", "again": ""}, dbx.HashExp{"id": run.Id}).Execute()
		return err
	})
}

// find is an enabled rule by its id; nil where there is none.
func (b *book) find(id string) *Rule {
	for _, rules := range b.rules {
		for _, r := range rules {
			if r.ID == id {
				return r
			}
		}
	}
	return nil
}
