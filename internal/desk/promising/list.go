package promising

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Query asks for a page of promises. Agent narrows it to one person's, for those
// who see all; others get their own.
type Query struct{ State, Agent, Cursor string }

// Item is a promise in a list.
type Item struct {
	ID       string `db:"id" json:"id"`
	State    string `db:"state" json:"state"`
	Text     string `db:"text" json:"text"`
	Due      string `db:"due_at" json:"due_at"`
	Settled  string `db:"settled_at" json:"settled_at"`
	Created  string `db:"created" json:"created"`
	Answer   string `db:"answer" json:"answer"` // the message that settled it
	Agent    string `db:"agent" json:"agent"`
	Name     string `db:"-" json:"agent_name"`
	Case     string `db:"case" json:"case"`
	Number   int    `db:"number" json:"number"`
	Subject  string `db:"subject" json:"subject"`
	Status   string `db:"status" json:"status"`
	Assignee string `db:"assignee" json:"assignee"`
}

// Page is a part of a list. Next asks for the part after it; "" at the end.
type Page struct {
	Items []Item `json:"items"`
	Next  string `json:"next"`
}

// ErrQuery says that a query asks for something that there is not.
var ErrQuery = errors.New("there is no such list")

const pageSize = 40

// List is a page of the promises that an agent may see: open ones by what is due
// first, the others by what was due last.
func List(app core.App, agent *desk.Agent, q Query) (Page, error) {
	page := Page{Items: []Item{}}
	order, than := "DESC", "<"
	switch q.State {
	case desk.PromiseOpen:
		order, than = "ASC", ">"
	case desk.PromiseKept, desk.PromiseBroken, desk.PromiseWithdrawn:
	default:
		return page, ErrQuery
	}
	if !agent.SeesAll() {
		q.Agent = agent.Id
	}
	query := app.DB().Select("p.id", "p.state", "p.text", "p.due_at", "p.settled_at", "p.created", "p.answer", "p.agent", "p.case",
		"c.number", "c.subject", "c.status", "c.assignee").
		From(desk.Name(app, desk.Promises)+" p").
		InnerJoin(desk.Name(app, desk.Cases)+" c", dbx.NewExp("[[c.id]] = [[p.case]]")).
		Where(dbx.HashExp{"p.state": q.State}).OrderBy("p.due_at "+order, "p.id "+order).Limit(pageSize + 1)
	if q.Agent != "" {
		query.AndWhere(dbx.HashExp{"p.agent": q.Agent})
	}
	if !agent.SeesAll() {
		query.AndWhere(dbx.In("c.team", "", agent.Team()))
	}
	if q.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(q.Cursor)
		due, id, ok := strings.Cut(string(raw), "|")
		if err != nil || !ok {
			return page, ErrQuery
		}
		query.AndWhere(dbx.NewExp("([[p.due_at]], [[p.id]]) "+than+" ({:due}, {:id})", dbx.Params{"due": due, "id": id}))
	}
	if err := query.All(&page.Items); err != nil {
		return page, err
	}
	if len(page.Items) > pageSize {
		page.Items = page.Items[:pageSize]
		last := page.Items[pageSize-1]
		page.Next = base64.RawURLEncoding.EncodeToString([]byte(last.Due + "|" + last.ID))
	}
	names := map[string]string{}
	for i := range page.Items {
		id := page.Items[i].Agent
		if _, ok := names[id]; !ok {
			names[id] = nameOf(app, id)
		}
		page.Items[i].Name = names[id]
	}
	return page, nil
}
