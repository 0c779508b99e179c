package problems

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Item is a problem in a list. Cases counts what reports it, of all teams.
type Item struct {
	ID      string `db:"id" json:"id"`
	Title   string `db:"title" json:"title"`
	State   string `db:"state" json:"state"`
	Note    string `db:"note" json:"note"`
	URL     string `db:"url" json:"url"`
	Owner   string `db:"owner" json:"owner"`
	Created string `db:"created" json:"created"`
	FixedAt string `db:"fixed_at" json:"fixed_at"`
	ToldAt  string `db:"told_at" json:"told_at"`
	Cases   int    `db:"cases" json:"cases"`
	Sent    int    `db:"sent" json:"sent"` // letters of the latest round
	Told    int    `db:"told" json:"told"` // cases whose visitor was told that it is fixed, now or an earlier time
}

// Page is a part of a list. Next asks for the part after it; "" at the end.
type Page struct {
	Items []Item `json:"items"`
	Next  string `json:"next"`
}

const perPage = 30

// List gives problems of a state, latest first; "" is all.
func List(app core.App, state, cursor string) (*Page, error) {
	cases := desk.Name(app, desk.Cases)
	q := app.DB().Select("id", "title", "state", "note", "url", "owner", "created", "fixed_at", "told_at", "CASE WHEN json_valid([[telling]]) THEN COALESCE(json_extract([[telling]], '$.sent'), 0) ELSE 0 END AS sent",
		"(SELECT COUNT(*) FROM {{"+cases+"}} c WHERE [[c.problem]] = [[p.id]] AND [[c.problem]] != '') AS cases",
		"(SELECT COUNT(*) FROM {{"+cases+"}} c WHERE [[c.problem_told]] = [[p.id]] AND [[c.problem_told]] != '') AS told").
		From(desk.Name(app, desk.Problems)+" p").OrderBy("created DESC", "id DESC").Limit(perPage + 1)
	if state != "" {
		q.Where(dbx.HashExp{"state": state})
	}
	if raw, err := base64.RawURLEncoding.DecodeString(cursor); err == nil && cursor != "" {
		created, id, _ := strings.Cut(string(raw), "|")
		q.AndWhere(dbx.NewExp("([[created]], [[id]]) < ({:created}, {:id})", dbx.Params{"created": created, "id": id}))
	}
	page := &Page{Items: []Item{}}
	if err := q.All(&page.Items); err != nil {
		return nil, fmt.Errorf("problems: %w", err)
	}
	if len(page.Items) > perPage {
		page.Items = page.Items[:perPage]
		last := page.Items[perPage-1]
		page.Next = base64.RawURLEncoding.EncodeToString([]byte(last.Created + "|" + last.ID))
	}
	return page, nil
}

// Detail is one problem with the cases that the agent may see, latest first.
type Detail struct {
	Item
	People  int        `json:"people"` // who report it
	Seen    []Reported `json:"seen"`   // at most 200
	Before  []Reported `json:"before"` // of a problem that came back: whose visitors were told that it was fixed; at most 200
	Skipped []Skipped  `json:"skipped"`
}

// One is a problem with its cases.
func One(app core.App, id string, agent *desk.Agent) (*Detail, error) {
	p, err := find(app, id)
	if err != nil {
		return nil, err
	}
	d := &Detail{Seen: []Reported{}, Before: []Reported{}, Skipped: []Skipped{}}
	d.Item = Item{ID: p.Id, Title: p.GetString("title"), State: p.GetString("state"), Note: p.GetString("note"), URL: p.GetString("url"), Owner: p.GetString("owner"),
		Created: p.GetString("created"), FixedAt: p.GetString("fixed_at"), ToldAt: p.GetString("told_at")}
	round := sentOf(p.GetString("telling"))
	d.Sent = round.Sent
	var count struct {
		Cases  int `db:"cases"`
		People int `db:"people"`
	}
	err = app.DB().Select("COUNT(*) AS cases", "COUNT(DISTINCT [[contact]]) AS people").From(desk.Name(app, desk.Cases)).Where(linked(id)).One(&count)
	if err != nil {
		return nil, fmt.Errorf("cases of a problem: %w", err)
	}
	d.Cases, d.People = count.Cases, count.People
	if err := reported(app, agent, linked(id)).All(&d.Seen); err != nil {
		return nil, fmt.Errorf("cases of a problem: %w", err)
	}
	toldOf := dbx.NewExp("[[problem_told]] = {:told} AND [[problem_told]] != ''", dbx.Params{"told": id})
	var told int64
	if told, err = app.CountRecords(desk.Cases, toldOf); err != nil {
		return nil, fmt.Errorf("who was told of a problem: %w", err)
	}
	if d.Told = int(told); d.Told > 0 && d.State != Fixed {
		if err := reported(app, agent, toldOf).All(&d.Before); err != nil {
			return nil, fmt.Errorf("who was told of a problem: %w", err)
		}
	}
	for _, skipped := range round.Skipped {
		if c, err := desk.FindCase(app, skipped.Case); err == nil && agent.Sees(c.Team()) {
			d.Skipped = append(d.Skipped, skipped)
		}
	}
	return d, nil
}

// reported are cases that the agent may see, latest first.
func reported(app core.App, agent *desk.Agent, which dbx.Expression) *dbx.SelectQuery {
	q := app.DB().Select("id", "number", "subject", "status", "created", "locale", "problem_told_at").From(desk.Name(app, desk.Cases)).
		Where(which).OrderBy("created DESC", "id DESC").Limit(200)
	if !agent.SeesAll() {
		q.AndWhere(dbx.HashExp{"team": []any{"", agent.Team()}})
	}
	return q
}
