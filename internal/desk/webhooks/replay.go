package webhooks

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// What of a span of time is sent again.
const (
	ReplayFailed = "failed" // what was given up
	ReplayAll    = "all"    // what was taken too
	ReplayMissed = "missed" // what happened while the webhook was off
)

// Keep is for how long deliveries stay, and how far back anything is sent again.
const Keep = 30 * 24 * time.Hour

const (
	replayRows  = 1_000 // deliveries that one call sends again
	replayLines = 500   // lines of the audit trail that one call looks at
)

// Errors of a replay.
var (
	ErrSpan      = errors.New("give from and to, from before to, at most 30 days back")
	ErrUnderWay  = errors.New("this delivery is on its way")
	ErrNoReplay  = errors.New("choose failed, all or missed")
	errBadCursor = errors.New("there is no such place")
)

// Replay sends one delivery again, under its old webhook-id. Its errors are
// [ErrOff], [ErrUnderWay] and sql.ErrNoRows.
func (s *Station) Replay(hook, delivery string) error {
	err := s.commit.Do(func(tx core.App) error {
		h, err := FindHook(tx, hook)
		if err != nil {
			return err
		}
		if !h.Enabled() {
			return ErrOff
		}
		r, err := tx.FindRecordById(desk.WebhookDeliveries, delivery, func(q *dbx.SelectQuery) error {
			q.AndWhere(dbx.HashExp{"webhook": hook})
			return nil
		})
		if err != nil {
			return err
		}
		if r.GetString("status") == Queued && r.GetInt("attempts") == 0 {
			return ErrUnderWay
		}
		return again(tx, []any{delivery})
	})
	if err == nil {
		s.Kick()
	}
	return err
}

// again makes deliveries due as if they had never been tried.
func again(tx core.App, ids []any) error {
	now := desk.Date(desk.Now(tx)).String()
	_, err := tx.DB().Update(desk.Name(tx, desk.WebhookDeliveries), dbx.Params{
		"status": Queued, "attempts": 0, "next_attempt": now, "code": 0, "said": "", "sent_at": "", "updated": now,
	}, dbx.In("id", ids...)).Execute()
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	return nil
}

// Span is what is to be sent again. A call does a part; Next of its answer is
// given as After to the following one, until it is "".
type Span struct {
	Hook     string
	From, To time.Time
	What     string // [ReplayFailed], [ReplayAll] or [ReplayMissed]
	After    string
}

// Replayed says what a call did.
type Replayed struct {
	Count int    `json:"count"` // deliveries that are sent again, or for the first time
	Next  string `json:"next"`
}

// ReplaySpan sends a part of what happened in a span of time again. Its errors are
// [ErrSpan], [ErrNoReplay], [ErrOff] and sql.ErrNoRows.
func (s *Station) ReplaySpan(span Span) (Replayed, error) {
	now := desk.Now(s.app)
	if span.From.IsZero() || span.To.IsZero() || !span.From.Before(span.To) || span.From.Before(now.Add(-Keep-24*time.Hour)) {
		return Replayed{}, ErrSpan
	}
	h, err := FindHook(s.app, span.Hook)
	if err != nil {
		return Replayed{}, err
	}
	if !h.Enabled() {
		return Replayed{}, ErrOff
	}
	var out Replayed
	switch span.What {
	case ReplayFailed, ReplayAll:
		out, err = s.replayRows(span)
	case ReplayMissed:
		out, err = s.replayMissed(h, span)
	default:
		return Replayed{}, ErrNoReplay
	}
	if errors.Is(err, errBadCursor) {
		err = ErrSpan
	}
	if err == nil {
		s.Kick()
	}
	return out, err
}

// replayRows sends deliveries again that are there.
func (s *Station) replayRows(span Span) (Replayed, error) {
	q := s.app.DB().Select("id", "created").From(desk.Name(s.app, desk.WebhookDeliveries)).
		Where(dbx.HashExp{"webhook": span.Hook}).
		AndWhere(dbx.NewExp("[[created]] >= {:from} AND [[created]] < {:to}", spanParams(span))).
		OrderBy("created", "id").Limit(replayRows)
	if span.What == ReplayFailed {
		q.AndWhere(dbx.HashExp{"status": Failed})
	} else {
		q.AndWhere(dbx.HashExp{"status": []any{Sent, Failed}}) // the others are on their way
	}
	if span.After != "" {
		created, id, err := readCursor(span.After)
		if err != nil {
			return Replayed{}, err
		}
		q.AndWhere(dbx.NewExp("([[created]], [[id]]) > ({:created}, {:id})", dbx.Params{"created": created, "id": id}))
	}
	var rows []struct {
		ID      string `db:"id"`
		Created string `db:"created"`
	}
	if err := q.All(&rows); err != nil {
		return Replayed{}, fmt.Errorf("replay: %w", err)
	}
	if len(rows) == 0 {
		return Replayed{}, nil
	}
	ids := make([]any, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	out := Replayed{Count: len(rows)}
	if len(rows) == replayRows {
		out.Next = cursor(rows[len(rows)-1].Created, rows[len(rows)-1].ID)
	}
	return out, s.commit.Do(func(tx core.App) error { return again(tx, ids) })
}

func spanParams(span Span) dbx.Params {
	return dbx.Params{"from": desk.Date(span.From).String(), "to": desk.Date(span.To).String()}
}

// replayMissed makes deliveries of what happened while there were none: it reads
// the audit trail again. What is there already stays as it is.
func (s *Station) replayMissed(h *Hook, span Span) (Replayed, error) {
	row, err := s.rowAt(span)
	if err != nil {
		return Replayed{}, err
	}
	var lines []desk.Line
	err = s.app.DB().Select("rowid AS row", "id", "case", "feedback", "actor", "kind", "COALESCE([[before]], '') AS before", "COALESCE([[after]], '') AS after", "created", "version").
		From(desk.Name(s.app, desk.Events)).Where(dbx.NewExp("[[rowid]] >= {:row}", dbx.Params{"row": row})).OrderBy("rowid").Limit(replayLines + 1).All(&lines)
	if err != nil {
		return Replayed{}, fmt.Errorf("replay: %w", err)
	}
	var out Replayed
	if len(lines) > replayLines {
		kept := whole(lines[:replayLines], replayLines)
		out.Next = fmt.Sprint(lines[len(kept)].Row)
		lines = kept
	}
	from, to := desk.Date(span.From).String(), desk.Date(span.To).String()
	var kept []desk.Line
	for _, l := range lines {
		if l.Created >= to {
			out.Next = ""
			break
		}
		if l.Created >= from {
			kept = append(kept, l)
		}
	}
	if kept, err = s.fromTheirBegin(kept); err != nil {
		return out, err
	}
	for len(kept) > 0 {
		part := whole(kept[:min(linesAtOnce, len(kept))], linesAtOnce)
		made, err := s.putMissing(h, part)
		if err != nil {
			return out, err
		}
		out.Count += made
		kept = kept[len(part):]
	}
	return out, nil
}

// fromTheirBegin leaves out the changes at the beginning of which the first lies
// before the span: they are an event of the time before.
func (s *Station) fromTheirBegin(lines []desk.Line) ([]desk.Line, error) {
	if len(lines) == 0 {
		return lines, nil
	}
	var before []desk.Line
	err := s.app.DB().Select("case", "actor", "kind", "version").From(desk.Name(s.app, desk.Events)).
		Where(dbx.NewExp("[[rowid]] < {:row}", dbx.Params{"row": lines[0].Row})).OrderBy("rowid DESC").Limit(1).All(&before)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	if len(before) == 1 && inOneGo(before[0], lines[0]) {
		return lines[together(lines):], nil
	}
	return lines, nil
}

func (s *Station) putMissing(h *Hook, lines []desk.Line) (int, error) {
	open := AsHook(h.Fresh())
	open.Set("since", "") // what was before it was switched on is what is asked for
	parcels, err := s.parcels([]*Hook{open}, lines)
	if err != nil || len(parcels) == 0 {
		return 0, err
	}
	made := 0
	err = s.commit.Do(func(tx core.App) error {
		made = 0
		for _, p := range parcels {
			var one int
			err := tx.DB().Select("COUNT(*)").From(desk.Name(tx, desk.WebhookDeliveries)).Where(dbx.HashExp{"webhook": p.hook, "msg": p.msg}).Row(&one)
			if err != nil {
				return err
			}
			if one > 0 {
				continue
			}
			if err := put(tx, p); err != nil {
				return err
			}
			made++
		}
		return nil
	})
	return made, err
}

// rowAt is the row of the audit trail at which a span begins, or goes on. Lines
// are written in the order of time, so it is found by halves.
func (s *Station) rowAt(span Span) (int64, error) {
	if span.After != "" {
		var row int64
		if _, err := fmt.Sscanf(span.After, "%d", &row); err != nil || row < 0 {
			return 0, errBadCursor
		}
		return row, nil
	}
	var ends struct {
		First int64 `db:"first"`
		Last  int64 `db:"last"`
	}
	name := desk.Name(s.app, desk.Events)
	if err := s.app.DB().Select("COALESCE((SELECT MIN(rowid) FROM {{"+name+"}}), 0) AS first", "COALESCE((SELECT MAX(rowid) FROM {{"+name+"}}), 0) AS last").One(&ends); err != nil {
		return 0, fmt.Errorf("replay: %w", err)
	}
	from := desk.Date(span.From).String()
	lo, hi := ends.First, ends.Last
	for lo < hi {
		mid := lo + (hi-lo)/2
		var at desk.Line
		if err := s.app.DB().Select("rowid AS row", "created").From(name).Where(dbx.NewExp("[[rowid]] >= {:mid}", dbx.Params{"mid": mid})).OrderBy("rowid").Limit(1).One(&at); err != nil {
			return 0, fmt.Errorf("replay: %w", err)
		}
		if at.Created < from {
			lo = at.Row + 1
		} else {
			hi = mid
		}
	}
	return lo, nil
}
