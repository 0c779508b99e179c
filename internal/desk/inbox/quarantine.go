package inbox

import (
	"encoding/base64"
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// HeldMessage is a submission that waits in quarantine, with its reasons.
type HeldMessage struct {
	*core.Record
	Feedback *core.Record
}

// MarshalJSON puts the submission beside its verdict.
func (h HeldMessage) MarshalJSON() ([]byte, error) {
	m := h.Record.PublicExport()
	f := h.Feedback.PublicExport()
	f["files"] = filesOf(h.Feedback)
	m["feedback"] = f
	return json.Marshal(m)
}

// Quarantine is one page of what waits for a decision, latest first; with
// blocked, of what was turned away, so that nothing vanishes unseen.
func Quarantine(app core.App, blocked bool, cursor string, limit int) (Page[HeldMessage], error) {
	page := Page[HeldMessage]{Items: []HeldMessage{}}
	if limit < 1 || limit > 100 {
		limit = 40
	}
	where := "[[outcome]] = 'quarantined' AND [[decided_at]] = ''"
	if blocked {
		where = "[[outcome]] = 'blocked'"
	}
	q := app.RecordQuery(desk.Verdicts).AndWhere(dbx.NewExp(where))
	rows, next, err := keyset(q, cursor, "created", limit)
	if err != nil {
		return page, err
	}
	page.Next = next
	for _, r := range rows {
		f, err := desk.FindFeedback(app, r.GetString("feedback"))
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, HeldMessage{r, f.Record})
	}
	return page, nil
}

// keyset reads one page of records, latest first.
func keyset(q *dbx.SelectQuery, cursor, column string, limit int) ([]*core.Record, string, error) {
	if cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		var at [2]string
		if err != nil || json.Unmarshal(raw, &at) != nil {
			return nil, "", ErrQuery
		}
		q.AndWhere(dbx.NewExp("([["+column+"]], [[id]]) < ({:at}, {:id})", dbx.Params{"at": at[0], "id": at[1]}))
	}
	var rows []*core.Record
	if err := q.OrderBy(column+" DESC", "id DESC").Limit(int64(limit + 1)).All(&rows); err != nil {
		return nil, "", err
	}
	if len(rows) <= limit {
		return rows, "", nil
	}
	rows = rows[:limit]
	last := rows[limit-1]
	raw, _ := json.Marshal([2]string{last.GetDateTime(column).String(), last.Id})
	return rows, base64.RawURLEncoding.EncodeToString(raw), nil
}
