package inbox

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Query asks for one page of cases. Empty fields don't filter.
type Query struct {
	Queue    string   // mine, unassigned, open, waiting, follow_up, done, all, person:ID or view:ID
	Sort     string   // ByDue, ByNewest, ByOldest or ByWaiting; the queue's own
	Unread   bool     // only what the agent has not read
	Found    []string // only these cases, by id; nil for all
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
	ResolveBy    string   `db:"resolution_due" json:"resolution_due"`
	WaitingSince string   `db:"waiting_since" json:"waiting_since"`
	LastInAt     string   `db:"last_in_at" json:"last_in_at"`
	Responded    string   `db:"first_responded_at" json:"first_responded_at"`
	FollowUpAt   string   `db:"follow_up_at" json:"follow_up_at"`
	FollowUpNote string   `db:"follow_up_note" json:"follow_up_note"`
	ResolvedAt   string   `db:"resolved_at" json:"resolved_at"`
	FollowUpFor  string   `db:"follow_up_for" json:"follow_up_for"`
	PromisedAt   string   `db:"promised_at" json:"promised_at"`
	Unread       bool     `db:"-" json:"unread"` // for the one who asks
	Present      []Looker `db:"-" json:"present,omitempty"`
}

// Looker is a colleague who has a case on the screen.
type Looker struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"` // looking or typing
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

const columns = `[[c.id]], [[c.number]], [[c.version]], [[c.subject]], [[c.contact]], [[c.feedback]], [[c.category]], [[c.priority]], [[c.status]],
	[[c.assignee]], [[c.team]], COALESCE([[c.tags]], '') AS [[tags]], [[c.locale]], [[c.created]], [[c.updated]], [[c.due_at]], [[c.resolution_due]], [[c.waiting_since]],
	[[c.last_in_at]], [[c.first_responded_at]], [[c.follow_up_at]], [[c.follow_up_note]],
	[[c.follow_up_for]], [[c.promised_at]], [[c.resolved_at]]`

// Cases is one page of a queue.
func Cases(app core.App, agent *desk.Agent, q Query) (Page[Row], error) {
	page := Page[Row]{Items: []Row{}}
	list, err := queueOf(app, q.Queue, agent)
	if err != nil {
		return page, err
	}
	if q.Limit < 1 || q.Limit > 100 {
		q.Limit = 40
	}
	w, err := q.walk(app, agent, list)
	if err != nil {
		return page, err
	}
	from, err := w.placeOf(q.Cursor)
	if err != nil {
		return page, err
	}
	ctx, cancel := list.patience()
	defer cancel()
	if page.Items, err = w.read(ctx, app, from, q.Limit+1); err != nil {
		return page, impatient(ctx, err)
	}
	if len(page.Items) > q.Limit {
		page.Items = page.Items[:q.Limit]
		page.Next = w.placeAt(page.Items[q.Limit-1]).String()
	}
	if err := decorate(app, page.Items); err != nil {
		return page, err
	}
	if err := addUnread(app, agent, page.Items); err != nil {
		return page, err
	}
	return page, nil
}

// walk is how the query goes through a queue.
func (q Query) walk(app core.App, agent *desk.Agent, list queue) (walk, error) {
	w := walk{queue: list}
	var err error
	if w.parts, err = list.parts(q.Sort); err != nil {
		return w, err
	}
	if team := ofTeam(agent); team != nil {
		w.narrow = append(w.narrow, team)
	}
	if q.Unread {
		w.narrow = append(w.narrow, readerOf(app, agent).among())
	}
	w.narrow = append(w.narrow, q.filters()...)
	if q.Found != nil {
		w.narrow, w.free = append(w.narrow, among(q.Found)), true
	}
	// those two have indexes of their own
	w.free = w.free || (w.parts[0].index == "created" && q.Category+q.Status != "")
	// most of what is done is read: better to begin with what is not
	w.free = w.free || (q.Unread && (w.parts[0].index == "created" || w.parts[0].index == "done"))
	return w, nil
}

func (q Query) filters() []dbx.Expression {
	var out []dbx.Expression
	for column, value := range map[string]string{
		"category": q.Category, "priority": q.Priority, "locale": q.Locale, "status": q.Status, "assignee": q.Assignee,
	} {
		if column == "assignee" && value == "none" {
			out = append(out, dbx.NewExp("[[c.assignee]] = ''"))
		} else if value != "" {
			out = append(out, dbx.HashExp{"c." + column: value})
		}
	}
	return out
}
