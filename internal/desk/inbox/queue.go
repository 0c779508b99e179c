// Package inbox answers what the Desk's screens ask: queues with their counts,
// pages of cases, one case with all that belongs to it.
//
//	tally, err := counter.Of(agent)
//	page, err := inbox.Cases(app, agent, inbox.Query{Queue: "mine"})
package inbox

import (
	"errors"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Orders in which a queue can be read. A queue that lacks one is read in its own.
const (
	ByDue     = "due"     // what is due first, then what is not due, oldest first
	ByNewest  = "newest"  // latest arrival first
	ByOldest  = "oldest"  // earliest arrival first
	ByWaiting = "waiting" // whose visitor waits longest first, then those where nobody waits
)

// ErrQuery says that a query asks for something that there is not.
var ErrQuery = errors.New("there is no such list")

// queue is one set of cases and the ways to read it. Its where stands letter by
// letter as in the partial index that serves it.
type queue struct {
	where  string
	params dbx.Params
	view   *View // whose filter narrows it
	own    string
	orders map[string][]part
}

// part is a range of an index. An order is one or two of them, read one after
// the other: an empty date sorts before all others, and what has none comes last.
// The index is named in the query: by its statistics SQLite sometimes prefers
// one that makes it sort a million rows.
type part struct {
	where string // besides the queue's
	by    string // the column of the order; the id decides among equals
	desc  bool
	index string
}

const (
	open    = "([[c.status]] = 'new' OR [[c.status]] = 'open')"
	waiting = "([[c.status]] = 'pending' OR [[c.status]] = 'on_hold')"
	done    = "([[c.status]] = 'resolved' OR [[c.status]] = 'closed')"
)

// openOrders read open cases. due is the index that has them by date, perhaps
// within a person; the others hold the person, so that others' rows are passed
// over without a look at the table.
func openOrders(due string) map[string][]part {
	return map[string][]part{
		ByDue:    {{"[[c.due_at]] > ''", "due_at", false, due}, {"[[c.due_at]] = ''", "created", false, "open_new"}},
		ByNewest: {{"", "created", true, "open_new"}},
		ByOldest: {{"", "created", false, "open_new"}},
		ByWaiting: {
			{"[[c.waiting_since]] > ''", "waiting_since", false, "open_wait"},
			{"[[c.waiting_since]] = ''", "created", false, "open_new"},
		},
	}
}

// both reads an index from either end.
func both(by, index string) map[string][]part {
	return map[string][]part{ByNewest: {{"", by, true, index}}, ByOldest: {{"", by, false, index}}}
}

// queueOf finds a queue by its name; "person:ID" are the open cases of somebody,
// "view:ID" what a saved view finds.
func queueOf(app core.App, name string, agent *desk.Agent) (queue, error) {
	kind, id, _ := strings.Cut(name, ":")
	switch kind {
	case "open":
		return queue{where: open, own: ByDue, orders: openOrders("open")}, nil
	case "mine":
		return ofPerson(agent.Id), nil
	case "person":
		if id == "" {
			return queue{}, ErrQuery
		}
		return ofPerson(id), nil
	case "unassigned":
		return queue{where: open + " AND [[c.assignee]] = ''", own: ByDue, orders: openOrders("open_by")}, nil
	case "waiting":
		return queue{where: waiting, own: ByOldest, orders: both("updated", "waiting")}, nil
	case "follow_up":
		return queue{where: "[[c.follow_up_at]] != ''", own: ByDue, orders: map[string][]part{ByDue: {{"", "follow_up_at", false, "follow_up"}}}}, nil
	case "done":
		return queue{where: done, own: ByNewest, orders: both("resolved_at", "done")}, nil
	case "", "all":
		return queue{where: "1 = 1", own: ByNewest, orders: both("created", "created")}, nil
	case "view":
		view, err := FindView(app, id, agent)
		if err != nil {
			return queue{}, err
		}
		return view.queue(app, agent)
	}
	return queue{}, ErrQuery
}

func ofPerson(id string) queue {
	return queue{
		where: open + " AND [[c.assignee]] = {:person}", params: dbx.Params{"person": id},
		own: ByDue, orders: openOrders("open_by"),
	}
}

// parts are the ranges of an order; of the queue's own where it lacks that one.
func (q queue) parts(order string) ([]part, error) {
	switch order {
	case "", ByDue, ByNewest, ByOldest, ByWaiting:
		if parts := q.orders[order]; parts != nil {
			return parts, nil
		}
		return q.orders[q.own], nil
	}
	return nil, ErrQuery
}

const sameTeam = "[[c.team]] IN ('', {:team})"

// ofTeam narrows a query on cases c to what the agent may see; nil for those who see all.
func ofTeam(agent *desk.Agent) dbx.Expression {
	if agent.SeesAll() {
		return nil
	}
	return dbx.NewExp(sameTeam, dbx.Params{"team": agent.Team()})
}
