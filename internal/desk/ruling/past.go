package ruling

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/filtering"
)

// A trial asks a case that is done as it was when the thing happened that the rule
// is about, as the audit trail tells: what became of it since has nothing to do
// with it. A case that is still open is asked as it is, for that is what the rule
// works on when somebody has it do what the trial listed.

// pastFields are the fields of a case that are asked as they were.
func pastFields() []string { return []string{"status", "category", "priority", "team", "assignee"} }

// settling is how long after a thing the rules' own changes count as part of it:
// what one rule changed the next one sees.
const settling = "+60 seconds"

// looksBack tells which fields the filter asks of the past.
func (r *Rule) looksBack() []string {
	if r.Event != CaseOpened && r.Event != StaffChanged {
		return nil
	}
	asked := slices.Clone(r.looksAt)
	for _, filter := range r.ahead {
		for _, name := range filtering.Names(filter) {
			name, _, _ = strings.Cut(name, ".")
			asked = append(asked, name)
		}
	}
	return slices.DeleteFunc(pastFields(), func(f string) bool { return !slices.Contains(asked, f) })
}

// was is a field of a case k as it was: what stood there before the first change
// after the moment, which is the case's beginning or the line l of the audit trail.
func was(app core.App, event, field string) string {
	start, after := "k", ""
	if event == StaffChanged {
		start, after = "l", " AND w.rowid > l.rowid"
	}
	none := "''"
	if field == "status" {
		none = "'" + desk.Unread + "'"
	}
	return "CASE WHEN [[k.status]] IN ('resolved', 'closed') THEN COALESCE((SELECT COALESCE(json_extract([[w.before]], '$." + field + "'), " + none + ")" +
		" FROM {{" + desk.Name(app, desk.Events) + "}} w WHERE [[w.case]] = [[k.id]] AND +[[w.kind]] = '" + field + "'" + after +
		" AND NOT ([[w.actor]] = '' AND COALESCE(json_extract([[w.after]], '$.by'), '') = 'rule' AND [[w.created]] <= strftime('%Y-%m-%d %H:%M:%fZ', [[" + start + ".created]], '" + settling + "'))" +
		" ORDER BY [[w.created]], w.rowid LIMIT 1), [[k." + field + "]]) ELSE [[k." + field + "]] END"
}

// fromPast starts a query as [from] does, on cases as they were; the case is c.
func (r *Rule) fromPast(app core.App, columns ...string) (*dbx.SelectQuery, error) {
	back := r.looksBack()
	if len(back) == 0 {
		q, _ := from(app, r.Event, columns...)
		return q, nil
	}
	cases, err := app.FindCachedCollectionByNameOrId(desk.Cases)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, f := range cases.Fields {
		name := f.GetName()
		if slices.Contains(back, name) {
			list = append(list, was(app, r.Event, name)+" AS [["+name+"]]")
			continue
		}
		list = append(list, "[[k."+name+"]]")
	}
	table := "{{" + desk.Name(app, desk.Cases) + "}} k"
	if r.Event == StaffChanged {
		events := "{{" + desk.Name(app, desk.Events) + "}}"
		list = append(list, "[[l.id]] AS line_of")
		inner := "(SELECT " + strings.Join(list, ", ") + " FROM " + events + " l JOIN " + table + " ON [[k.id]] = [[l.case]]) c"
		return app.DB().Select(columns...).From(events+" e").InnerJoin(inner, dbx.NewExp("[[c.line_of]] = [[e.id]]")), nil
	}
	return app.DB().Select(columns...).From("(SELECT " + strings.Join(list, ", ") + " FROM " + table + ") c"), nil
}

// past is what a case was that is done.
type past struct {
	Case     string `db:"case"`
	Status   string `db:"status"`
	Category string `db:"category"`
	Priority string `db:"priority"`
	Team     string `db:"team"`
	Assignee string `db:"assignee"`
	Reasons  string `db:"reasons"` // of a case's beginning
}

// pastsOf reads what cases were that are done, by case. rows are what happened.
func (r *Rule) pastsOf(app core.App, cases []*desk.Case, rows []string) (map[string]past, error) {
	var ids []any
	for i, c := range cases {
		switch {
		case !c.Done():
		case r.Event == CaseOpened:
			ids = append(ids, c.Id)
		case r.Event == StaffChanged:
			ids = append(ids, rows[i])
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	columns := []string{"k.id AS case"}
	for _, f := range pastFields() {
		columns = append(columns, "("+was(app, r.Event, f)+") AS "+f)
	}
	events := "{{" + desk.Name(app, desk.Events) + "}}"
	columns = append(columns, "COALESCE((SELECT json_extract([[o.after]], '$.reasons') FROM "+events+" o WHERE [[o.case]] = [[k.id]] AND +[[o.kind]] = 'opened' LIMIT 1), '{}') AS reasons")
	q := app.DB().Select(columns...).From("{{" + desk.Name(app, desk.Cases) + "}} k")
	if r.Event == StaffChanged {
		q.InnerJoin(events+" l", dbx.NewExp("[[l.case]] = [[k.id]]")).Where(dbx.In("l.id", ids...))
	} else {
		q.Where(dbx.In("k.id", ids...))
	}
	var found []past
	if err := q.All(&found); err != nil {
		return nil, fmt.Errorf("what cases were: %w", err)
	}
	out := make(map[string]past, len(found))
	for _, p := range found {
		out[p.Case] = p
	}
	return out, nil
}

// then is the case as it was.
func (p past) then(event string, c *desk.Case) *desk.Case {
	c = desk.AsCase(c.Clone())
	reasons := c.Reasons()
	for field, value := range map[string]string{"status": p.Status, "category": p.Category, "priority": p.Priority, "team": p.Team, "assignee": p.Assignee} {
		if c.GetString(field) != value {
			c.Set(field, value)
			delete(reasons, field) // who said what it became has not said it yet
		}
	}
	c.Set("reasons", reasons)
	if event == CaseOpened {
		c.Set("reasons", p.Reasons)
	}
	return c
}

// ahead are filters of rules that come before this one and end with stop.
type ahead []string

// Behind has trials leave out what an enabled rule before this one would keep from
// it: one of the same event whose conditions are met, and that stops. id is the
// saved rule that is tried; "" is a new one, which comes last.
func (r *Rule) Behind(app core.App, id string) error {
	b, err := load(app)
	if err != nil || r.Event == TimePassed {
		return err
	}
	this, err := find(app, desk.Rules, id)
	if err != nil {
		return err
	}
	r.ahead = nil
	for _, other := range b.rules[r.Event] {
		rec, err := find(app, desk.Rules, other.ID)
		if err != nil {
			return err
		}
		if rec == nil || other.ID == id {
			continue
		}
		if this != nil && (rec.GetInt("position") > this.GetInt("position") ||
			rec.GetInt("position") == this.GetInt("position") && rec.GetString("created")+rec.Id > this.GetString("created")+this.Id) {
			continue
		}
		if other.stop {
			r.ahead = append(r.ahead, other.Filter)
		}
	}
	return nil
}

// unmet is met where a condition is not.
type unmet struct{ dbx.Expression }

// Build is part of [dbx.Expression].
func (u unmet) Build(db *dbx.DB, params dbx.Params) string {
	return "(" + u.Expression.Build(db, params) + ") IS NOT TRUE"
}
