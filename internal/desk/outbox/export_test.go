package outbox

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// UntilNext is how long the worker would rest now.
func (w *Worker) UntilNext() time.Duration { return w.untilNext() }

// Claim marks what is due as being sent, and leaves it so.
func (w *Worker) Claim() ([]*Letter, error) {
	letters, _, err := w.claim()
	return letters, err
}

// Settle records inside the caller's transaction how a try went.
func (w *Worker) Settle(tx core.App, l *Letter, tried error) error {
	l.err = tried
	return w.settle(tx, l)
}

// SettleAgain is Settle of a group that runs a second time.
func (w *Worker) SettleAgain(tx core.App, l *Letter) error { return w.settle(tx, l) }
