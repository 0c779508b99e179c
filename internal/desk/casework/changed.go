package casework

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// FieldChange is what others did to one field of a case since somebody looked.
type FieldChange struct {
	Field  string `json:"field"`
	Before any    `json:"before"` // as it was on the old screen
	After  any    `json:"after"`  // as it is now
	Actor  string `json:"actor_name"`
	At     string `json:"at"`
}

// maxChanges bounds how far back [ChangedSince] looks.
const maxChanges = 200

// ChangedSince tells what changed on a case since the version that somebody saw,
// a line for each field, in the order of the last changes. A field that has its
// old value again is left out. An old version of which nothing is known gives an
// empty list.
func ChangedSince(app core.App, caseID string, version int) ([]FieldChange, error) {
	var rows []*core.Record
	err := app.RecordQuery(desk.Events).AndWhere(dbx.HashExp{"case": caseID}).
		AndWhere(dbx.NewExp("[[version]] > {:seen}", dbx.Params{"seen": max(version, 0)})).
		OrderBy("version DESC", "rowid DESC").Limit(maxChanges).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("what changed meanwhile: %w", err)
	}
	slices.Reverse(rows)
	out := []FieldChange{}
	for _, r := range rows {
		out = addChanges(out, r, actorName(app, r.GetString("actor")))
	}
	return slices.DeleteFunc(out, func(c FieldChange) bool { return same(c.Before, c.After) || blank(c.Before) && blank(c.After) }), nil
}

// blank tells whether a value says nothing; a field may be kept as null and as "".
func blank(v any) bool { return v == nil || v == "" }

// addChanges puts one event's fields at the end; what the list knows of them
// keeps its first value.
func addChanges(list []FieldChange, ev *core.Record, actor string) []FieldChange {
	before, after := map[string]any{}, map[string]any{}
	_ = ev.UnmarshalJSONField("before", &before)
	_ = ev.UnmarshalJSONField("after", &after)
	for _, field := range StaffFields() {
		now, ok := after[field]
		if !ok {
			continue
		}
		c := FieldChange{Field: field, Before: before[field], After: now, Actor: actor, At: ev.GetString("created")}
		if i := slices.IndexFunc(list, func(x FieldChange) bool { return x.Field == field }); i >= 0 {
			c.Before = list[i].Before
			list = slices.Delete(list, i, i+1)
		}
		list = append(list, c)
	}
	return list
}

func actorName(app core.App, id string) string {
	if id == "" {
		return ""
	}
	r, err := app.FindRecordById(desk.Agents, id)
	if err != nil {
		return ""
	}
	return r.GetString("name")
}
