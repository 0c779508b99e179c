package doorbell

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	// most is how many notices of one kind, each of its own case, somebody has who
	// looks at none; what comes on top is one more notice with a number.
	most = 30
	// raise is how long that number grows without anybody hearing of it.
	raise = time.Minute
)

// ring is one event and who hears of it.
type ring struct {
	kind, caseID, message string
	by                    string // agent whose doing it is
	to                    []string
}

func (b *Bell) ring(tx core.App, r ring) error {
	r.to = slices.DeleteFunc(r.to, func(id string) bool { return id == r.by || b.Looks != nil && b.Looks(r.caseID, id) })
	if len(r.to) == 0 {
		return nil
	}
	full, err := r.full(tx)
	if err != nil {
		return fmt.Errorf("notices that wait: %w", err)
	}
	var crowd []string
	for _, id := range r.to {
		if slices.Contains(full, id) {
			crowd = append(crowd, id)
			continue
		}
		if err := desk.Notify(tx, desk.Notice{Agent: id, Kind: r.kind, Case: r.caseID, Message: r.message, Actor: r.by, Same: desk.SameVisitor(r.caseID)}); err != nil {
			return err
		}
	}
	return r.more(tx, crowd)
}

// full are those who have as many notices of the kind as are kept apart.
func (r ring) full(tx core.App) (ids []string, err error) {
	err = r.fullQuery(tx).Column(&ids)
	return ids, err
}

func (r ring) fullQuery(tx core.App) *dbx.SelectQuery {
	// literals, as in the partial index
	return tx.DB().Select("agent").From(desk.Name(tx, desk.Notices)).
		Where(dbx.In("agent", list(r.to)...)).
		AndWhere(dbx.NewExp("[[alike]] = {:kind} AND [[alike]] != '' AND [[seen_at]] = ''", dbx.Params{"kind": r.kind})).
		GroupBy("agent").Having(dbx.NewExp("COUNT(*) >= {:most}", dbx.Params{"most": most}))
}

// more counts the event in the one notice for all that came on top. For many people
// in a storm that is one statement; the notice itself is written anew once a minute.
func (r ring) more(tx core.App, to []string) error {
	if len(to) == 0 {
		return nil
	}
	where := r.counted(tx, to)
	var counted []string
	if err := tx.DB().Select("agent").From(desk.Name(tx, desk.Notices)).Where(where).Column(&counted); err != nil {
		return fmt.Errorf("notices of many: %w", err)
	}
	if len(counted) > 0 {
		_, err := tx.DB().Update(desk.Name(tx, desk.Notices), dbx.Params{"count": dbx.NewExp("[[count]] + 1")}, where).Execute()
		if err != nil {
			return fmt.Errorf("count notices of many: %w", err)
		}
	}
	for _, id := range to {
		if slices.Contains(counted, id) {
			continue
		}
		if err := desk.Notify(tx, desk.Notice{Agent: id, Kind: r.kind, Actor: r.by, Same: r.same(), Data: map[string]any{"code": "more"}}); err != nil {
			return err
		}
	}
	return nil
}

// same is the key of the notice for all that came on top.
func (r ring) same() string { return r.kind + ":more" }

// counted are those notices for all that were written a moment ago.
func (r ring) counted(app core.App, of []string) dbx.Expression {
	return dbx.And(dbx.In("agent", list(of)...), dbx.NewExp("[[same]] = {:same} AND [[same]] != '' AND [[seen_at]] = '' AND +[[created]] > {:since}",
		dbx.Params{"same": r.same(), "since": desk.Date(desk.Now(app).Add(-raise)).String()}))
}

func list(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}
