package casework

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Promises keeps the dates by which we said that we would answer. Each verb
// changes promised_at of the case that it is given; saving that, and recording
// the events afterwards, is its caller's.
type Promises interface {
	// Make makes a promise; a date that is none, or a case that is done, is a
	// validation error of due_at.
	Make(tx core.App, c *desk.Case, v desk.Vow) ([]desk.Event, error)
	// Withdraw takes back what is promised.
	Withdraw(tx core.App, c *desk.Case, agent string) ([]desk.Event, error)
	// Answered settles what was promised by a message of a person.
	Answered(tx core.App, c *desk.Case, m *desk.Message) ([]desk.Event, error)
	// Unsent undoes what a message did that its author takes back.
	Unsent(tx core.App, c *desk.Case, m *desk.Message) error
}

// promises settles what the entry answers, and makes what it promises.
func (out *Written) promises(tx core.App, c *desk.Case) ([]desk.Event, error) {
	e, book := out.entry, out.book
	if book == nil {
		return nil, nil
	}
	var events []desk.Event
	if out.answers() {
		settled, err := book.Answered(tx, c, e.Message)
		if err != nil {
			return nil, err
		}
		events = append(events, settled...)
	}
	if e.Vow == nil {
		return events, nil
	}
	made, err := book.Make(tx, c, desk.Vow{Agent: e.Agent.Id, Message: e.Message.Id, Text: e.Vow.Text, Due: e.Vow.Due})
	return append(events, made...), err
}

// answers tells whether the visitor hears from us by this entry.
func (out *Written) answers() bool {
	return out.kind != "noted" && (out.call == nil || out.call.reached())
}

// promiseChanged brings the book in step with promised_at, which staff changed on
// the case itself. The error of a date that is none is the field's.
func (w *Work) promiseChanged(tx core.App, before, after *desk.Case, agent *desk.Agent) ([]desk.Event, error) {
	due := after.GetDateTime("promised_at").Time()
	after.Set("promised_at", before.GetString("promised_at"))
	if due.IsZero() {
		return w.Promises.Withdraw(tx, after, agent.Id)
	}
	events, err := w.Promises.Make(tx, after, desk.Vow{Agent: agent.Id, Due: due})
	return events, ofField("promised_at", err)
}
