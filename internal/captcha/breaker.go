package captcha

import (
	"sync"
	"time"
)

const (
	breakerFailures = 5           // in a row, before it opens
	breakerRest     = time.Minute // how long it stays open before a trial
)

type outcome int

const (
	answered outcome = iota
	failed
	unknown
)

// ticket is one call that was let through.
type ticket struct{ trial bool }

// breaker stops asking a provider that does not answer. After its rest it lets one trial call
// through, which closes it or opens it anew.
type breaker struct {
	mu     sync.Mutex
	failed int       // in a row
	until  time.Time // zero: closed
	trying bool      // the trial call is under way
	why    string    // of the last failure
}

// enter lets a call through or says why not. Whoever gets no reason must leave.
func (b *breaker) enter(now time.Time) (t ticket, why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until.IsZero() {
		return ticket{}, ""
	}
	if b.trying || now.Before(b.until) {
		return ticket{}, "not asked after repeated failures: " + b.why
	}
	b.trying = true
	return ticket{trial: true}, ""
}

// leave notes how a call went. A call from before the breaker opened no longer counts.
func (b *breaker) leave(t ticket, o outcome, now time.Time, why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t.trial {
		b.trying = false
	} else if !b.until.IsZero() {
		return
	}
	switch o {
	case answered:
		b.failed, b.until, b.why = 0, time.Time{}, ""
	case failed:
		b.failed++
		b.why = why
		if t.trial || b.failed >= breakerFailures {
			b.until = now.Add(breakerRest)
		}
	}
}
