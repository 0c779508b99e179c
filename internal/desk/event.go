package desk

import (
	"github.com/pocketbase/pocketbase/core"
)

// Event is one line of the audit trail. Case or Feedback says what it is about.
type Event struct {
	Case     string
	Feedback string
	Actor    string // agent id; "" is the system or the visitor
	Kind     string
	Before   map[string]any
	After    map[string]any
}

// Record writes lines of the audit trail, in order.
func Record(app core.App, events ...Event) error {
	for _, ev := range events {
		r, err := New(app, Events)
		if err != nil {
			return err
		}
		r.Set("case", ev.Case)
		r.Set("feedback", ev.Feedback)
		r.Set("actor", ev.Actor)
		r.Set("kind", ev.Kind)
		if ev.Before != nil {
			r.Set("before", ev.Before)
		}
		if ev.After != nil {
			r.Set("after", ev.After)
		}
		if err := Save(app, r); err != nil {
			return err
		}
		if err := tellAssignee(app, ev); err != nil {
			return err
		}
	}
	return nil
}
