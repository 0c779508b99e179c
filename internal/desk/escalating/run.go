package escalating

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Run is an escalation that goes on about a case, or did.
type Run struct {
	*core.Record
	Took []Taken
}

// Taken is a step as it was when the escalation began, and what became of it.
type Taken struct {
	Step
	At   string `json:"at,omitempty"` // when it was taken; "" is yet to come
	Told []Told `json:"told,omitempty"`
}

// Told is somebody whom a step told.
type Told struct {
	Agent string `json:"agent,omitempty"`
	Name  string `json:"name"` // of the person, the address or the webhook
}

func asRun(r *core.Record) *Run {
	run := &Run{Record: r}
	_ = r.UnmarshalJSONField("took", &run.Took)
	return run
}

func findRun(app core.App, id string) (*Run, error) {
	r, err := app.FindRecordById(desk.CaseEscalations, id)
	if err != nil {
		return nil, err
	}
	return asRun(r), nil
}

// beginning is what a run begins with.
type beginning struct {
	escalation, name string
	steps            []Step
	agent            *desk.Agent // nil: nobody by hand
	why, by          string      // by: rule, breach or warning; "" is by hand
}

// ofDue tells whether a due that is near or over sets it off.
func (b beginning) ofDue() bool { return b.by == "breach" || b.by == "warning" }

// begin writes a run and takes the steps that are due at once. By hand the first
// step is, and the error is [ErrNobody] where no step would tell anybody. Nothing
// begins twice: see [ErrRuns].
func (s *Station) begin(tx core.App, c *desk.Case, b beginning) (*Run, error) {
	if c.Done() {
		return nil, ErrDone
	}
	if err := room(tx, c.Id, b); err != nil {
		return nil, err
	}
	r, err := desk.New(tx, desk.CaseEscalations)
	if err != nil {
		return nil, err
	}
	r.Id = core.GenerateDefaultRandomId()
	run := &Run{Record: r}
	for _, step := range b.steps {
		run.Took = append(run.Took, Taken{Step: step})
	}
	if b.agent != nil {
		run.Took[0].After = ""
		run.Set("agent", b.agent.Id)
		reaches, err := s.reaches(tx, c, run, 0)
		if err != nil {
			return nil, err
		}
		if !reaches {
			return nil, ErrNobody
		}
	}
	run.Set("case", c.Id)
	run.Set("escalation", b.escalation)
	run.Set("name", desk.Clip(b.name, 100))
	run.Set("why", desk.Clip(b.why, maxNote))
	run.Set("state", desk.EscalationOpen)
	run.Set("took", run.Took)
	next, err := nextAt(tx, c, run.Took[0].After)
	if err != nil {
		return nil, err
	}
	run.Set("next_at", desk.Date(next))
	if err := desk.Save(tx, run.Record); err != nil { // its steps name it
		return nil, err
	}
	if run.Took[0].After != "" {
		return run, nil
	}
	return run, s.advance(tx, c, run, b.by)
}

// room tells whether one more may go on about a case. What somebody took on goes on
// for whoever escalates it, but not for another due that is near or over.
func room(tx core.App, caseID string, b beginning) error {
	var rows []struct {
		Escalation string `db:"escalation"`
		State      string `db:"state"`
	}
	err := tx.DB().Select("escalation", "state").From(desk.Name(tx, desk.CaseEscalations)).
		Where(dbx.HashExp{"case": caseID}).AndWhere(dbx.In("state", desk.EscalationOpen, desk.EscalationAcknowledged)).All(&rows)
	if err != nil {
		return fmt.Errorf("what goes on about a case: %w", err)
	}
	open := 0
	for _, r := range rows {
		goesOn := r.State == desk.EscalationOpen
		if r.Escalation == b.escalation && b.escalation != "" && (goesOn || !b.ofDue()) {
			return ErrRuns
		}
		if goesOn {
			open++
		}
	}
	if open >= atOnce {
		return ErrMany
	}
	return nil
}

// advance takes the step that is due. One that tells nobody is passed over: the
// next comes after its own time, or at once where it has none. Nothing is waited
// for where nobody was told and no further step would tell anybody.
func (s *Station) advance(tx core.App, c *desk.Case, run *Run, by string) error {
	for run.GetInt("step") < len(run.Took) {
		i := run.GetInt("step")
		told, err := s.take(tx, c, run, i)
		if err != nil {
			return err
		}
		run.Took[i].At = desk.Date(desk.Now(tx)).String()
		run.Took[i].Told = told
		run.Set("step", i+1)
		if err := recordStep(tx, run, i, by); err != nil {
			return err
		}
		waits, err := s.waits(tx, c, run)
		if err != nil {
			return err
		}
		if len(told) > 0 || waits {
			break
		}
	}
	chiefs, err := s.atLeastSomebody(tx, c, run)
	if err != nil {
		return err
	}
	if !chiefs {
		run.goOnToChiefs()
	}
	run.Set("took", run.Took)
	next := time.Time{}
	if i := run.GetInt("step"); i < len(run.Took) {
		if next, err = nextAt(tx, c, run.Took[i].After); err != nil {
			return err
		}
	}
	run.Set("next_at", desk.Date(next))
	return desk.Save(tx, run.Record)
}

// waits tells whether the next step has a time of its own that is worth waiting for.
func (s *Station) waits(tx core.App, c *desk.Case, run *Run) (bool, error) {
	i := run.GetInt("step")
	if i >= len(run.Took) || run.Took[i].After == "" {
		return false, nil
	}
	if run.toldAny() {
		return true, nil
	}
	return s.reaches(tx, c, run, i)
}

// toldAny tells whether a step told somebody.
func (r *Run) toldAny() bool {
	return slices.ContainsFunc(r.Took, func(t Taken) bool { return len(t.Told) > 0 })
}

// atLeastSomebody looks after an escalation whose steps told nobody at all, as
// when those whom they name have left: those hear of it who answer for the team.
func (s *Station) atLeastSomebody(tx core.App, c *desk.Case, run *Run) (chiefs bool, err error) {
	if run.GetInt("step") < len(run.Took) || run.toldAny() {
		return false, nil
	}
	last := len(run.Took) - 1
	told, err := s.tell(tx, c, run, last, To{Lead: true})
	run.Took[last].Told = told
	return len(told) > 0, err
}

// chiefsAfter is the working time after which those who answer for the team hear of
// what nobody took on, where the last step had none of its own.
const chiefsAfter = "1d"

// goOnToChiefs adds, once the last step is taken, one to those who answer for the
// team: what nobody takes on doesn't end in silence. Where a step was to
// them already, it ends with that one.
func (r *Run) goOnToChiefs() {
	last := len(r.Took) - 1
	if r.GetInt("step") <= last || slices.ContainsFunc(r.Took, func(t Taken) bool { return t.To.Lead }) {
		return
	}
	r.Took = append(r.Took, Taken{Step: Step{After: cmp.Or(r.Took[last].After, chiefsAfter), To: To{Lead: true}}})
}

func recordStep(tx core.App, run *Run, i int, by string) error {
	names := []string{}
	for _, t := range run.Took[i].Told {
		names = append(names, t.Name)
	}
	after := map[string]any{"run": run.Id, "escalation": run.GetString("name"), "step": i + 1, "to": names}
	if note := noteOf(run, i); note != "" {
		after["note"] = note
	}
	actor := ""
	switch {
	case i > 0:
		after["by"] = "escalation" // nobody took it on
	case by != "":
		after["by"] = by
	default:
		actor = run.GetString("agent")
	}
	return desk.Record(tx, desk.Event{Case: run.GetString("case"), Actor: actor, Kind: desk.EventEscalated, After: after})
}

// noteOf is what whoever is told at a step reads: the words of who escalated it,
// else those of the step.
func noteOf(run *Run, i int) string {
	if why := run.GetString("why"); why != "" && run.GetString("agent") != "" {
		return why
	}
	if note := run.Took[i].Note; note != "" {
		return note
	}
	return run.GetString("why")
}

// nextAt is when a step comes that has to wait for so much working time: by the
// hours of the case's team.
func nextAt(tx core.App, c *desk.Case, after string) (time.Time, error) {
	now := desk.Now(tx)
	if after == "" {
		return now, nil
	}
	amount, err := calendar.ParseAmount(after)
	if err != nil {
		return now, nil // checked when it was saved
	}
	hours := ""
	if t, err := tx.FindRecordById(desk.Teams, c.Team()); err == nil {
		hours = t.GetString("calendar")
	}
	cal, err := desk.CalendarOf(tx, hours)
	if err != nil {
		return now, err
	}
	return cal.After(now, amount), nil
}
