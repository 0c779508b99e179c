package orderlookup

import "time"

const (
	breakerFailures = 5 // in a row, before it opens
	breakerRest     = 30 * time.Second
	breakerMost     = 10 * time.Minute
)

// breaker stops asking a system that keeps failing. After its rest it lets one
// request through, which closes it or doubles the rest. Its owner holds the lock.
type breaker struct {
	failed int           // in a row
	rest   time.Duration // the last one
	until  time.Time     // zero: closed
	trying bool          // the trial is under way
}

// enter tells whether a request may leave, and whether it is the trial.
func (b *breaker) enter(now time.Time) (trial bool, err error) {
	if b.until.IsZero() {
		return false, nil
	}
	if b.trying || now.Before(b.until) {
		return false, &Error{Kind: Open, Until: b.until}
	}
	b.trying = true
	return true, nil
}

// end notes how a request went. One from before the breaker opened no longer counts.
func (b *breaker) end(trial, failed bool, now time.Time) {
	if trial {
		b.trying = false
	} else if !b.until.IsZero() {
		return
	}
	if !failed {
		*b = breaker{}
		return
	}
	b.failed++
	if trial || b.failed >= breakerFailures {
		b.rest = min(max(2*b.rest, breakerRest), breakerMost)
		b.until = now.Add(b.rest)
	}
}
