// Package noticing tells people: the bell's list of what happened on their cases,
// what of it they hear of outside the Desk, and the mail a day of what is due, for
// those who want one.
//
//	page, err := noticing.List(app, agent, "")
//	n, err := station.Tell()  // every minute: what nobody looked at goes out, all of a person's as one
//	n, err = station.Daily()  // every minute; each mail leaves once a day
package noticing

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Item is a notice in the bell's list.
type Item struct {
	ID      string          `db:"id" json:"id"`
	Kind    string          `db:"kind" json:"kind"`
	Case    string          `db:"case" json:"case"`
	Number  int             `db:"number" json:"number"`
	Subject string          `db:"subject" json:"subject"`
	Message string          `db:"message" json:"message"`
	Actor   string          `db:"actor" json:"actor"`
	Name    string          `db:"name" json:"actor_name"`
	Raw     string          `db:"data" json:"-"`
	Data    json.RawMessage `db:"-" json:"data"`
	Seen    string          `db:"seen_at" json:"seen_at"`
	Created string          `db:"created" json:"created"`
	Count   int             `db:"count" json:"count"` // equal ones that it stands for; 0 and 1 are one
	Line    string          `db:"line" json:"line"`   // of which line it is the latest; "" is its own
	Of      int             `db:"-" json:"of"`        // how many notices are one line with it, itself among them
}

// Page is a part of the list, latest first. Unseen counts the lines in which
// something is that the person has not looked at, up to 99.
type Page struct {
	Items  []Item `json:"items"`
	Next   string `json:"next"`
	Unseen int    `json:"unseen"`
}

// ErrQuery says that a cursor is none.
var ErrQuery = errors.New("there is no such page")

const (
	pageSize  = 30
	mostCount = 99
	// keepFor is how long notices stay.
	keepFor = 90 * 24 * time.Hour
	// keepMail is how long a daily mail that was sent stays in the outbox: it names
	// cases by their subjects.
	keepMail = 7 * 24 * time.Hour
	batch    = 200
)

// own are the agent's notices n on the cases c that he may see.
func own(app core.App, agent *desk.Agent) *dbx.SelectQuery {
	q := app.DB().Select().From(desk.Name(app, desk.Notices)+" n").
		LeftJoin(desk.Name(app, desk.Cases)+" c", dbx.NewExp("[[c.id]] = [[n.case]]")).
		Where(dbx.HashExp{"n.agent": agent.Id})
	if !agent.SeesAll() {
		q.AndWhere(dbx.NewExp("([[n.case]] = '' OR [[c.team]] IN ('', {:team}))", dbx.Params{"team": agent.Team()}))
	}
	return q
}

// Which notices were seen: those named, with all that are one line with them, those
// of a case, or all where neither is set.
type Which struct {
	IDs  []string
	Case string
}

// Seen notes that the agent looked at notices of his. Others' are left alone.
func Seen(app core.App, commit *desk.Committer, agent *desk.Agent, w Which) error {
	for {
		var ids []string
		q := app.DB().Select("id").From(desk.Name(app, desk.Notices)).
			Where(dbx.HashExp{"agent": agent.Id, "seen_at": ""}).Limit(batch)
		if len(w.IDs) > 0 {
			lines, err := linesOf(app, agent, w.IDs)
			if err != nil {
				return err
			}
			q.AndWhere(dbx.Or(dbx.In("id", list(w.IDs)...), dbx.In("line", list(lines)...)))
		}
		if w.Case != "" {
			q.AndWhere(dbx.HashExp{"case": w.Case})
		}
		if err := q.Column(&ids); err != nil || len(ids) == 0 {
			return err
		}
		err := commit.Do(func(tx core.App) error {
			for _, id := range ids {
				r, err := tx.FindRecordById(desk.Notices, id)
				if err != nil {
					continue // removed meanwhile
				}
				r.Set("seen_at", desk.Date(desk.Now(tx)))
				r.Set("mail_at", "")
				if err := desk.Save(tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(ids) < batch {
			return err
		}
	}
}

func list(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// Forget removes notices after 90 days, and mails of the system that name cases a
// week after they left.
func Forget(app core.App) error {
	now := desk.Now(app)
	_, err := app.NonconcurrentDB().Delete(desk.Name(app, desk.Notices),
		dbx.NewExp("[[created]] < {:before}", dbx.Params{"before": desk.Date(now.Add(-keepFor)).String()})).Execute()
	_, mailErr := app.NonconcurrentDB().Delete(desk.Name(app, desk.Outbox),
		dbx.NewExp("([[dedupe_key]] >= 'daily:' AND [[dedupe_key]] < 'daily;' OR [[dedupe_key]] >= 'told:' AND [[dedupe_key]] < 'told;' OR [[dedupe_key]] >= 'escalated:' AND [[dedupe_key]] < 'escalated;') AND [[status]] NOT IN ('queued', 'sending') AND [[created]] < {:before}",
			dbx.Params{"before": desk.Date(now.Add(-keepMail)).String()})).Execute()
	return errors.Join(err, mailErr)
}
