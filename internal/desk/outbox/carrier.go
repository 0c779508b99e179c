package outbox

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Carrier takes one kind of delivery to its recipient. Mail is built in; another
// one is added by [Worker.Carry].
type Carrier interface {
	// On tells whether it is set up. What is queued while it isn't is held.
	On(app core.App) bool
	// Fix settles in the letter's payload what this and every later try sends. It
	// is called before each try, inside the transaction that marks the delivery as
	// being sent, which saves the payload.
	Fix(tx core.App, l *Letter) error
	// Send makes one try and fills in what the other side said. A [Fault] says
	// what may be done about an error; any other error is for good.
	Send(ctx context.Context, l *Letter) error
}

// Settler is a [Carrier] that has something to add when it is written down what
// became of a try. Settled is called last inside that transaction, which may be
// run again.
type Settler interface {
	Settled(tx core.App, l *Letter) error
}

// Letter is one delivery on its way through a round.
type Letter struct {
	Delivery *desk.Delivery
	Message  *desk.Message // nil for a notice, about a submission that is no case
	Payload  desk.Payload

	Reply  string   // the other side's answer
	Missed []string // who should have got a copy and didn't, each with the reason

	err error
}

// Fault is an error of a try that says what it means. Exactly one of its answers is true.
type Fault interface {
	error
	Temporary() bool // the same may pass later
	Permanent() bool // sending it again is pointless
	Unknown() bool   // it may have been taken
}

// Carry sets by what a kind of delivery goes, such as [desk.BySMS]. Call it
// before the worker starts.
func (w *Worker) Carry(kind string, c Carrier) { w.carriers[kind] = c }

// kinds are those of deliveries whose carrier is set up, or isn't. Kinds without
// a carrier wait for one, and count as neither.
func (w *Worker) kinds(on bool) []any {
	out := []any{}
	for kind, c := range w.carriers {
		if c.On(w.app) == on {
			out = append(out, kind)
		}
	}
	return out
}
