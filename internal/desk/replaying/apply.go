package replaying

import (
	"context"
	"sync"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// side is how many cases are under way at once; they share commits.
const side = 8

// Codes of what was not done.
const (
	CodeClosed = "closed" // resolved or closed since the trial
	CodeDone   = "done"   // it no longer meets the rule, or there is nothing left to do
	CodeFault  = "fault"  // the server's log tells more
)

// Failed is a listed case on which nothing was done, and why.
type Failed struct {
	Case    string `json:"id"`
	Number  int    `json:"number"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Applied tells what [Station.Apply] did.
type Applied struct {
	Done   int      `json:"done"`
	Failed []Failed `json:"failed"`
}

// Apply does what a trial listed on the cases that are open, once: a case on which
// the rule did its work before is left as it is. The rule must still do what was tried.
func (s *Station) Apply(ctx context.Context, owner, id string, rule Rule) (*Applied, error) {
	t, err := s.find(owner, id)
	if err != nil {
		return nil, err
	}
	at := t.look()
	switch {
	case !at.Finished:
		return nil, ErrRunning
	case rule.Print() != t.rule.Print():
		return nil, ErrOther
	}
	out := &Applied{Failed: []Failed{}}
	var mu sync.Mutex
	var wait sync.WaitGroup
	turn := make(chan struct{}, side)
	for _, f := range at.List {
		if !f.Open || len(f.Would) == 0 {
			continue
		}
		if ctx.Err() != nil {
			break
		}
		turn <- struct{}{}
		wait.Go(func() {
			defer func() { <-turn }()
			failed := s.one(rule, f)
			mu.Lock()
			defer mu.Unlock()
			if failed == nil {
				out.Done++
				return
			}
			out.Failed = append(out.Failed, *failed)
		})
	}
	wait.Wait()
	return out, ctx.Err()
}

// one does what a rule says on one case; nil when it did.
func (s *Station) one(rule Rule, f Found) *Failed {
	no := func(code, message string) *Failed { return &Failed{f.Case, f.Number, code, message} }
	r, err := s.app.FindRecordById(desk.Cases, f.Case)
	if err != nil || desk.AsCase(r).Done() {
		return no(CodeClosed, "It is done with meanwhile.")
	}
	done, err := rule.Do(f.row)
	switch {
	case err != nil:
		s.app.Logger().Error("a rule failed on a case", "case", f.Case, "error", err)
		return no(CodeFault, "Something went wrong. Try it again.")
	case !done:
		return no(CodeDone, "It no longer fits, or the rule did its work here already.")
	}
	return nil
}
