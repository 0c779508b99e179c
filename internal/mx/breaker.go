package mx

import "time"

const (
	breakerFailures = 5           // time-outs in a row, before it opens
	breakerRest     = time.Minute // how long it stays open before a trial
)

// breaker stops asking a resolver that does not answer. After its rest it lets one trial through,
// which closes it or opens it anew. Its owner holds the lock.
type breaker struct {
	failed int       // in a row
	until  time.Time // zero: lets all through
	trying bool      // the trial is under way
}

// open tells whether a lookup may start now.
func (b *breaker) open(now time.Time) bool {
	return b.until.IsZero() || !b.trying && !now.Before(b.until)
}

// start notes a lookup that open let through and tells whether it is the trial.
func (b *breaker) start() (trial bool) {
	b.trying = !b.until.IsZero()
	return b.trying
}

// end notes how a lookup went. One from before the breaker closed the way no longer counts.
func (b *breaker) end(trial, timedOut bool, now time.Time) {
	if trial {
		b.trying = false
	} else if !b.until.IsZero() {
		return
	}
	if !timedOut {
		b.failed, b.until = 0, time.Time{}
		return
	}
	b.failed++
	if trial || b.failed >= breakerFailures {
		b.until = now.Add(breakerRest)
	}
}
