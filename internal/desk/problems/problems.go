// Package problems keeps faults that several people report: their cases are
// linked, and once a fault is mended, one action writes to all who reported it,
// each once. It also finds what is asked often without a template for it, and
// templates that people always change in the same way.
//
//	station := problems.New(app, problems.Config{Commit: commit, Render: …, Write: …})
//	err := station.Link(problem, []string{caseID}, agent)
//	err = station.Fix(problems.Fixing{Problem: problem, Agent: agent})
package problems

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// States of a problem.
const (
	Open      = "open"
	Fixed     = "fixed"
	Dismissed = "dismissed"
)

// Kinds of events. EventLinked and EventUnlinked have {problem, title},
// EventTold {problem, title, message}.
const (
	EventLinked   = "problem_linked"
	EventUnlinked = "problem_unlinked"
	EventTold     = "problem_told"
)

// ErrNone is for a problem that isn't there.
var ErrNone = errors.New("there is no such problem")

// Config is what the station needs of others. All but Kick must be set.
type Config struct {
	Commit *desk.Committer
	// Render fills in a case's values. It may fail with desk.ErrNoTemplate.
	Render func(app core.App, d Draft) (Letter, error)
	// Address is where a mail about the case goes; "" where it can't.
	Address func(app core.App, c *desk.Case) (string, error)
	// Write checks a message and gives what saves it.
	Write func(app core.App, e Entry) (save func(tx core.App) error, err error)
	// Kick has the outbox look for mail.
	Kick func()
}

// Draft is a text to be rendered with a case's values: the template of a key, or
// subject and body as Liquid.
type Draft struct {
	Case                    *desk.Case
	Agent                   *desk.Agent
	Template, Subject, Body string
	Reward                  string // what the variable problem.reward gives
}

// Letter is a rendered text. Empty names variables that have no value.
type Letter struct {
	Subject string   `json:"subject"`
	Body    string   `json:"body"`
	Locale  string   `json:"locale"`
	Empty   []string `json:"empty"`
}

// Entry is a message to be added to a case.
type Entry struct {
	Case    *desk.Case
	Agent   *desk.Agent
	Message *desk.Message
	Status  string
}

// Station works on problems.
type Station struct {
	app core.App
	c   Config

	telling  sync.Mutex // one round of letters at a time
	grouping sync.Mutex // one comparison of all with all at a time
	nearing  sync.Mutex
	near     *looked // guarded by nearing

	ctx   context.Context // ends with Stop
	stop  context.CancelFunc
	asked atomic.Bool // a round of letters waits for its turn
	work  sync.WaitGroup
}

// New makes the station.
func New(app core.App, c Config) *Station {
	s := &Station{app: app, c: c}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// TellSoon has the letters written in the background; see [Station.Tell]. While
// one round is under way, one more waits.
func (s *Station) TellSoon() {
	if s.ctx.Err() != nil || s.asked.Swap(true) {
		return
	}
	s.work.Go(func() {
		s.telling.Lock()
		defer s.telling.Unlock()
		s.asked.Store(false)
		if err := s.tell(s.ctx); err != nil {
			s.app.Logger().Error("letters about a problem", "error", err)
		}
	})
}

// Stop ends the work in the background, between two letters, and waits for it.
func (s *Station) Stop() {
	s.stop()
	s.work.Wait()
}

// find is a problem by id.
func find(app core.App, id string) (*core.Record, error) {
	r, err := app.FindRecordById(desk.Problems, id)
	if err != nil {
		return nil, ErrNone
	}
	return r, nil
}

func fault(field, code, sentence string) error {
	return validation.Errors{field: validation.NewError(code, sentence)}
}

// maxLinked bounds how many cases one request links.
const maxLinked = 100

// Link says that cases report a problem. Those that report another one are taken
// over. The agent must see them all.
func (s *Station) Link(problem string, cases []string, agent *desk.Agent) error {
	return s.link(problem, cases, agent, true)
}

// Unlink takes cases away from a problem.
func (s *Station) Unlink(problem string, cases []string, agent *desk.Agent) error {
	return s.link(problem, cases, agent, false)
}

func (s *Station) link(problem string, cases []string, agent *desk.Agent, on bool) error {
	if len(cases) == 0 || len(cases) > maxLinked {
		return fault("cases", "out_of_range", fmt.Sprintf("Give 1 to %d cases.", maxLinked))
	}
	return s.c.Commit.Do(func(tx core.App) error {
		p, err := find(tx, problem)
		if err != nil {
			return err
		}
		for _, id := range cases {
			c, err := desk.FindCase(tx, id)
			if err != nil || !agent.Sees(c.Team()) {
				return fault("cases", "missing", "One of these cases isn't there.")
			}
			if err := linkOne(tx, p, c, agent, on); err != nil {
				return err
			}
		}
		if !on || !underWay(p) {
			return nil
		}
		// the letters are leaving, newest case first: they may be past these already
		round := sentOf(p.GetString("telling"))
		round.After = ""
		p.Set("telling", round)
		return desk.Save(tx, p)
	})
}

func linkOne(tx core.App, p *core.Record, c *desk.Case, agent *desk.Agent, on bool) error {
	before := c.GetString("problem")
	if on == (before == p.Id) {
		return nil
	}
	kind, now := EventLinked, p.Id
	if !on {
		kind, now = EventUnlinked, ""
	}
	c.Set("problem", now)
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	return desk.Record(tx, desk.Event{Case: c.Id, Actor: agent.Id, Kind: kind,
		Before: map[string]any{"problem": before}, After: map[string]any{"problem": p.Id, "title": p.GetString("title")}})
}
