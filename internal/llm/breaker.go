package llm

import (
	"fmt"
	"time"
)

const (
	breakerFailures = 5                // in a row, before it opens
	breakerRest     = 60 * time.Second // how long it stays open before a trial
)

type outcome int

const (
	answered outcome = iota
	failed
	unknown
)

// breaker stops calling a server that keeps failing. After its rest it lets one trial call through,
// which closes it or opens it anew. Its owner holds the lock.
type breaker struct {
	failed int       // in a row
	until  time.Time // zero: closed
	trying bool      // the trial call is under way
}

func (b *breaker) closed(now time.Time) error {
	switch {
	case b.until.IsZero():
		return nil
	case b.trying:
		return fmt.Errorf("%w: one trial call is under way", ErrOpen)
	case now.Before(b.until):
		return fmt.Errorf("%w: until %s", ErrOpen, b.until.UTC().Format(time.RFC3339))
	}
	return nil
}

// start notes a call that closed let through and tells whether it is the trial.
func (b *breaker) start() (trial bool) {
	b.trying = !b.until.IsZero()
	return b.trying
}

// end notes how a call went. A call from before the breaker opened no longer counts.
func (b *breaker) end(t ticket, o outcome, now time.Time) {
	if t.trial {
		b.trying = false
	} else if !b.until.IsZero() {
		return
	}
	switch o {
	case answered:
		b.failed, b.until = 0, time.Time{}
	case failed:
		b.failed++
		if t.trial || b.failed >= breakerFailures {
			b.until = now.Add(breakerRest)
		}
	}
}
