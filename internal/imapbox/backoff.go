package imapbox

import "time"

const (
	firstPause = time.Second
	lastPause  = 5 * time.Minute
	loginPause = time.Minute // servers lock out who is refused often
)

// backoff counts the tries in a row that failed: 1, 2, 4 … seconds to 5 minutes, each
// shortened by up to a half at random, so that many mailboxes don't come back to
// a server all at once.
type backoff struct {
	failed int
	random func() float64
}

func (b *backoff) reset() { b.failed = 0 }

// state is that of the failure that next is about to be asked about.
func (b *backoff) state() State {
	if b.failed == 0 {
		return Retrying
	}
	return Failing
}

// next is the pause before the next try.
func (b *backoff) next(refused bool) time.Duration {
	pause := lastPause
	if b.failed < 9 {
		pause = min(firstPause<<b.failed, lastPause)
	}
	b.failed++
	if refused {
		pause = max(pause, loginPause)
	}
	return pause - time.Duration(b.random()*float64(pause/2))
}
