package desk

import (
	"fmt"

	"github.com/pocketbase/dbx"
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

// ofFact tells whether events of this kind change a field that staff write, or
// add to the conversation: they bear the version that the case has with them.
func ofFact(kind string) bool {
	switch kind {
	case "visitor_wrote", "visitor_solved", "replied", "noted", "called":
		return true
	case "subject", "category", "priority", "status", "assignee", "team", "tags", "sentiment", "summary", "follow_up", "promise", EventPromised, EventPromiseKept, EventPromiseWithdrawn:
		return true
	}
	return false
}

// Record writes lines of the audit trail, in order. Save the case first: a line
// about one of its facts, or about what was said, bears the version that the
// case has by then, so that who saw an older one can be told what changed.
func Record(app core.App, events ...Event) error {
	if len(events) > 0 {
		written(app)
	}
	versions := map[string]int{}
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
		if ev.Case != "" && ofFact(ev.Kind) {
			if _, ok := versions[ev.Case]; !ok {
				if versions[ev.Case], err = versionOf(app, ev.Case); err != nil {
					return err
				}
			}
			r.Set("version", versions[ev.Case])
		}
		if err := Save(app, r); err != nil {
			return err
		}
		if err := tellAssignee(app, ev); err != nil {
			return err
		}
		if err := endEscalations(app, ev); err != nil {
			return err
		}
		if err := attended(app, ev); err != nil {
			return err
		}
	}
	return nil
}

func versionOf(app core.App, caseID string) (int, error) {
	var rows []struct {
		Version int `db:"version"`
	}
	err := app.DB().Select("version").From(Name(app, Cases)).Where(dbx.HashExp{"id": caseID}).All(&rows)
	if err != nil {
		return 0, fmt.Errorf("version of the case: %w", err)
	}
	if len(rows) == 0 {
		return 0, nil // erased
	}
	return rows[0].Version, nil
}
