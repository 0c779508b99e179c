package inbox

import (
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// HeldMessage is a submission that waits in quarantine or was blocked, with its
// reasons. Case is the one that it had become before staff marked it as spam; ""
// for all others.
type HeldMessage struct {
	*core.Record
	Feedback *core.Record
	Case     string
	ForCase  *HeldFor // the case that it answers; nil for all others
}

// HeldFor is a case to which a held mail belongs, if staff say so.
type HeldFor struct {
	ID      string `json:"id"`
	Number  int    `json:"number"`
	Subject string `json:"subject"`
}

// MarshalJSON puts the submission beside its verdict.
func (h HeldMessage) MarshalJSON() ([]byte, error) {
	m := h.Record.PublicExport()
	f := h.Feedback.PublicExport()
	f["files"] = filesOf(h.Feedback)
	m["feedback"] = f
	m["case"] = h.Case
	m["for_case"] = h.ForCase
	m["source"] = h.Feedback.GetString("source")
	return json.Marshal(m)
}

// HeldQuery asks for a page of messages that did not become a case at once.
type HeldQuery struct {
	Agent   *desk.Agent
	Blocked bool // what was turned away, so that nothing vanishes unseen; else what waits
	Cursor  string
	Limit   int // 1 to 100; else 40
}

// Quarantine is one page of what waits for a decision, or was blocked, latest
// first. An agent sees no message from a case of another team.
func Quarantine(app core.App, ask HeldQuery) (Page[HeldMessage], error) {
	page := Page[HeldMessage]{Items: []HeldMessage{}}
	if ask.Limit < 1 || ask.Limit > 100 {
		ask.Limit = 40
	}
	rows, next, err := keyset(ask.query(app), ask.Cursor, "created", ask.Limit)
	if err != nil {
		return page, err
	}
	page.Next = next
	cases := map[string]string{}
	if ask.Blocked {
		if cases, err = casesOf(app, rows); err != nil {
			return page, err
		}
	}
	for _, r := range rows {
		f, err := desk.FindFeedback(app, r.GetString("feedback"))
		if err != nil {
			return page, err
		}
		answers, err := heldFor(app, r, ask.Agent)
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, HeldMessage{r, f.Record, cases[f.Id], answers})
	}
	return page, nil
}

func (ask HeldQuery) query(app core.App) *dbx.SelectQuery {
	q := app.RecordQuery(desk.Verdicts)
	if !ask.Blocked { // no case was opened yet
		q.AndWhere(dbx.NewExp("[[outcome]] = 'quarantined' AND [[decided_at]] = ''"))
		if !ask.Agent.SeesAll() { // nor one of another team's answered
			q.AndWhere(dbx.NewExp("([[for_case]] = '' OR EXISTS (SELECT 1 FROM {{"+desk.Name(app, desk.Cases)+"}} c WHERE [[c.id]] = {{"+
				desk.Name(app, desk.Verdicts)+"}}.[[for_case]] AND [[c.team]] IN ('', {:own})))", dbx.Params{"own": ask.Agent.Team()}))
		}
		return q
	}
	q.AndWhere(dbx.NewExp("[[outcome]] = 'blocked'"))
	if !ask.Agent.SeesAll() {
		q.AndWhere(dbx.NewExp("NOT EXISTS (SELECT 1 FROM {{"+desk.Name(app, desk.Cases)+"}} c WHERE [[c.feedback]] = {{"+
			desk.Name(app, desk.Verdicts)+"}}.[[feedback]] AND [[c.team]] NOT IN ('', {:team}))", dbx.Params{"team": ask.Agent.Team()}))
	}
	return q
}

// heldFor finds the case that a held mail answers.
func heldFor(app core.App, verdict *core.Record, agent *desk.Agent) (*HeldFor, error) {
	id := verdict.GetString("for_case")
	if id == "" {
		return nil, nil
	}
	c, err := desk.FindCase(app, id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !agent.Sees(c.Team()) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &HeldFor{c.Id, c.Number(), c.Subject()}, nil
}

// casesOf finds the cases that the messages of verdicts became, by the message.
func casesOf(app core.App, verdicts []*core.Record) (map[string]string, error) {
	messages := make([]any, len(verdicts))
	for i, v := range verdicts {
		messages[i] = v.GetString("feedback")
	}
	var rows []struct {
		ID       string `db:"id"`
		Feedback string `db:"feedback"`
	}
	err := app.DB().Select("id", "feedback").From(desk.Name(app, desk.Cases)).Where(dbx.In("feedback", messages...)).All(&rows)
	cases := make(map[string]string, len(rows))
	for _, r := range rows {
		cases[r.Feedback] = r.ID
	}
	return cases, err
}

// keyset reads one page of records, latest first.
func keyset(q *dbx.SelectQuery, cursor, column string, limit int) ([]*core.Record, string, error) {
	if cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		var at [2]string
		if err != nil || json.Unmarshal(raw, &at) != nil {
			return nil, "", ErrQuery
		}
		q.AndWhere(dbx.NewExp("([["+column+"]], [[id]]) < ({:at}, {:id})", dbx.Params{"at": at[0], "id": at[1]}))
	}
	var rows []*core.Record
	if err := q.OrderBy(column+" DESC", "id DESC").Limit(int64(limit + 1)).All(&rows); err != nil {
		return nil, "", err
	}
	if len(rows) <= limit {
		return rows, "", nil
	}
	rows = rows[:limit]
	last := rows[limit-1]
	raw, _ := json.Marshal([2]string{last.GetDateTime(column).String(), last.Id})
	return rows, base64.RawURLEncoding.EncodeToString(raw), nil
}
