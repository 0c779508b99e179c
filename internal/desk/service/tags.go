package service

import (
	"context"
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
	return keepPlace(tx, retag+strings.ToLower(contact), contact, 0)
}

// ofContacts reckons the open cases of the contacts that wait for it.
func (s *Station) ofContacts(ctx context.Context) error {
	for ctx.Err() == nil {
		var contacts []string
		// a range, so that the index of ids serves
		err := s.app.DB().Select("event").From(desk.Name(s.app, desk.Places)).
			Where(dbx.NewExp("[[id]] > {:from} AND [[id]] < {:to}", dbx.Params{"from": retag, "to": retag[:len(retag)-1] + "`"})).
			OrderBy("id").Limit(group).Column(&contacts)
		if err != nil {
			return fmt.Errorf("contacts whose tags changed: %w", err)
		}
		if len(contacts) == 0 {
			return nil
		}
		for _, id := range contacts {
			if err := s.ofContact(ctx, id); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// ofContact reckons one contact's open cases. The mark goes first: tags that change
// meanwhile set it anew, and after a crash it is still there, since the last group
// of cases takes it along.
func (s *Station) ofContact(ctx context.Context, contact string) error {
	var ids []string
	err := s.app.DB().Select("id").From(desk.Name(s.app, desk.Cases)).Where(dbx.HashExp{"contact": contact}).
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
		_, err := tx.DB().Delete(desk.Name(tx, desk.Places), dbx.HashExp{"id": retag + strings.ToLower(contact)}).Execute()
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
