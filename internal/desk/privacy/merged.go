package privacy

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// takenOver are the contacts that were merged into one, which bear names of the
// same person.
func takenOver(tx core.App, contact string) (out []*core.Record, err error) {
	for next := []string{contact}; len(next) > 0 && err == nil; {
		var rows []*core.Record
		err = tx.RecordQuery(desk.Contacts).AndWhere(dbx.HashExp{"merged_into": next[0]}).
			AndWhere(dbx.NewExp("[[merged_into]] != ''")).All(&rows)
		next = next[1:]
		for _, r := range rows {
			if !slices.ContainsFunc(out, func(o *core.Record) bool { return o.Id == r.Id }) {
				out, next = append(out, r), append(next, r.Id)
			}
		}
	}
	return out, err
}

// unmerge takes the person's cases apart from those of others: what others said
// on them goes back to their own cases, what he said on theirs goes with him, and
// nobody remembers that the cases were one.
func (e eraser) unmerge(p *person, cases map[string]bool) error {
	erased := map[string]bool{}
	for _, c := range p.contacts {
		erased[c.Id] = true
	}
	for id := range cases {
		var others []*core.Record
		err := e.tx.RecordQuery(desk.Cases).AndWhere(dbx.HashExp{"merged_into": id}).
			AndWhere(dbx.NewExp("[[merged_into]] != ''")).All(&others)
		if err != nil {
			return err
		}
		for _, r := range others {
			if other := desk.AsCase(r); !cases[other.Id] && !erased[other.Contact()] {
				if err := e.release(other, id); err != nil {
					return err
				}
			}
		}
	}
	for id := range erased {
		rows, err := e.tx.FindAllRecords(desk.Messages, dbx.HashExp{"contact": id})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if cases[r.GetString("case")] {
				continue // goes with its case
			}
			if err := e.remove(r); err != nil {
				return err
			}
			e.report.Messages++
		}
	}
	return e.forgetMerges(cases, erased)
}

// release gives a case that was merged into one of the person's its own words
// back, and opens it again: nobody else answers it now.
func (e eraser) release(c *desk.Case, from string) error {
	own := dbx.HashExp{"case": from, "contact": c.Contact()}
	var ids []string
	if err := e.tx.DB().Select("id").From(desk.Name(e.tx, desk.Messages)).Where(own).Column(&ids); err != nil {
		return err
	}
	_, err := e.tx.DB().Update(desk.Name(e.tx, desk.Messages), dbx.Params{"case": c.Id}, own).Execute()
	if err == nil {
		err = desk.MessagesMoved(e.tx, ids, from, c.Id)
	}
	if err != nil {
		return err
	}
	c.Set("merged_into", "")
	c.Set("status", desk.Open)
	c.Set("resolved_at", "")
	c.Touch()
	if err := desk.Save(e.tx, c.Record); err != nil {
		return err
	}
	return desk.Record(e.tx, desk.Event{Case: c.Id, Kind: desk.EventUnmerged, After: map[string]any{"role": "source"}})
}

// forgetMerges removes what is kept to undo merges, names and notes among it.
func (e eraser) forgetMerges(sets ...map[string]bool) error {
	for _, ids := range sets {
		for id := range ids {
			for _, field := range []string{"source", "target"} {
				if _, err := e.tx.DB().Delete(desk.Name(e.tx, desk.Merges), dbx.HashExp{field: id}).Execute(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
