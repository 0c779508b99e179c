package inbox

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
	found, err := search(app, query, q.Search)
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
	if err := query.All(&page.Items); err != nil {
		return page, err
	}
	if len(page.Items) > q.Limit {
		page.Items = page.Items[:q.Limit]
		page.Next = list.cursor(page.Items[q.Limit-1])
	}
	return page, decorate(app, page.Items)
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

// decorate adds what stands in other collections, with one query for each.
func decorate(app core.App, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	ids, contacts := make([]any, len(rows)), make([]any, 0, len(rows))
	at := map[string]*Row{}
	for i := range rows {
		r := &rows[i]
		r.Tags = []string{}
		if json.Unmarshal([]byte(r.RawTags), &r.Tags) != nil || r.Tags == nil {
			r.Tags = []string{}
		}
		ids[i], at[r.ID] = r.ID, r
		if r.ContactID != "" && !slices.Contains(contacts, any(r.ContactID)) {
			contacts = append(contacts, r.ContactID)
		}
	}
	return errors.Join(addPeople(app, rows, contacts), addMessages(app, at, ids))
}

func addPeople(app core.App, rows []Row, contacts []any) error {
	var people []Person
	err := app.DB().Select("id", "name").From(desk.Name(app, desk.Contacts)).Where(dbx.In("id", contacts...)).All(&people)
	if err != nil {
		return err
	}
	var states []struct {
		Contact string `db:"contact"`
		State   string `db:"state"`
	}
	err = app.DB().Select("contact", "state").From(desk.Name(app, desk.Identities)).Where(dbx.In("contact", contacts...)).All(&states)
	if err != nil {
		return err
	}
	names, trust := map[string]string{}, map[string]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	for _, s := range states {
		if trustRank(s.State) > trustRank(trust[s.Contact]) {
			trust[s.Contact] = s.State
		}
	}
	for i := range rows {
		rows[i].Contact = Person{rows[i].ContactID, names[rows[i].ContactID]}
		rows[i].Trust = trust[rows[i].ContactID]
	}
	return nil
}

func trustRank(state string) int {
	return 1 + slices.Index([]string{desk.StateClaimed, desk.StateReachable, desk.StateUndeliverable, desk.StateVerified}, state)
}

func addMessages(app core.App, at map[string]*Row, ids []any) error {
	var messages []struct {
		Case      string `db:"case"`
		Direction string `db:"direction"`
		Channel   string `db:"channel"`
		Body      string `db:"body"`
		Delivery  string `db:"delivery"`
		Files     int    `db:"files"`
	}
	err := app.DB().Select("[[case]]", "[[direction]]", "[[channel]]", "substr([[body]], 1, 400) AS [[body]]", "[[delivery]]",
		"json_array_length(CASE WHEN [[attachments]] = '' THEN '[]' ELSE [[attachments]] END) AS [[files]]").
		From(desk.Name(app, desk.Messages)).Where(dbx.In("case", ids...)).OrderBy("created", "rowid").All(&messages)
	if err != nil {
		return err
	}
	for _, m := range messages {
		row := at[m.Case]
		row.Files += m.Files
		if m.Direction == desk.In {
			row.Snippet, row.Channel = desk.Clip(desk.OneLine(m.Body), 160), m.Channel
		}
		row.HasFailed = row.HasFailed || m.Delivery == desk.DeliveryFailed || m.Delivery == "bounced"
	}
	return nil
}

// search narrows the query to cases that bear the words. Numbers, receipts,
// order numbers, addresses and phones are looked up exactly, by index, and found
// is true; other words are looked for in the latest cases' subjects, messages
// and names.
func search(app core.App, query *dbx.SelectQuery, words string) (found bool, err error) {
	words = strings.TrimSpace(words)
	if words == "" {
		return false, nil
	}
	ids, err := exact(app, words)
	if err != nil {
		return false, err
	}
	if len(ids) > 0 {
		query.AndWhere(dbx.In("c.id", ids...))
		return true, nil
	}
	query.AndWhere(fuzzy(app, words))
	return false, nil
}
