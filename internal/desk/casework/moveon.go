package casework

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// moveOn changes what an answer changes on the case: the visitor no longer
// waits, who answers has the case, and the status follows. A call in vain changes
// none of that, and one of his that nobody took makes the case our turn. Nor is
// the case done with where he wrote what the answer's writer has not read.
func (out *Written) moveOn(tx core.App, c *desk.Case) (events []desk.Event, err error) {
	now := desk.Date(desk.Now(tx))
	before := c.Status()
	next := out.entry.Status
	tell := func(field, old, value string) {
		events = append(events, desk.Event{Case: c.Id, Actor: out.entry.Agent.Id, Kind: field,
			Before: map[string]any{field: old}, After: map[string]any{field: value}})
	}
	if out.call != nil && out.call.in {
		if spam, err := c.IsSpam(tx); spam || err != nil {
			return nil, err
		}
		if events, err = waitAgain(tx, c, desk.Now(tx)); err != nil {
			return nil, err
		}
	}
	unread, err := out.unread(tx)
	if err != nil {
		return nil, err
	}
	if unread != "" && next != desk.Open {
		next = before
	}
	if out.kind != "noted" && (out.call == nil || out.call.reached()) {
		if c.GetDateTime("first_responded_at").IsZero() {
			c.Set("first_responded_at", now)
		}
		c.Set("waiting_since", unread)
		if next == "" && before == desk.Unread {
			next = desk.Open
		}
		if c.Assignee() == "" && out.entry.Agent.Works() && !out.entry.Leave {
			c.Set("assignee", out.entry.Agent.Id)
			tell("assignee", "", out.entry.Agent.Id)
		}
	}
	if next != "" && next != c.Status() {
		setStatus(tx, c, next)
	}
	if c.Status() != before {
		tell("status", before, c.Status())
	}
	return events, nil
}

func setStatus(app core.App, c *desk.Case, status string) {
	wasDone := c.Done()
	c.Set("status", status)
	switch {
	case c.Done() && !wasDone:
		c.Set("resolved_at", desk.Date(desk.Now(app)))
	case !c.Done() && wasDone:
		c.Set("resolved_at", "")
		c.Set("reopened", c.GetInt("reopened")+1)
	}
}

func countTemplate(tx core.App, key string) error {
	if key == "" {
		return nil
	}
	_, err := tx.DB().Update(desk.Name(tx, desk.Templates),
		dbx.Params{"used": dbx.NewExp("[[used]] + 1")}, dbx.HashExp{"key": key}).Execute()
	return err
}
