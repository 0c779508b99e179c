package inbox

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// walk reads a queue by keyset: the hundredth page costs what the first does.
type walk struct {
	queue  queue
	parts  []part
	narrow []dbx.Expression // the team and what else is asked for
	free   bool             // of the indexes, since a search has found the rows already
}

// place is where a page ended: in which part, at which value and id.
type place struct {
	Part int
	At   string
	ID   string
}

func (p place) String() string {
	raw, _ := json.Marshal([3]any{p.Part, p.At, p.ID})
	return base64.RawURLEncoding.EncodeToString(raw)
}

// placeOf reads a cursor; "" is the beginning.
func (w walk) placeOf(cursor string) (place, error) {
	var p place
	if cursor == "" {
		return p, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	into := [3]any{&p.Part, &p.At, &p.ID}
	if err != nil || json.Unmarshal(raw, &into) != nil || p.Part < 0 || p.Part >= len(w.parts) || p.ID == "" {
		return p, ErrQuery
	}
	return p, nil
}

// placeAt is where a row stands.
func (w walk) placeAt(r Row) place {
	at := map[string]string{
		"due_at": r.DueAt, "updated": r.Updated, "follow_up_at": r.FollowUpAt,
		"resolved_at": r.ResolvedAt, "created": r.Created, "waiting_since": r.WaitingSince,
	}
	last := 0
	if len(w.parts) > 1 && at[w.parts[0].by] == "" {
		last = 1
	}
	return place{last, at[w.parts[last].by], r.ID}
}

// read gives up to limit rows behind a place.
func (w walk) read(ctx context.Context, app core.App, from place, limit int) ([]Row, error) {
	rows := []Row{}
	for i := from.Part; i < len(w.parts) && len(rows) < limit; i++ {
		var more []Row
		query := w.query(app, i, from).WithContext(ctx).Limit(int64(limit - len(rows)))
		err := query.All(&more)
		if err != nil && noIndex(err) { // slower, but it works
			err = query.From("{{" + desk.Name(app, desk.Cases) + "}} c").All(&more)
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// noIndex tells that an operator removed an index.
func noIndex(err error) bool { return strings.Contains(err.Error(), "no such index") }

func (w walk) query(app core.App, i int, from place) *dbx.SelectQuery {
	p := w.parts[i]
	name := "{{" + desk.Name(app, desk.Cases) + "}} c"
	if !w.free && p.index != "" {
		name += " INDEXED BY [[idx_" + desk.Cases + "_" + p.index + "]]"
	}
	dir, than := " ASC", ">"
	if p.desc {
		dir, than = " DESC", "<"
	}
	q := app.DB().Select(columns).From(name).Where(dbx.NewExp(w.queue.where, w.queue.params)).OrderBy("c."+p.by+dir, "c.id"+dir)
	if p.where != "" {
		q.AndWhere(dbx.NewExp(p.where))
	}
	for _, n := range w.narrow {
		q.AndWhere(n)
	}
	if from.ID != "" && i == from.Part {
		q.AndWhere(dbx.NewExp(fmt.Sprintf("([[c.%s]], [[c.id]]) %s ({:at}, {:id})", p.by, than), dbx.Params{"at": from.At, "id": from.ID}))
	}
	if w.queue.view != nil {
		w.queue.view.narrow(q)
	}
	return q
}
