// Package many does one list of actions on many cases, or on one: assign, tag,
// snooze, answer with a template and so on. Each case is done by itself, in a
// transaction of its own, as if by hand; one that can't be done keeps none of
// the others back, and what was done can be taken back.
//
//	result, err := station.Run(app, many.Request{
//		Agent: agent, IDs: ids, Actions: json.RawMessage(`[{"do":"status","value":"resolved"}]`),
//	})
package many

import (
	"context"
	"encoding/json"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Bounds of one request.
const (
	MaxCases   = 100
	MaxActions = 20
	MaxBytes   = 20_000 // of the actions as JSON
)

// For how long an answer can be taken back before it leaves. A list of cases
// that is sent in parts waits longer, so that the first can still be taken back
// after the last.
const (
	Wait    = 10 * time.Second
	MaxWait = time.Minute
)

// side is how many cases are under way at once. They share commits, so that the
// one writer is held for as many changes as this, and no longer.
const side = 8

// Verbs are what is done to a case by hand; other stations do it. All must be set.
type Verbs struct {
	// Change checks changed fields and gives the lines of the audit trail.
	Change func(app core.App, before, after *desk.Case, agent *desk.Agent, seen int) ([]desk.Event, error)
	// CheckText tells whether a subject and a body are good Liquid.
	CheckText func(subject, body string) error
	// Render fills in a case's values. It may fail with desk.ErrNoTemplate.
	Render func(app core.App, d Draft) (Letter, error)
	// Address is where a mail about the case goes; "" where it can't.
	Address func(app core.App, c *desk.Case) (string, error)
	// Write checks a message and gives what saves it.
	Write func(app core.App, e Entry) (save func(tx core.App) error, err error)
	// Unsend takes a mail back that hasn't left.
	Unsend func(tx core.App, message string, agent *desk.Agent) error
	// Spam marks a case as junk, NotSpam takes that back; both also inside a transaction.
	Spam, NotSpam func(app core.App, caseID string, agent *desk.Agent) error
	// Explain says why a verb refused, in words for the person; nil where it is no refusal but a fault.
	Explain func(err error) *Refusal
	// Kick has the outbox look for mail.
	Kick func()
}

// Draft is a text to be rendered with a case's values: a template by key, or
// subject and body as Liquid.
type Draft struct {
	Case                    *desk.Case
	Agent                   *desk.Agent
	Template, Subject, Body string
	Locale                  string // "" is the case's
}

// Letter is a rendered answer. Empty names variables that have no value.
type Letter struct {
	Subject string   `json:"subject"`
	Body    string   `json:"body"`
	Locale  string   `json:"locale"`
	To      string   `json:"to"`
	Empty   []string `json:"-"`
}

// Entry is a message to be added to a case.
type Entry struct {
	Case    *desk.Case
	Agent   *desk.Agent
	Message *desk.Message
	Status  string
	Undo    time.Duration
	Sure    bool // the case is as the person had it before him
}

// Station runs lists of actions.
type Station struct {
	Verbs
	commit *desk.Committer
	once   *once
}

// New makes the station.
func New(commit *desk.Committer, verbs Verbs) *Station {
	return &Station{Verbs: verbs, commit: commit, once: newOnce()}
}

// Request asks for actions on cases: Actions, or the macro of an id.
type Request struct {
	Agent    *desk.Agent
	IDs      []string
	Versions map[string]int  // by id: what the person had before him; none asks for no check
	Actions  json.RawMessage // [{do, value}]
	Macro    string
	Key      string          // of the client's: the same request again gives the same answer, for ten minutes
	Wait     time.Duration   // before answers leave: up to [MaxWait]; 0 is [Wait]
	Context  context.Context // nobody waits any more when it ends; nil for none
}

// Done is a case on which all was done. Undo is for [Station.Undo].
type Done struct {
	ID      string `json:"id"`
	Number  int    `json:"number"`
	Version int    `json:"version"`
	Undo    string `json:"undo"`
}

// Failed is a case on which nothing was done, and why. Number is 0 where the
// person may not see the case.
type Failed struct {
	ID     string `json:"id"`
	Number int    `json:"number,omitempty"`
	*Refusal
}

// Result lists each case once, in the order asked for.
type Result struct {
	Done   []Done    `json:"done"`
	Failed []Failed  `json:"failed"`
	Until  time.Time `json:"until,omitzero"` // answers leave then
}

// Run does the actions. Its errors are validation errors about the request, or
// [ErrNoMacro]; what is wrong with one case stands in the result.
func (s *Station) Run(app core.App, r Request) (*Result, error) {
	return s.once.do(app, r, func() (*Result, error) { return s.run(app, r) })
}

func (s *Station) run(app core.App, r Request) (*Result, error) {
	p, err := s.plan(app, r)
	if err != nil {
		return nil, err
	}
	ids := unique(r.IDs)
	outcomes := each(r.Context, ids, func(id string) outcome { return s.one(app, p, id) })
	out := &Result{Done: []Done{}, Failed: []Failed{}}
	for i, o := range outcomes {
		if o.err != nil {
			out.Failed = append(out.Failed, s.failed(app, ids[i], o.number, o.err))
			continue
		}
		out.Done = append(out.Done, o.done)
	}
	if len(out.Done) == 0 {
		return out, nil
	}
	if p.macro != "" {
		err = s.commit.Do(func(tx core.App) error { return countMacro(tx, p.macro, len(out.Done)) })
	}
	if p.answer != nil {
		out.Until = desk.Now(app).Add(p.wait)
		s.Kick()
	}
	return out, err
}
