package inbox

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	// countCap is where counting ends: a screen shows 999+ and the database reads
	// no further.
	countCap = 999
	// openCap bounds how many open cases are looked at for the counts by person.
	openCap = 50_000
	// scanCap bounds how many rows are looked at for those of one team.
	scanCap = 5_000
	// viewCountTime is how long one view may be counted, viewsCountTime all of them.
	viewCountTime  = 200 * time.Millisecond
	viewsCountTime = 600 * time.Millisecond
	// viewRest is how long a view's count stands while cases change, slowRest how
	// long one is left alone that took too long.
	viewRest = 2 * time.Second
	slowRest = 5 * time.Minute
	// tallyRest is how long a tally stands while no case changes: dates come.
	tallyRest = 20 * time.Second
)

// Count is a number of rows, up to 999; More says that there are others.
type Count struct {
	Count int  `json:"count"`
	More  bool `json:"more"`
}

// Tally is how many cases wait where, as one agent sees it.
type Tally struct {
	Queues map[string]Count
	People []PersonCount
	Views  []ViewCount
	Again  time.Duration // when to ask again, since a view was not counted anew; 0 is never
}

// PersonCount is how many open cases somebody has.
type PersonCount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Count
}

// ViewCount is a saved view with the number of its cases; nil when it takes too
// long to count them.
type ViewCount struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Shared bool   `json:"shared"`
	Own    bool   `json:"own"`
	Scope  string `json:"scope"`
	Sort   string `json:"sort"`
	Count  *int   `json:"count"`
	More   bool   `json:"more"`
}

// MarshalJSON writes the queues by name, and beside them people, views and again
// in milliseconds.
func (t Tally) MarshalJSON() ([]byte, error) {
	out := map[string]any{"people": t.People, "views": t.Views, "again": t.Again.Milliseconds()}
	for name, n := range t.Queues {
		out[name] = n
	}
	return json.Marshal(out)
}

// Counter counts, and keeps what it counted until a case changes: a morning on
// which ten screens ask at every change costs little more than one that asks.
type Counter struct {
	app     core.App
	changes atomic.Int64

	mu      sync.Mutex
	tallies map[string]kept[Tally]
	views   map[string]kept[*Count]
}

// kept is what was counted, when, and after how many changes.
type kept[T any] struct {
	value   T
	at      time.Time
	changes int64
}

// keptMost bounds what is kept.
const keptMost = 500

// NewCounter is a counter of an app's cases.
func NewCounter(app core.App) *Counter {
	return &Counter{app: app, tallies: map[string]kept[Tally]{}, views: map[string]kept[*Count]{}}
}

// Changed says that a case, a view, a person, a held message or a delivery changed.
func (c *Counter) Changed() { c.changes.Add(1) }

// Of is the tally of an agent.
func (c *Counter) Of(agent *desk.Agent) (Tally, error) {
	changes, now := c.changes.Load(), desk.Now(c.app)
	key := agent.Id + " " + agent.Role() + " " + agent.Team()
	c.mu.Lock()
	old, ok := c.tallies[key]
	c.mu.Unlock()
	if ok && old.changes == changes && old.value.Again == 0 && now.Sub(old.at).Abs() < tallyRest {
		return old.value, nil
	}
	t, err := c.tally(agent)
	if err != nil {
		return t, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.tallies) >= keptMost {
		clear(c.tallies)
	}
	c.tallies[key] = kept[Tally]{t, now, changes}
	return t, nil
}

func (c *Counter) tally(agent *desk.Agent) (Tally, error) {
	t := Tally{Queues: map[string]Count{}}
	if err := countOpen(c.app, agent, &t); err != nil {
		return t, err
	}
	for _, name := range []string{"waiting", "follow_up", "done"} {
		q, err := queueOf(c.app, name, agent)
		if err != nil {
			return t, err
		}
		if t.Queues[name], err = countOf(c.app, agent, q.where, nil); err != nil {
			return t, err
		}
	}
	due, err := countOf(c.app, agent, "[[c.follow_up_at]] != '' AND [[c.follow_up_at]] <= {:now}", dbx.Params{"now": desk.Date(desk.Now(c.app)).String()})
	if err != nil {
		return t, err
	}
	t.Queues["due_now"] = due
	if t.Queues["quarantine"], err = countRows(c.app, desk.Verdicts, "[[outcome]] = 'quarantined' AND [[decided_at]] = ''", dbx.Params{}); err != nil {
		return t, err
	}
	trouble, params := inTrouble(c.app, agent)
	if t.Queues["outbox"], err = countRows(c.app, desk.Outbox, trouble, params); err != nil {
		return t, err
	}
	return t, c.countViews(agent, &t)
}

// countOpen counts the open cases by person, from one walk through an index that
// holds all that it needs.
func countOpen(app core.App, agent *desk.Agent, t *Tally) error {
	inner := app.DB().Select("[[c.assignee]]", "[[c.team]]").Where(dbx.NewExp(open)).Limit(openCap + 1)
	inner.From("{{" + desk.Name(app, desk.Cases) + "}} c INDEXED BY [[idx_" + desk.Cases + "_open_new]]")
	where, params := "1 = 1", dbx.Params{}
	if !agent.SeesAll() {
		where, params = sameTeam, dbx.Params{"team": agent.Team()}
	}
	var rows []struct {
		Assignee string `db:"assignee"`
		N        int    `db:"n"`
		All      int    `db:"all"`
	}
	run := func() error {
		return app.DB().NewQuery("SELECT [[c.assignee]] AS [[assignee]], SUM(" + where + ") AS [[n]], COUNT(*) AS [[all]] FROM (" + inner.Build().SQL() + ") c GROUP BY [[c.assignee]]").
			Bind(params).All(&rows)
	}
	err := run()
	if err != nil && noIndex(err) {
		inner.From("{{" + desk.Name(app, desk.Cases) + "}} c")
		err = run()
	}
	if err != nil {
		return err
	}
	by, total, looked := map[string]int{}, 0, 0
	for _, r := range rows {
		by[r.Assignee] = r.N
		total, looked = total+r.N, looked+r.All
	}
	capped := func(n int) Count { return Count{min(n, countCap), n > countCap || looked > openCap} }
	t.Queues["mine"], t.Queues["unassigned"], t.Queues["open"] = capped(by[agent.Id]), capped(by[""]), capped(total)
	return addStaff(app, agent, t, func(id string) Count { return capped(by[id]) })
}

// addStaff names the people who have cases. Who leads sees those who have none too.
func addStaff(app core.App, agent *desk.Agent, t *Tally, count func(id string) Count) error {
	var people []struct {
		ID   string `db:"id"`
		Name string `db:"name"`
		Role string `db:"role"`
	}
	if err := app.DB().Select("id", "name", "role").From(desk.Name(app, desk.Agents)).All(&people); err != nil {
		return err
	}
	t.People = []PersonCount{}
	for _, p := range people {
		n := count(p.ID)
		works := p.Role != desk.RoleIntegration && p.Role != ""
		if n.Count > 0 || (works && agent.SeesAll()) {
			t.People = append(t.People, PersonCount{p.ID, p.Name, n})
		}
	}
	slices.SortFunc(t.People, func(a, b PersonCount) int {
		return cmp.Or(cmp.Compare(b.Count.Count, a.Count.Count), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return nil
}

// countOf counts the cases that an agent may see. For those of one team it looks
// at some thousands of rows and no further.
func countOf(app core.App, agent *desk.Agent, where string, params dbx.Params) (Count, error) {
	all := dbx.Params{}
	for k, v := range params {
		all[k] = v
	}
	if agent.SeesAll() {
		return countUpTo(app, "SELECT 1 FROM {{"+desk.Name(app, desk.Cases)+"}} c WHERE "+where, all)
	}
	all["team"], all["scan"] = agent.Team(), scanCap
	return countUpTo(app, "SELECT 1 FROM (SELECT [[c.team]] FROM {{"+desk.Name(app, desk.Cases)+"}} c WHERE "+where+" LIMIT {:scan}) c WHERE "+sameTeam, all)
}

func countRows(app core.App, collection, where string, params dbx.Params) (Count, error) {
	return countUpTo(app, "SELECT 1 FROM {{"+desk.Name(app, collection)+"}} WHERE "+where, params)
}

func countUpTo(app core.App, query string, params dbx.Params) (Count, error) {
	params["cap"] = countCap + 1
	var n int
	err := app.DB().NewQuery("SELECT COUNT(*) FROM (" + query + " LIMIT {:cap})").Bind(params).Row(&n)
	return Count{Count: min(n, countCap), More: n > countCap}, err
}

// countViews counts what the agent's views find, each within its time.
func (c *Counter) countViews(agent *desk.Agent, t *Tally) error {
	list, err := Views(c.app, agent)
	if err != nil {
		return err
	}
	t.Views = make([]ViewCount, 0, len(list))
	ctx, cancel := context.WithTimeout(context.Background(), viewsCountTime)
	defer cancel()
	for _, v := range list {
		one := ViewCount{ID: v.ID, Name: v.Name, Shared: v.Shared, Own: v.Owner == agent.Id, Scope: v.Scope, Sort: v.Sort}
		n, again := c.countView(ctx, agent, v)
		if n != nil {
			one.Count, one.More = &n.Count, n.More
		}
		if again && t.Again == 0 {
			t.Again = viewRest
		}
		t.Views = append(t.Views, one)
	}
	return nil
}

// countView counts a view, or gives what it counted a moment ago; again says
// that this may be out of date.
func (c *Counter) countView(ctx context.Context, agent *desk.Agent, v *View) (n *Count, again bool) {
	seen := "all"
	if !agent.SeesAll() {
		seen = agent.Team()
	}
	key := v.ID + " " + v.Updated + " " + seen
	changes, now := c.changes.Load(), time.Now()
	c.mu.Lock()
	old, ok := c.views[key]
	c.mu.Unlock()
	if age := now.Sub(old.at); ok && (old.changes == changes && age < tallyRest || old.value == nil && age < slowRest) {
		return old.value, false
	} else if ok && age < viewRest {
		return old.value, true
	}
	if ctx.Err() != nil { // the others took all the time there was
		return old.value, true
	}
	n, err := c.countNow(ctx, agent, v)
	if err != nil && ctx.Err() != nil {
		return old.value, true
	}
	if err != nil {
		n = nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.views) >= keptMost {
		clear(c.views)
	}
	c.views[key] = kept[*Count]{n, now, changes}
	return n, false
}

func (c *Counter) countNow(ctx context.Context, agent *desk.Agent, v *View) (*Count, error) {
	q, err := v.queue(c.app, agent)
	if err != nil {
		return nil, err // its filter names a field that is gone
	}
	ctx, cancel := context.WithTimeout(ctx, viewCountTime)
	defer cancel()
	n, err := countQueue(ctx, c.app, agent, q)
	return &n, err
}
