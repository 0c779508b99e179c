package many

import (
	"crypto/sha256"
	"encoding/json"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Bounds of what is remembered of requests with a key.
const (
	keepsFor = 10 * time.Minute
	keepsMax = 500
)

// once gives a request that comes again the answer of the first: a phone that
// lost its line asks twice and must not write two letters.
type once struct {
	mu   sync.Mutex
	runs map[string]*run // by agent and key
}

type run struct {
	at     time.Time
	body   [sha256.Size]byte
	done   chan struct{}
	result *Result
	err    error
}

func newOnce() *once { return &once{runs: map[string]*run{}} }

func (o *once) do(app core.App, r Request, work func() (*Result, error)) (*Result, error) {
	if r.Key == "" {
		return work()
	}
	now, name := desk.Now(app), r.Agent.Id+"\x00"+r.Key
	body, err := json.Marshal([]any{r.IDs, r.Versions, r.Actions, r.Macro, r.Wait})
	if err != nil {
		return nil, fault("actions", "actions_wrong", "Give a list of actions.")
	}
	sum := sha256.Sum256(body)
	o.mu.Lock()
	o.forget(now)
	first := o.runs[name]
	if first == nil {
		if len(o.runs) < keepsMax {
			first = &run{at: now, body: sum, done: make(chan struct{})}
			o.runs[name] = first
		}
		o.mu.Unlock()
		var result *Result
		var err error
		if first != nil {
			defer func() { o.keep(name, first, result, err) }() // also when it panics: others wait
		}
		result, err = work()
		return result, err
	}
	o.mu.Unlock()
	if first.body != sum {
		return nil, fault("key", "key_used", "This key was used for another request.")
	}
	<-first.done
	if first.result == nil {
		return o.do(app, r, work) // it failed as a whole: this is a first try
	}
	return first.result, first.err
}

// keep remembers an answer; a request that failed as a whole did nothing, and may come again.
func (o *once) keep(name string, r *run, result *Result, err error) {
	o.mu.Lock()
	if r.result, r.err = result, err; result == nil {
		delete(o.runs, name)
	}
	o.mu.Unlock()
	close(r.done)
}

func (o *once) forget(now time.Time) {
	for name, r := range o.runs {
		select {
		case <-r.done:
			if now.Sub(r.at) > keepsFor {
				delete(o.runs, name)
			}
		default: // still under way
		}
	}
}
