package inbox

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Query asks for one page of cases. Empty fields don't filter.
type Query struct {
	Queue    string // mine, unassigned, open, waiting, follow_up, done, all
	Search   string
	Category string
	Priority string
	Assignee string // agent id; "none" for cases without one
	Locale   string
	Status   string
	Cursor   string // Next of the page before
	Limit    int    // 1 to 100; 40
}

// Row is a case as a list shows it.
type Row struct {
	ID           string   `db:"id" json:"id"`
	Number       int      `db:"number" json:"number"`
	Version      int      `db:"version" json:"version"`
	Subject      string   `db:"subject" json:"subject"`
	Snippet      string   `db:"-" json:"snippet"`
	Parts        []Part   `db:"-" json:"parts,omitempty"` // of the snippet, after a search
	ContactID    string   `db:"contact" json:"-"`
	FeedbackID   string   `db:"feedback" json:"-"`
	Contact      Person   `db:"-" json:"contact"`
	Category     string   `db:"category" json:"category"`
	Priority     string   `db:"priority" json:"priority"`
	Status       string   `db:"status" json:"status"`
	Assignee     string   `db:"assignee" json:"assignee"`
	Team         string   `db:"team" json:"team"`
	RawTags      string   `db:"tags" json:"-"`
	Tags         []string `db:"-" json:"tags"`
	Locale       string   `db:"locale" json:"locale"`
	Channel      string   `db:"-" json:"channel"`
	Trust        string   `db:"-" json:"trust"`
	Files        int      `db:"-" json:"files"`
	HasFailed    bool     `db:"-" json:"has_failed"`
	Created      string   `db:"created" json:"created"`
	Updated      string   `db:"updated" json:"updated"`
	DueAt        string   `db:"due_at" json:"due_at"`
	WaitingSince string   `db:"waiting_since" json:"waiting_since"`
	LastInAt     string   `db:"last_in_at" json:"last_in_at"`
	Responded    string   `db:"first_responded_at" json:"first_responded_at"`
	FollowUpAt   string   `db:"follow_up_at" json:"follow_up_at"`
	FollowUpNote string   `db:"follow_up_note" json:"follow_up_note"`
	ResolvedAt   string   `db:"resolved_at" json:"resolved_at"`
}

// Person is a contact as a list shows it.
type Person struct {
	ID   string `db:"id" json:"id"`
	Name string `db:"name" json:"name"`
}

// Page is a part of a list. Next asks for the part after it; "" at the end.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// ErrQuery says that a query asks for something that there is not.
var ErrQuery = errors.New("there is no such list")

const columns = `[[c.id]], [[c.number]], [[c.version]], [[c.subject]], [[c.contact]], [[c.feedback]], [[c.category]], [[c.priority]], [[c.status]],
	[[c.assignee]], [[c.team]], [[c.tags]], [[c.locale]], [[c.created]], [[c.updated]], [[c.due_at]], [[c.waiting_since]],
	[[c.last_in_at]], [[c.first_responded_at]], [[c.follow_up_at]], [[c.follow_up_note]], [[c.resolved_at]]`

// Cases is one page of a queue, in the queue's own order, by keyset: the
// hundredth page costs what the first does.
func Cases(app core.App, agent *desk.Agent, q Query) (Page[Row], error) {
	page := Page[Row]{Items: []Row{}}
	list, params, ok := queueOf(q.Queue, agent)
	if !ok {
		return page, ErrQuery
	}
	if q.Limit < 1 || q.Limit > 100 {
		q.Limit = 40
	}
	query := app.DB().Select(columns).Where(dbx.NewExp(list.where, params)).Limit(int64(q.Limit + 1))
	if team := ofTeam(agent); team != nil {
		query.AndWhere(team)
	}
	q.filter(query)
	found, err := search(app, agent, query, q.Search)
	if err != nil {
		return page, err
	}
	from := "{{" + desk.Name(app, desk.Cases) + "}} c"
	if !found && (list.index != "created" || q.Category+q.Status == "") { // those two have indexes of their own
		from += " INDEXED BY [[idx_" + desk.Cases + "_" + list.index + "]]"
	}
	query.From(from)
	if err := list.seek(query, q.Cursor); err != nil {
		return page, err
	}
	err = query.All(&page.Items)
	if err != nil && strings.Contains(err.Error(), "no such index") { // an operator removed it: slower, but it works
		err = query.From("{{" + desk.Name(app, desk.Cases) + "}} c").All(&page.Items)
	}
	if err != nil {
		return page, err
	}
	if len(page.Items) > q.Limit {
		page.Items = page.Items[:q.Limit]
		page.Next = list.cursor(page.Items[q.Limit-1])
	}
	if err := decorate(app, page.Items); err != nil {
		return page, err
	}
	return page, highlight(app, page.Items, q.Search)
}

func (q Query) filter(query *dbx.SelectQuery) {
	for column, value := range map[string]string{
		"category": q.Category, "priority": q.Priority, "locale": q.Locale, "status": q.Status, "assignee": q.Assignee,
	} {
		if column == "assignee" && value == "none" {
			query.AndWhere(dbx.NewExp("[[c.assignee]] = ''"))
		} else if value != "" {
			query.AndWhere(dbx.HashExp{"c." + column: value})
		}
	}
}

// seek orders the query and continues it behind a cursor.
func (l queue) seek(query *dbx.SelectQuery, cursor string) error {
	dir, than := " ASC", ">"
	if l.desc {
		dir, than = " DESC", "<"
	}
	query.OrderBy("c."+l.order[0]+dir, "c.id"+dir)
	if cursor == "" {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	var at [2]string
	if err != nil || json.Unmarshal(raw, &at) != nil {
		return ErrQuery
	}
	query.AndWhere(dbx.NewExp(fmt.Sprintf("([[c.%s]], [[c.id]]) %s ({:at}, {:id})", l.order[0], than),
		dbx.Params{"at": at[0], "id": at[1]}))
	return nil
}

func (l queue) cursor(last Row) string {
	at := map[string]string{
		"due_at": last.DueAt, "updated": last.Updated, "follow_up_at": last.FollowUpAt,
		"resolved_at": last.ResolvedAt, "created": last.Created,
	}[l.order[0]]
	raw, _ := json.Marshal([2]string{at, last.ID})
	return base64.RawURLEncoding.EncodeToString(raw)
}
