package inbox

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/searchtext"
)

// Narrow is true of the cases c of the query's queue that its filters leave, for
// a search that stays inside of them. Who may see them is for the search to know.
func Narrow(app core.App, agent *desk.Agent, q Query) (dbx.Expression, error) {
	list, err := queueOf(app, q.Queue, agent)
	if err != nil {
		return nil, err
	}
	var all []dbx.Expression
	if list.view != nil { // first: its parameters keep their names
		inner := app.DB().Select("c.id").From("{{" + desk.Name(app, desk.Cases) + "}} c").Where(dbx.NewExp(list.where, list.params))
		list.view.narrow(inner)
		built := inner.Build()
		all = append(all, dbx.NewExp("[[c.id]] IN ("+built.SQL()+")", built.Params()))
	}
	all = append(all, dbx.NewExp(list.where, list.params))
	if q.Unread {
		all = append(all, readerOf(app, agent).of())
	}
	return dbx.And(append(all, q.filters()...)...), nil
}

// Narrows tells whether the query names a queue or a filter.
func (q Query) Narrows() bool {
	return q.Queue != "" && q.Queue != "all" || q.Unread || q.Category+q.Priority+q.Assignee+q.Locale+q.Status != ""
}

// Unread is true of a case c that the agent has not read.
func Unread(app core.App, agent *desk.Agent) dbx.Expression { return readerOf(app, agent).of() }

// Rows are cases as lists show them, in the order of the ids. Those that the
// agent may not see, or that are gone, are left out.
func Rows(app core.App, agent *desk.Agent, ids []string) ([]Row, error) {
	if len(ids) == 0 {
		return []Row{}, nil
	}
	var found []Row
	query := app.DB().Select(columns).From("{{" + desk.Name(app, desk.Cases) + "}} c").Where(among(ids))
	if team := ofTeam(agent); team != nil {
		query.AndWhere(team)
	}
	if err := query.All(&found); err != nil {
		return nil, err
	}
	at := make(map[string]Row, len(found))
	for _, r := range found {
		at[r.ID] = r
	}
	rows := make([]Row, 0, len(found))
	for _, id := range ids {
		if r, ok := at[id]; ok {
			rows = append(rows, r)
		}
	}
	if err := decorate(app, rows); err != nil {
		return nil, err
	}
	return rows, addUnread(app, agent, rows)
}

// among is true of the cases c with these ids.
func among(ids []string) dbx.Expression {
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	return dbx.In("c.id", list...)
}

// Part is a piece of a snippet; Hit marks the words that were looked for.
type Part = searchtext.Part

// Show makes the row's snippet the place where a search found it.
func (r *Row) Show(parts []Part) {
	if len(parts) == 0 {
		return
	}
	r.Parts, r.Snippet = parts, ""
	for _, p := range parts {
		r.Snippet += p.Text
	}
}
