package replaying

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// past is where a rule looks: what there was by time.
type past struct {
	app    core.App
	event  string
	states []string // of time_passed
	since  string   // of time_passed: the field from which it counts
	kinds  []string // of staff_changed
}

const (
	visitorWrote = "visitor_wrote"
	staffChanged = "staff_changed"
	timePassed   = "time_passed"
)

// heard are the lines of the audit trail that tell of a visitor's words, by time;
// messages themselves have no such index.
const heard = "[[v.kind]] = 'visitor_wrote' AND COALESCE(json_extract([[v.after]], '$.quiet'), 0) = 0 AND [[v.created]] >= {:begin} AND [[v.created]] < {:end}"

// count tells how many there are of what the rule is about.
func (p past) count(ctx context.Context, begin, end time.Time) (n int, err error) {
	q := p.app.DB().Select("COUNT(*)")
	switch p.event {
	case visitorWrote:
		q.From("{{" + desk.Name(p.app, desk.Events) + "}} v").Where(dbx.NewExp(heard, span(begin, end)))
	case staffChanged:
		q.From("{{" + desk.Name(p.app, desk.Events) + "}} e").Where(dbx.NewExp("[[e.actor]] != ''")).AndWhere(between("e.created", begin, end)).
			AndWhere(dbx.In("e.kind", list(p.kinds)...))
	case timePassed:
		q.From("{{" + desk.Name(p.app, desk.Cases) + "}} c").Where(p.waiting(begin, end))
	default:
		q.From("{{" + desk.Name(p.app, desk.Cases) + "}} c").Where(between("c.created", begin, end))
	}
	if err := q.WithContext(ctx).Row(&n); err != nil {
		return 0, fmt.Errorf("trial of a rule: %w", err)
	}
	return n, nil
}

// within narrows what a rule finds to a slice of the past, the latest first.
func (p past) within(q *dbx.SelectQuery, begin, end time.Time) {
	switch p.event {
	case visitorWrote:
		events := "{{" + desk.Name(p.app, desk.Events) + "}} v"
		q.AndWhere(dbx.NewExp("[[m.id]] IN (SELECT json_extract([[v.after]], '$.message') FROM "+events+" WHERE "+heard+")", span(begin, end))).
			OrderBy("m.created DESC", "m.id DESC")
	case staffChanged:
		q.AndWhere(between("e.created", begin, end)).OrderBy("e.created DESC", "e.id DESC")
	case timePassed:
		q.AndWhere(p.waiting(begin, end)).OrderBy("c."+p.since+" DESC", "c.id DESC")
	default: // what was imported never was a new case
		feedback := "{{" + desk.Name(p.app, desk.Feedbacks) + "}} imported"
		q.AndWhere(between("c.created", begin, end)).
			AndWhere(dbx.NewExp("NOT EXISTS (SELECT 1 FROM "+feedback+" WHERE [[imported.id]] = [[c.feedback]] AND [[imported.source]] = 'import')")).
			OrderBy("c.created DESC", "c.id DESC")
	}
}

func (p past) waiting(begin, end time.Time) dbx.Expression {
	return dbx.And(dbx.In("c.status", list(p.states)...), between("c."+p.since, begin, end))
}

func list(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}

func between(column string, begin, end time.Time) dbx.Expression {
	return dbx.NewExp("[["+column+"]] >= {:begin} AND [["+column+"]] < {:end}", span(begin, end))
}

func span(begin, end time.Time) dbx.Params {
	return dbx.Params{"begin": desk.Date(begin).String(), "end": desk.Date(end).String()}
}
