// Package inbox answers what the Desk's screens ask: queues with their counts,
// pages of cases, one case with all that belongs to it.
//
//	counts, err := inbox.Counts(app, agent)
//	page, err := inbox.Cases(app, agent, inbox.Query{Queue: "mine"})
package inbox

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// countCap is where counting ends: a screen shows 999+ and the database reads
// no further.
const countCap = 999

// Count is a number of rows, up to 999; More says that there are others.
type Count struct {
	Count int  `json:"count"`
	More  bool `json:"more"`
}

// queue is one list of cases. Its where stands letter by letter as in the
// partial index that serves it, and order is that index's. The index is named
// in the query: by its statistics SQLite sometimes prefers one that makes it
// sort a million rows.
type queue struct {
	where string
	order []string // columns; the last one is id
	desc  bool
	index string
}

const open = "([[c.status]] = 'new' OR [[c.status]] = 'open')"

func queueOf(name string, agent *desk.Agent) (queue, dbx.Params, bool) {
	switch name {
	case "open":
		return queue{open, []string{"due_at", "id"}, false, "open"}, nil, true
	case "mine":
		return queue{open + " AND [[c.assignee]] = {:me}", []string{"due_at", "id"}, false, "open_by"}, dbx.Params{"me": agent.Id}, true
	case "unassigned":
		return queue{open + " AND [[c.assignee]] = ''", []string{"due_at", "id"}, false, "open_by"}, nil, true
	case "waiting":
		return queue{"([[c.status]] = 'pending' OR [[c.status]] = 'on_hold')", []string{"updated", "id"}, false, "waiting"}, nil, true
	case "follow_up":
		return queue{"[[c.follow_up_at]] != ''", []string{"follow_up_at", "id"}, false, "follow_up"}, nil, true
	case "done":
		return queue{"([[c.status]] = 'resolved' OR [[c.status]] = 'closed')", []string{"resolved_at", "id"}, true, "done"}, nil, true
	case "", "all":
		return queue{"1 = 1", []string{"created", "id"}, true, "created"}, nil, true
	}
	return queue{}, nil, false
}

// Counts are the queues' sizes as this agent sees them.
func Counts(app core.App, agent *desk.Agent) (map[string]Count, error) {
	out := map[string]Count{}
	for _, name := range []string{"mine", "unassigned", "open", "waiting", "follow_up", "done"} {
		q, params, _ := queueOf(name, agent)
		n, err := countCases(app, agent, q.where, params)
		if err != nil {
			return nil, err
		}
		out[name] = n
	}
	due, err := countCases(app, agent, "[[c.follow_up_at]] != '' AND [[c.follow_up_at]] <= {:now}", dbx.Params{"now": desk.Date(desk.Now(app)).String()})
	if err != nil {
		return nil, err
	}
	out["due_now"] = due
	if out["quarantine"], err = countRows(app, desk.Verdicts, "[[outcome]] = 'quarantined' AND [[decided_at]] = ''"); err != nil {
		return nil, err
	}
	out["outbox"], err = countRows(app, desk.Outbox, "([[status]] = 'failed' OR [[status]] = 'unknown' OR [[status]] = 'held')")
	return out, err
}

func countCases(app core.App, agent *desk.Agent, where string, params dbx.Params) (Count, error) {
	all := dbx.Params{"team": agent.Team()}
	for k, v := range params {
		all[k] = v
	}
	if !agent.SeesAll() {
		where += " AND " + sameTeam
	}
	return count(app, desk.Cases, where, all)
}

func countRows(app core.App, collection, where string) (Count, error) {
	return count(app, collection, where, dbx.Params{})
}

func count(app core.App, collection, where string, params dbx.Params) (Count, error) {
	params["cap"] = countCap + 1
	var n int
	err := app.DB().NewQuery("SELECT COUNT(*) FROM (SELECT 1 FROM {{" + desk.Name(app, collection) + "}} c WHERE " + where + " LIMIT {:cap})").
		Bind(params).Row(&n)
	return Count{Count: min(n, countCap), More: n > countCap}, err
}

const sameTeam = "[[c.team]] IN ('', {:team})"

// ofTeam narrows a query on cases c to what the agent may see; nil for those who see all.
func ofTeam(agent *desk.Agent) dbx.Expression {
	if agent.SeesAll() {
		return nil
	}
	return dbx.NewExp(sameTeam, dbx.Params{"team": agent.Team()})
}
