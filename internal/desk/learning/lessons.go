package learning

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ErrCursor says that a page was asked for that there is not.
var ErrCursor = errors.New("there is no such page")

// excerpt is how many characters of a message a list of lessons shows.
const excerpt = 160

// Lesson is one line of the list of what staff taught.
type Lesson struct {
	ID        string         `db:"id" json:"id"`
	Feedback  string         `db:"feedback" json:"feedback"` // "" once the message was removed
	Spam      bool           `db:"spam" json:"spam"`
	How       string         `db:"how" json:"how"`
	Agent     string         `db:"agent" json:"agent"`
	AgentName string         `db:"agent_name" json:"agent_name"`
	Created   types.DateTime `db:"created" json:"created"`
	Used      bool           `db:"used" json:"used"` // the model in use has learned it
	Excerpt   string         `db:"-" json:"excerpt"`

	Subject string `db:"subject" json:"-"`
	Message string `db:"message" json:"-"`
}

// Page is one page of a list; Next is the cursor of the one after it, "" at the end.
type Page struct {
	Items []Lesson `json:"items"`
	Next  string   `json:"next"`
}

// Lessons is one page of what staff taught, latest first, 1 to 100 a page and
// 40 by default. An agent sees no lesson from a case of another team.
func Lessons(app core.App, agent *desk.Agent, cursor string, limit int) (Page, error) {
	page := Page{Items: []Lesson{}}
	if limit < 1 || limit > 100 {
		limit = 40
	}
	q := app.DB().Select("l.id", "l.feedback", "l.spam", "l.how", "l.agent", "l.created", "l.used",
		"COALESCE([[a.name]], '') AS agent_name", "COALESCE([[f.subject]], '') AS subject", "SUBSTR(COALESCE([[f.message]], ''), 1, 1000) AS message").
		From(desk.Name(app, desk.Corrections)+" l").
		LeftJoin(desk.Name(app, desk.Agents)+" a", dbx.NewExp("[[a.id]] = [[l.agent]]")).
		LeftJoin(desk.Name(app, desk.Feedbacks)+" f", dbx.NewExp("[[f.id]] = [[l.feedback]]"))
	if !agent.SeesAll() {
		q.AndWhere(dbx.NewExp("[[l.feedback]] = '' OR NOT EXISTS (SELECT 1 FROM {{"+desk.Name(app, desk.Cases)+
			"}} c WHERE [[c.feedback]] = [[l.feedback]] AND [[c.team]] NOT IN ('', {:team}))", dbx.Params{"team": agent.Team()}))
	}
	if cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		var at [2]string
		if err != nil || json.Unmarshal(raw, &at) != nil {
			return page, ErrCursor
		}
		q.AndWhere(dbx.NewExp("([[l.created]], [[l.id]]) < ({:at}, {:id})", dbx.Params{"at": at[0], "id": at[1]}))
	}
	if err := q.OrderBy("l.created DESC", "l.id DESC").Limit(int64(limit + 1)).All(&page.Items); err != nil {
		return page, fmt.Errorf("lessons: %w", err)
	}
	if len(page.Items) > limit {
		page.Items = page.Items[:limit]
		last := page.Items[limit-1]
		raw, _ := json.Marshal([2]string{last.Created.String(), last.ID})
		page.Next = base64.RawURLEncoding.EncodeToString(raw)
	}
	for i, l := range page.Items {
		page.Items[i].Excerpt = desk.Clip(desk.OneLine(l.Subject+" "+l.Message), excerpt)
	}
	return page, nil
}
