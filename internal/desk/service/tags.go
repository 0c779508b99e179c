package service

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// retag begins the ids of the rows of desk_places that name a contact whose tags
// changed, and whose open cases were not looked at since.
const retag = "retag_"

// Tagged notes, in the transaction that changes a contact's tags, that its open
// cases may have another policy. The next [Station.Refresh] looks at them, also after
// a crash. Nothing is noted where no policy asks for tags: one that does later has
// all cases looked at.
func Tagged(tx core.App, contact string) error {
	list, err := desk.Policies(tx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(p *desk.Policy) bool { return len(p.Tags) > 0 }) {
		return nil
	}
	id, n := retag+strings.ToLower(contact), 1
	r, err := tx.FindRecordById(desk.Places, id)
	switch {
	case err == nil:
		n += r.GetInt("row")
	case !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("a contact whose tags changed: %w", err)
	}
	return keepPlace(tx, id, contact, n)
}

// tagged is such a row: how often the tags changed since it was taken away last.
type tagged struct {
	ID      string `db:"id"`
	Contact string `db:"event"`
	Times   int    `db:"row"`
}

// ofContacts reckons the open cases of the contacts that wait for it. What fails for
// one is tried again the next time, and holds up no other.
func (s *Station) ofContacts(ctx context.Context) (failed error) {
	for after := retag; ctx.Err() == nil; {
		var rows []tagged
		// a range, so that the index of ids serves
		err := s.app.DB().Select("id", "event", "row").From(desk.Name(s.app, desk.Places)).
			Where(dbx.NewExp("[[id]] > {:after} AND [[id]] < {:to}", dbx.Params{"after": after, "to": retag[:len(retag)-1] + "`"})).
			OrderBy("id").Limit(group).All(&rows)
		if err != nil {
			return errors.Join(failed, fmt.Errorf("contacts whose tags changed: %w", err))
		}
		for _, t := range rows {
			after = t.ID
			if err := s.ofContact(ctx, t); err != nil {
				failed = errors.Join(failed, err)
			}
		}
		if len(rows) < group {
			break
		}
	}
	return errors.Join(failed, ctx.Err())
}

// ofContact reckons one contact's open cases. The last group of them takes the mark
// along: after a crash it is still there, and where the tags changed once more
// meanwhile it stays, too.
func (s *Station) ofContact(ctx context.Context, t tagged) error {
	var ids []string
	err := s.app.DB().Select("id").From(desk.Name(s.app, desk.Cases)).Where(dbx.HashExp{"contact": t.Contact}).
		AndWhere(dbx.NewExp("[[status]] IN ('new', 'open', 'pending', 'on_hold')")).Column(&ids)
	if err != nil {
		return fmt.Errorf("open cases of a contact: %w", err)
	}
	if len(ids) > group {
		if err := s.these(ctx, ids[group:]); err != nil {
			return err
		}
		ids = ids[:group]
	}
	done := func(tx core.App) error {
		_, err := tx.DB().Delete(desk.Name(tx, desk.Places), dbx.HashExp{"id": t.ID, "row": t.Times}).Execute()
		return err
	}
	if _, err = s.some(ids, done); err == nil {
		return nil
	}
	if err := s.these(ctx, ids); err != nil { // each on its own: one that can't be reckoned is told there
		return err
	}
	return s.Commit.Do(done)
}
