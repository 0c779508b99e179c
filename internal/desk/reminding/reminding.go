// Package reminding brings cases back whose follow-up is due: open, on top, to
// the person named, each once.
//
//	desk := reminding.New(app, committer)
//	n, err := desk.Tick() // every minute
//
// A reminder and all that follows from it share one commit, and the case says in
// reminded_at that it came: neither a crash nor days without a server loses one
// or brings it twice.
package reminding

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// EventDue is a follow-up that came back. Its after fields are {follow_up_at,
// follow_up_note, for}.
const EventDue = "follow_up_due"

// Station brings back what is due.
type Station struct {
	app    core.App
	commit *desk.Committer
}

// New makes the station.
func New(app core.App, commit *desk.Committer) *Station { return &Station{app, commit} }

// batch is how many cases are looked for at once.
const batch = 100

// Tick brings back all that is due, the earliest first, and returns how many
// cases. One that can't be brought back holds up no other.
func (s *Station) Tick() (n int, err error) {
	now := desk.Date(desk.Now(s.app)).String()
	from, after := "", ""
	for {
		var rows []struct {
			ID string `db:"id"`
			At string `db:"follow_up_at"`
		}
		query := s.app.DB().Select("id", "follow_up_at").From(desk.Name(s.app, desk.Cases)).
			Where(dbx.NewExp("[[follow_up_at]] != '' AND [[reminded_at]] = ''")). // as in the partial index
			AndWhere(dbx.NewExp("[[follow_up_at]] <= {:now} AND ([[follow_up_at]], [[id]]) > ({:from}, {:after})",
				dbx.Params{"now": now, "from": from, "after": after})).
			OrderBy("follow_up_at", "id").Limit(batch)
		if qErr := query.All(&rows); qErr != nil {
			return n, errors.Join(err, fmt.Errorf("follow-ups that are due: %w", qErr))
		}
		for _, row := range rows {
			from, after = row.At, row.ID
			if oneErr := s.commit.Do(func(tx core.App) error { return bringBack(tx, row.ID) }); oneErr != nil {
				err = errors.Join(err, fmt.Errorf("case %s: %w", row.ID, oneErr))
				continue
			}
			n++
		}
		if len(rows) < batch {
			return n, err
		}
	}
}

// bringBack reminds of one case. A case that is done stays so: its follow-up was
// planned for afterwards, and whoever planned it is told.
func bringBack(tx core.App, id string) error {
	c, err := desk.FindCase(tx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	at := c.GetDateTime("follow_up_at")
	if at.IsZero() || at.Time().After(desk.Now(tx)) || !c.GetDateTime("reminded_at").IsZero() {
		return nil // changed meanwhile
	}
	c.Set("reminded_at", desk.Date(desk.Now(tx)))
	to, events, err := handOver(tx, c)
	if err != nil {
		return err
	}
	if before := c.Status(); before == desk.OnHold || before == desk.Pending {
		c.Set("status", desk.Open)
		events = append(events, desk.Event{Case: c.Id, Kind: "status",
			Before: map[string]any{"status": before}, After: map[string]any{"status": desk.Open, "by": "follow_up"}})
	}
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	note := c.GetString("follow_up_note")
	events = append(events, desk.Event{Case: c.Id, Kind: EventDue,
		After: map[string]any{"follow_up_at": c.GetString("follow_up_at"), "follow_up_note": note, "for": to}})
	if err := desk.Record(tx, events...); err != nil {
		return err
	}
	return desk.Notify(tx, desk.Notice{Agent: to, Kind: desk.NoticeFollowUp, Case: c.Id, Data: map[string]any{"note": note, "at": c.GetString("follow_up_at")}})
}

// handOver gives the case to the person named, if he may have it, and returns
// who is to be told.
func handOver(tx core.App, c *desk.Case) (to string, events []desk.Event, err error) {
	to, had := c.Assignee(), c.Assignee()
	named := c.GetString("follow_up_for")
	serves, err := desk.Serves(tx, named, c.Team())
	if err != nil || !serves {
		return to, nil, err
	}
	if named != had && !c.Done() {
		c.Set("assignee", named)
		events = []desk.Event{{Case: c.Id, Kind: "assignee",
			Before: map[string]any{"assignee": had}, After: map[string]any{"assignee": named, "by": "follow_up"}}}
	}
	return named, events, nil
}
