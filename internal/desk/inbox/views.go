package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// viewTime is how long a saved view may look for its rows.
const viewTime = 2 * time.Second

// ErrSlow says that a saved view looked for too long.
var ErrSlow = errors.New("this view takes too long to find its cases: narrow what it looks at, such as to open cases")

// View is a set of cases that somebody described: open, waiting, done or all
// cases, narrowed by a filter in PocketBase's language.
type View struct {
	ID      string `db:"id"`
	Name    string `db:"name"`
	Owner   string `db:"owner"`
	Shared  bool   `db:"shared"`
	Scope   string `db:"scope"`
	Filter  string `db:"filter"`
	Sort    string `db:"sort"`
	Updated string `db:"updated"`

	where dbx.Expression
	join  func(*dbx.SelectQuery)
}

// FindView finds a saved view that is the agent's own or shared; to others it is
// not there, and [ErrQuery] is the answer.
func FindView(app core.App, id string, agent *desk.Agent) (*View, error) {
	v := &View{}
	err := views(app, agent).AndWhere(dbx.HashExp{"v.id": id}).One(v)
	if err != nil {
		return nil, ErrQuery
	}
	return v, nil
}

// viewsShown bounds how many views one person sees.
const viewsShown = 50

// Views are the saved views that the agent sees: the own ones first.
func Views(app core.App, agent *desk.Agent) ([]*View, error) {
	var out []*View
	err := views(app, agent).OrderBy("shared", "position", "name", "id").Limit(viewsShown).All(&out)
	return out, err
}

func views(app core.App, agent *desk.Agent) *dbx.SelectQuery {
	return app.DB().Select("v.id", "v.name", "v.owner", "v.shared", "v.scope", "v.filter", "v.sort", "v.updated").
		From("{{" + desk.Name(app, desk.Views) + "}} v").
		Where(dbx.NewExp("([[v.owner]] = {:owner} OR [[v.shared]] = TRUE)", dbx.Params{"owner": agent.Id}))
}

// queue is the view as a queue. The agent's own cases are not special to it:
// what he may see is decided where every queue's is.
func (v *View) queue(app core.App, agent *desk.Agent) (queue, error) {
	scope := v.Scope
	if scope == "" {
		scope = "open"
	}
	if scope != "open" && scope != "waiting" && scope != "done" && scope != "all" {
		return queue{}, ErrQuery
	}
	q, err := queueOf(app, scope, agent)
	if err != nil {
		return q, err
	}
	if v.Sort != "" && q.orders[v.Sort] != nil {
		q.own = v.Sort
	}
	if v.where, v.join, err = compile(app, v.Filter); err != nil {
		return q, err
	}
	q.view = v
	return q, nil
}

// patience is the time that reading a queue may take: what people describe
// themselves must not slow the others.
func (q queue) patience() (context.Context, context.CancelFunc) {
	if q.view == nil {
		return context.WithCancel(context.Background())
	}
	return context.WithTimeout(context.Background(), viewTime)
}

// impatient tells the end of patience from other errors.
func impatient(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrSlow
	}
	return err
}

// Sample is what a view would find.
type Sample struct {
	Count  *Count `json:"count"` // nil: it took too long to count
	Sample []Row  `json:"sample"`
}

// CheckView tells whether a view can be used, and what it finds. The error is a
// [FilterError], [ErrSlow] or [ErrQuery] when it can't.
func CheckView(app core.App, agent *desk.Agent, v *View) (Sample, error) {
	var out Sample
	q, err := v.queue(app, agent)
	if err != nil {
		return out, err
	}
	w, err := Query{}.walk(app, agent, q)
	if err != nil {
		return out, err
	}
	ctx, cancel := q.patience()
	defer cancel()
	if out.Sample, err = w.read(ctx, app, place{}, 5); err != nil {
		return out, impatient(ctx, err)
	}
	if err := decorate(app, out.Sample); err != nil {
		return out, err
	}
	n, err := countQueue(ctx, app, agent, q)
	if err == nil {
		out.Count = &n
	} else if ctx.Err() == nil {
		return out, err
	}
	return out, nil
}

// countQueue counts what the agent may see of a queue, up to [countCap].
func countQueue(ctx context.Context, app core.App, agent *desk.Agent, q queue) (Count, error) {
	from := "{{" + desk.Name(app, desk.Cases) + "}} c"
	if index := q.orders[q.own][0].index; index != "created" {
		from += " INDEXED BY [[idx_" + desk.Cases + "_" + index + "]]"
	}
	inner := app.DB().Select("(1)").From(from).Where(dbx.NewExp(q.where, q.params)).Limit(countCap + 1)
	if team := ofTeam(agent); team != nil {
		inner.AndWhere(team)
	}
	if q.view != nil {
		q.view.narrow(inner)
	}
	built := inner.Build()
	var n int
	err := app.DB().NewQuery("SELECT COUNT(*) FROM (" + built.SQL() + ")").Bind(built.Params()).WithContext(ctx).Row(&n)
	if err != nil {
		return Count{}, fmt.Errorf("count: %w", err)
	}
	return Count{Count: min(n, countCap), More: n > countCap}, nil
}

// narrow adds the view's filter, and what it looks into, to a query on cases c.
func (v *View) narrow(q *dbx.SelectQuery) {
	if v.where != nil {
		q.AndWhere(v.where)
		v.join(q)
	}
}
