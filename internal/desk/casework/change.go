package casework

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ErrCollision says that somebody changed the case since it was read.
var ErrCollision = errors.New("somebody changed this case meanwhile")

// StaffFields are the fields of a case that staff write.
func StaffFields() []string {
	return []string{
		"subject", "category", "priority", "status", "assignee", "team", "tags", "sentiment", "summary",
		"follow_up_at", "follow_up_note", "follow_up_for", "promised_at",
	}
}

// Change checks what a member of staff changed on a case and fills in what
// follows from it: reasons, resolved_at, dues, version. seen is the version that
// he had before him; 0 asks for no check. What the system or he himself did to
// other fields since is no collision. It returns the lines for the audit trail,
// to be saved in the same transaction; without any, nothing changed.
func (w *Work) Change(app core.App, before, after *desk.Case, agent *desk.Agent, seen int) ([]desk.Event, error) {
	if seen > 0 {
		free, err := harmless(app, before, after, agent, seen)
		if err != nil {
			return nil, err
		}
		if !free {
			return nil, ErrCollision
		}
	}
	if before.MergedInto() != "" {
		return nil, errMerged()
	}
	if err := followUpChanged(app, before, after); err != nil {
		return nil, err
	}
	if err := keeperChanged(app, before, after); err != nil {
		return nil, err
	}
	events, promised := w.changedFacts(before, after, agent)
	if len(events) == 0 && !promised {
		return nil, nil
	}
	for _, field := range []string{"category", "priority"} {
		if !same(before.Get(field), after.Get(field)) {
			after.SetReason(field, desk.Reason{By: "staff", Why: agent.Name()})
		}
	}
	if status := after.Status(); status != before.Status() {
		after.Set("status", before.Status())
		setStatus(app, after, status)
		if after.Done() && same(before.Get("follow_up_at"), after.Get("follow_up_at")) {
			events = append(events, dropFollowUp(after, agent.Id, "done")...)
		}
	}
	if promised {
		made, err := w.promiseChanged(app, before, after, agent)
		if err != nil {
			return nil, err
		}
		events = append(events, made...)
	}
	after.Touch()
	late, err := desk.Reckon(app, after)
	return append(events, late...), err
}

// harmless tells whether what happened since an older version leaves alone what
// is changed now.
func harmless(app core.App, before, after *desk.Case, agent *desk.Agent, seen int) (bool, error) {
	fields := []string{}
	for _, field := range StaffFields() {
		if !same(before.Get(field), after.Get(field)) {
			fields = append(fields, field)
		}
	}
	return desk.Meanwhile{Case: before.Id, Seen: seen, Now: before.GetInt("version"), Agent: agent.Id, Fields: fields}.Harmless(app)
}

// changedFacts gives the lines for the fields that differ. promised tells that
// the promise does, which has lines of its own.
func (w *Work) changedFacts(before, after *desk.Case, agent *desk.Agent) (events []desk.Event, promised bool) {
	for _, field := range StaffFields() {
		old, now := before.Get(field), after.Get(field)
		if same(old, now) {
			continue
		}
		if field == "promised_at" && w.Promises != nil {
			promised = true // told by the promise
			continue
		}
		if (field == "follow_up_note" || field == "follow_up_for") && !same(before.Get("follow_up_at"), after.Get("follow_up_at")) {
			continue // told with its date
		}
		ev := desk.Event{Case: after.Id, Actor: agent.Id, Kind: kindOf(field),
			Before: map[string]any{field: old}, After: map[string]any{field: now}}
		if field == "follow_up_at" {
			ev.After["follow_up_note"] = after.GetString("follow_up_note")
			ev.After["follow_up_for"] = after.GetString("follow_up_for")
		}
		events = append(events, ev)
	}
	return events, promised
}

func kindOf(field string) string {
	switch field {
	case "follow_up_at", "follow_up_note", "follow_up_for":
		return "follow_up"
	case "promised_at":
		return "promise"
	}
	return field
}

func same(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// SystemChanges names the fields that only the system writes and that differ.
func SystemChanges(before, after *core.Record) []string {
	var names []string
	for _, f := range after.Collection().Fields {
		name := f.GetName()
		if slices.Contains(StaffFields(), name) || name == "updated" {
			continue
		}
		if !same(before.Get(name), after.Get(name)) {
			names = append(names, name)
		}
	}
	return names
}
