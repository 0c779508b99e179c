package ruling

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A rule whose filter took too long rests for some minutes, each time twice as
// long, so that it doesn't hold up all others with each thing that happens. After
// slowMost times in a row it is switched off.
const (
	slowRest = 5 * time.Minute
	slowMost = 5
)

// slowness is how a rule's filter fared of late.
type slowness struct {
	written string // what the rule said then: changed, it is another one
	times   int
	until   time.Time
}

// slow remembers which rules take too long; after a restart they are tried anew.
type slow struct {
	mu    sync.Mutex
	rules map[string]slowness // by id
}

// awake leaves those rules out that rest because they are slow.
func (e *Engine) awake(rules []*Rule) []*Rule {
	e.slow.mu.Lock()
	defer e.slow.mu.Unlock()
	if len(e.slow.rules) == 0 {
		return rules
	}
	now := desk.Now(e.app)
	return slices.DeleteFunc(slices.Clone(rules), func(r *Rule) bool {
		s, ok := e.slow.rules[r.ID]
		return ok && s.written == r.written && now.Before(s.until)
	})
}

// fared notes how the filters of rules fared that were asked.
func (e *Engine) fared(rules []*Rule, verdicts []Verdict) {
	e.slow.mu.Lock()
	defer e.slow.mu.Unlock()
	for i, r := range rules {
		if len(e.slow.rules) == 0 {
			return
		}
		if i < len(verdicts) && verdicts[i].Err == nil {
			delete(e.slow.rules, r.ID)
		}
	}
}

// slowed has a rule rest whose filter took too long, and tells whether that was
// the last time.
func (e *Engine) slowed(r *Rule) (off bool) {
	e.slow.mu.Lock()
	defer e.slow.mu.Unlock()
	s := e.slow.rules[r.ID]
	if s.written != r.written {
		s = slowness{written: r.written}
	}
	s.until = desk.Now(e.app).Add(slowRest << s.times)
	if s.times++; s.times >= slowMost {
		delete(e.slow.rules, r.ID)
		return true
	}
	if e.slow.rules == nil {
		e.slow.rules = map[string]slowness{}
	}
	e.slow.rules[r.ID] = s
	return false
}

// switchOff takes a rule out of use that was too slow again and again, and tells
// the admins.
func (e *Engine) switchOff(r *Rule, caseID string) error {
	t := &trouble{CodeSlowOff, r.Filter}
	err := e.config.Commit.Do(func(tx core.App) error {
		stands, err := r.stands(tx)
		if err != nil || !stands {
			return err
		}
		_, err = tx.DB().Update(desk.Name(tx, desk.Rules), dbx.Params{"enabled": false, "failed": t.Error()}, dbx.HashExp{"id": r.ID}).Execute()
		if err != nil {
			return err
		}
		to, err := admins(tx)
		if err != nil {
			return err
		}
		var notices []desk.Notice
		for _, id := range to {
			notices = append(notices, desk.Notice{Agent: id, Kind: NoticeFailed, Case: caseID,
				Data: map[string]any{"rule": r.Name, "id": r.ID, "code": t.code, "detail": ""}})
		}
		return desk.Notify(tx, notices...)
	})
	desk.Forget(e.app, desk.Rules)
	return err
}

// tooSlow deals with a filter that took too long; handled is false where something
// else is wrong with it.
func (e *Engine) tooSlow(r *Rule, why error, caseID string) (handled bool, err error) {
	t := &trouble{}
	if !errors.As(why, &t) || t.code != CodeSlow || r.ID == "" {
		return false, nil
	}
	if !e.slowed(r) {
		return false, nil
	}
	return true, e.switchOff(r, caseID)
}
