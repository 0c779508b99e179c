package ruling

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// batch is how many lines of the audit trail are read at once.
const batch = 100

// soon is when what failed is tried again: who gives cases out waits for the rules.
const soon = 5 * time.Second

// triesMost is how often one line is tried that can't be dealt with, a round each.
const triesMost = 5

// Start reads the audit trail in the background, from where it was left.
func (e *Engine) Start() error {
	e.life.Lock()
	defer e.life.Unlock()
	if e.stop != nil {
		return nil
	}
	if _, err := e.feed.Next(1); err != nil { // from now on nothing is missed
		return err
	}
	e.stop, e.done = make(chan struct{}), make(chan struct{})
	e.ending.Store(false)
	go e.read(e.stop, e.done)
	return nil
}

func (e *Engine) read(stop <-chan struct{}, done chan<- struct{}) {
	defer close(done)
	for {
		var again <-chan time.Time
		if err := e.Drain(); err != nil {
			e.app.Logger().Error("rules", "error", err)
			again = time.After(soon)
		}
		select {
		case <-stop:
			return
		case <-e.wake:
		case <-again:
		}
	}
}

// Stop ends the background work after what is under way.
func (e *Engine) Stop() {
	e.life.Lock()
	defer e.life.Unlock()
	if e.stop == nil {
		return
	}
	e.ending.Store(true)
	close(e.stop)
	<-e.done
	e.stop = nil
}

// Drain deals with all that was written to the audit trail.
func (e *Engine) Drain() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.report(); err != nil {
		return err
	}
	for !e.ending.Load() {
		lines, err := e.feed.Next(batch)
		if err != nil || len(lines) == 0 {
			return err
		}
		at, err := e.lines(lines)
		if at >= 0 {
			err = errors.Join(err, e.config.Commit.Do(func(tx core.App) error { return e.feed.Moved(tx, lines[at]) }))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lines deals with lines in order and gives the last one up to which all is done
// with, or -1. Where one fails only what happened to the same case waits for it: the
// others are dealt with, and remembered until the place in the audit trail gets there.
func (e *Engine) lines(lines []desk.Line) (int, error) {
	at, faults := -1, []error{}
	ahead, waits := map[string]bool{}, map[string]bool{}
	for i, l := range lines {
		if e.ending.Load() {
			break
		}
		if waits[l.Case] {
			continue
		}
		if !e.ahead[l.ID] {
			if err := e.try(l); err != nil {
				faults, waits[l.Case] = append(faults, fmt.Errorf("line %s: %w", l.ID, err)), true
				continue
			}
		}
		if len(faults) == 0 {
			at = i
		} else {
			ahead[l.ID] = true
		}
	}
	e.ahead = ahead
	return at, errors.Join(faults...)
}

// try deals with one line, and leaves it out where that fails again and again.
func (e *Engine) try(l desk.Line) error {
	err := guard(func() error { return e.line(l) })
	if err == nil {
		return nil
	}
	if e.tries == nil {
		e.tries = map[string]int{}
	}
	if e.tries[l.ID]++; e.tries[l.ID] < triesMost {
		return err
	}
	delete(e.tries, l.ID)
	e.app.Logger().Error("rules leave out what happened", "event", l.ID, "case", l.Case, "error", err)
	return nil
}

// guard turns a panic into an error: from here it would take the process along.
func guard(run func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return run()
}

// line deals with one line of the audit trail.
func (e *Engine) line(l desk.Line) error {
	s, quiet := subjectOf(l)
	if s.Event == "" || quiet {
		return nil
	}
	if old, err := overtaken(e.app, l, s); old || err != nil {
		return err
	}
	b, err := load(e.app)
	if err != nil {
		return err
	}
	at, _ := types.ParseDateTime(l.Created)
	rules := slices.DeleteFunc(slices.Clone(b.rules[s.Event]), func(r *Rule) bool { return at.Time().Before(r.activeFrom) })
	if err := e.all(e.awake(rules), s); err != nil {
		return err
	}
	if e.After != nil && (s.Event == CaseOpened || s.Event == VisitorWrote) {
		return e.After(s.Case, s.Event)
	}
	return nil
}

// subjectOf tells what a line is about; the zero Subject is nothing for rules.
// quiet is set for what was imported and what is junk.
func subjectOf(l desk.Line) (s Subject, quiet bool) {
	if l.Case == "" {
		return s, false
	}
	var after struct {
		Message string `json:"message"`
		Source  string `json:"source"`
		Quiet   bool   `json:"quiet"`
	}
	switch {
	case l.Kind == "opened":
		_ = json.Unmarshal([]byte(l.After), &after) // what is no such object says nothing
		return Subject{CaseOpened, l.Case, l.Case}, after.Source == desk.SourceImport
	case l.Kind == "visitor_wrote":
		_ = json.Unmarshal([]byte(l.After), &after)
		return Subject{VisitorWrote, l.Case, after.Message}, after.Quiet || after.Message == ""
	case l.Actor != "" && isStaffKind(l.Kind):
		return Subject{StaffChanged, l.Case, l.ID}, false
	}
	return s, false
}

// overtaken tells whether what staff changed was changed again since: the later
// line is what counts then.
func overtaken(app core.App, l desk.Line, s Subject) (bool, error) {
	if s.Event != StaffChanged || !slices.Contains([]string{"category", "priority", "status", "assignee", "team", "subject"}, l.Kind) {
		return false, nil
	}
	var after map[string]any
	if err := json.Unmarshal([]byte(l.After), &after); err != nil {
		return false, nil
	}
	c, err := find(app, desk.Cases, l.Case)
	if c == nil || err != nil {
		return true, err
	}
	value, told := after[l.Kind].(string)
	return told && value != c.GetString(l.Kind), nil
}
