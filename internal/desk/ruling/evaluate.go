package ruling

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// patience is how long the filters of one event may take together.
const patience = 2 * time.Second

// inOneQuery is how many filters one query asks; each may hold 40 comparisons.
const inOneQuery = 100

// Verdict says of one rule whether a thing that happened meets its filter.
type Verdict struct {
	Met bool
	Err error // why its filter can't be used any more
}

// Evaluate tells which rules' filters one thing that happened meets, rules of its
// event alone. The error is the database's.
func Evaluate(app core.App, rules []*Rule, s Subject) ([]Verdict, error) {
	out := make([]Verdict, 0, len(rules))
	for part := range slices.Chunk(rules, inOneQuery) {
		met, err := ask(app, part, s)
		if err != nil {
			met, err = askEach(app, part, s)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, met...)
	}
	return out, nil
}

// askEach finds out which of several filters can't be used: its field is gone,
// or it takes too long.
func askEach(app core.App, rules []*Rule, s Subject) ([]Verdict, error) {
	out := make([]Verdict, len(rules))
	for i, r := range rules {
		met, err := ask(app, []*Rule{r}, s)
		switch {
		case err == nil:
			out[i] = met[0]
		case errors.Is(err, context.DeadlineExceeded):
			out[i].Err = &trouble{CodeSlow, r.Filter}
		case strings.Contains(err.Error(), "no such column"), strings.Contains(err.Error(), "no such table"):
			out[i].Err = &trouble{CodeFilter, desk.OneLine(err.Error())}
		default:
			return nil, err
		}
	}
	return out, nil
}

func ask(app core.App, rules []*Rule, s Subject) ([]Verdict, error) {
	filters := make([]string, len(rules))
	for i, r := range rules {
		filters[i] = r.Filter
	}
	set, err := About(s.Event).CompileAll(app, filters)
	if err != nil {
		return nil, err
	}
	out := make([]Verdict, len(rules))
	columns, asked, params := []string{}, []int{}, dbx.Params{}
	db, _ := app.NonconcurrentDB().(*dbx.DB)
	for i, where := range set.Where {
		if out[i].Err = set.Err[i]; where == nil {
			out[i].Met = out[i].Err == nil
			continue
		}
		columns = append(columns, "("+where.Build(db, params)+") IS TRUE")
		asked = append(asked, i)
	}
	if len(asked) == 0 {
		return out, nil
	}
	q, row := from(app, s.Event, "(1)")
	set.Join(q)
	built := q.Where(dbx.HashExp{row + ".id": s.Row}).Build()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for name, value := range built.Params() {
		params[name] = value
	}
	text := "SELECT " + strings.Join(columns, ", ") + strings.TrimPrefix(built.SQL(), "SELECT (1)")
	cells := make([]bool, len(asked))
	to := make([]any, len(asked))
	for i := range cells {
		to[i] = &cells[i]
	}
	err = app.DB().NewQuery(text).Bind(params).WithContext(ctx).Row(to...)
	if errors.Is(err, sql.ErrNoRows) { // erased meanwhile
		return make([]Verdict, len(rules)), nil
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("filters: %w", err), ctx.Err())
	}
	for i, at := range asked {
		out[at].Met = cells[i]
	}
	return out, nil
}
