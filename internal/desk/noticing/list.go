package noticing

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// List is a page of the agent's notices, without those of cases that he may not
// see any more. Those that are alike are one line: the latest of them stands for
// all, and [OfLine] has them one by one.
func List(app core.App, agent *desk.Agent, cursor string) (Page, error) {
	page, err := pageOf(app, items(app, agent).AndWhere(latestOfLine(app, agent)), cursor)
	if err != nil {
		return page, err
	}
	if err := countLines(app, agent, page.Items); err != nil {
		return page, err
	}
	page.Unseen, err = unseen(app, agent)
	return page, err
}

// OfLine is a page of the notices of one line, latest first.
func OfLine(app core.App, agent *desk.Agent, line, cursor string) (Page, error) {
	page, err := pageOf(app, items(app, agent).AndWhere(dbx.NewExp("[[n.line]] = {:line} AND [[n.line]] != ''", dbx.Params{"line": line})), cursor)
	if err != nil {
		return page, err
	}
	page.Unseen, err = unseen(app, agent)
	return page, err
}

// items are the agent's notices with what a line of the bell says of them.
func items(app core.App, agent *desk.Agent) *dbx.SelectQuery {
	return own(app, agent).Select("n.id", "n.kind", "n.case", "COALESCE([[c.number]], 0) AS number", "COALESCE([[c.subject]], '') AS subject",
		"n.message", "n.actor", "COALESCE([[a.name]], '') AS name", "COALESCE([[n.data]], '') AS data", "n.seen_at", "n.created", "n.count", "n.line").
		LeftJoin(desk.Name(app, desk.Agents)+" a", dbx.NewExp("[[a.id]] = [[n.actor]]"))
}

// pageOf reads the part of a list that begins after a cursor.
func pageOf(app core.App, q *dbx.SelectQuery, cursor string) (Page, error) {
	page := Page{Items: []Item{}}
	q.OrderBy("n.created DESC", "n.id DESC").Limit(pageSize + 1)
	if cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		created, id, ok := strings.Cut(string(raw), "|")
		if err != nil || !ok {
			return page, ErrQuery
		}
		q.AndWhere(dbx.NewExp("[[n.created]] <= {:created} AND ([[n.created]], [[n.id]]) < ({:created}, {:id})", dbx.Params{"created": created, "id": id}))
	}
	if err := q.All(&page.Items); err != nil {
		return page, fmt.Errorf("notices: %w", err)
	}
	if len(page.Items) > pageSize {
		page.Items = page.Items[:pageSize]
		last := page.Items[pageSize-1]
		page.Next = base64.RawURLEncoding.EncodeToString([]byte(last.Created + "|" + last.ID))
	}
	for i := range page.Items {
		page.Items[i].Data, page.Items[i].Of = json.RawMessage("null"), 1
		if raw := page.Items[i].Raw; json.Valid([]byte(raw)) {
			page.Items[i].Data = json.RawMessage(raw)
		}
	}
	return page, nil
}

// latestOfLine is true of a notice after which none of its line came that the
// agent may see.
func latestOfLine(app core.App, agent *desk.Agent) dbx.Expression {
	sees, params := "", dbx.Params{}
	if !agent.SeesAll() {
		sees = " AND ([[m.case]] = '' OR EXISTS (SELECT 1 FROM {{" + desk.Name(app, desk.Cases) + "}} d WHERE [[d.id]] = [[m.case]] AND [[d.team]] IN ('', {:myteam})))"
		params["myteam"] = agent.Team()
	}
	return dbx.NewExp("([[n.line]] = '' OR NOT EXISTS (SELECT 1 FROM {{"+desk.Name(app, desk.Notices)+"}} m WHERE [[m.agent]] = [[n.agent]] AND [[m.line]] = [[n.line]] AND [[m.line]] != ''"+
		" AND ([[m.created]], [[m.id]]) > ([[n.created]], [[n.id]])"+sees+"))", params)
}

// countLines tells of lines how many notices they are, and whether one of them was
// not looked at.
func countLines(app core.App, agent *desk.Agent, page []Item) error {
	var lines []any
	for _, i := range page {
		if i.Line != "" {
			lines = append(lines, i.Line)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	var rows []struct {
		Line string `db:"line"`
		Of   int    `db:"of_all"`
		New  int    `db:"new_of"`
	}
	err := own(app, agent).Select("n.line", "COUNT(*) AS of_all", "SUM([[n.seen_at]] = '') AS new_of").
		AndWhere(dbx.In("n.line", lines...)).AndWhere(dbx.NewExp("[[n.line]] != ''")).GroupBy("n.line").All(&rows)
	if err != nil {
		return fmt.Errorf("lines of notices: %w", err)
	}
	for i := range page {
		for _, r := range rows {
			if page[i].Line != r.Line || r.Line == "" {
				continue
			}
			page[i].Of = r.Of
			if r.New > 0 {
				page[i].Seen = ""
			}
		}
	}
	return nil
}

// unseen counts lines in which something is new, up to 99.
func unseen(app core.App, agent *desk.Agent) (int, error) {
	var lines []string
	err := own(app, agent).Select("CASE WHEN [[n.line]] = '' THEN [[n.id]] ELSE [[n.line]] END AS line").Distinct(true).
		AndWhere(dbx.NewExp("[[n.seen_at]] = ''")).Limit(mostCount).Column(&lines)
	return len(lines), err
}

// linesOf are the lines of notices of the agent's.
func linesOf(app core.App, agent *desk.Agent, ids []string) ([]string, error) {
	var lines []string
	err := app.DB().Select("line").Distinct(true).From(desk.Name(app, desk.Notices)).
		Where(dbx.HashExp{"agent": agent.Id}).AndWhere(dbx.In("id", list(ids)...)).AndWhere(dbx.NewExp("[[line]] != ''")).Column(&lines)
	return lines, err
}
