package merging

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Unmerged is what became of a merge that was undone.
type Unmerged struct {
	Source string   `json:"source"`
	Target string   `json:"target"`
	Left   []Remark `json:"left"` // what was changed since, and stays as it is
}

// Undo takes a merge or a split back: all goes back to where it was, but for what
// somebody changed since, which is listed and left. A merge on top of it has to be
// undone first.
func (s *Station) Undo(agent *desk.Agent, id string) (out *Unmerged, err error) {
	err = s.Commit.Do(func(tx core.App) error {
		m, err := desk.FindMerge(tx, id)
		if err != nil {
			return refuse(Gone)
		}
		if m.Undone() {
			return refuse(Undone)
		}
		moved, err := m.Moved()
		if err != nil {
			return err
		}
		u := &undoing{tx: tx, agent: agent, merge: m, moved: moved}
		if m.Kind() == desk.MergeContact {
			if err := known(tx, agent, m.Target()); err != nil {
				return err
			}
			err = u.contacts()
		} else {
			err = u.cases()
		}
		if err != nil {
			return err
		}
		m.Set("undone_at", desk.Date(desk.Now(tx)))
		if err := desk.Save(tx, m.Record); err != nil {
			return err
		}
		if u.left == nil {
			u.left = []Remark{}
		}
		out = &Unmerged{m.Source(), m.Target(), u.left}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// undoing is a merge on its way back.
type undoing struct {
	tx    core.App
	agent *desk.Agent
	merge *desk.Merge
	moved desk.Bundle
	left  []Remark
}

func (u *undoing) leave(code string, n int) {
	if n > 0 {
		u.left = append(u.left, Remark{code, map[string]any{"n": n}})
	}
}

// putBack restores the fields of a record, if it was changed at all.
func (u *undoing) putBack(r *core.Record) error {
	left, err := restore(r, u.moved.Before[r.Id], u.moved.After[r.Id])
	u.left = append(u.left, left...)
	return err
}

// cases takes back a merge of two cases, or a split.
func (u *undoing) cases() error {
	source, errS := desk.FindCase(u.tx, u.merge.Source())
	target, errT := desk.FindCase(u.tx, u.merge.Target())
	if errS != nil || errT != nil || !u.agent.Sees(source.Team()) || !u.agent.Sees(target.Team()) {
		return refuse(Gone)
	}
	split := u.merge.Kind() == desk.MergeSplit
	if target.MergedInto() != "" || split && source.MergedInto() != "" {
		return refuse(MergeFirst)
	}
	if !split && source.MergedInto() != target.Id {
		return refuse(Merged)
	}
	if u.nameless(source) || u.nameless(target) {
		return refuse(Erased)
	}
	if err := u.carryBack(source.Id, target.Id); err != nil {
		return err
	}
	if err := u.putBack(source.Record); err != nil {
		return err
	}
	if err := u.putBack(target.Record); err != nil {
		return err
	}
	if split {
		if err := u.closeSplit(source, target); err != nil {
			return err
		}
	}
	if err := u.promisesBack(source.Id, target.Id); err != nil {
		return err
	}
	for _, c := range []*desk.Case{source, target} {
		if err := u.promised(c); err != nil {
			return err
		}
		c.Touch()
		if err := desk.Save(u.tx, c.Record); err != nil {
			return err
		}
	}
	data := func(role string, other *desk.Case) map[string]any {
		return map[string]any{"merge": u.merge.Id, "role": role, "case": other.Id, "number": other.Number(), "left": len(u.left), "split": split}
	}
	return desk.Record(u.tx,
		desk.Event{Case: source.Id, Actor: u.agent.Id, Kind: desk.EventUnmerged, After: data("source", target)},
		desk.Event{Case: target.Id, Actor: u.agent.Id, Kind: desk.EventUnmerged, After: data("target", source)})
}

// nameless tells a case whose person was erased.
func (u *undoing) nameless(c *desk.Case) bool { return c.Contact() == "" && c.Feedback() == "" }

// carryBack moves what was moved from source to target back, and counts what does
// not stand there any more, and what came since and stays.
func (u *undoing) carryBack(source, target string) error {
	for _, part := range []struct {
		collection, code string
		ids              []string
	}{{desk.Messages, "messages", u.moved.Messages}, {desk.Events, "", u.moved.Events}, {desk.Promises, "promises", u.moved.Promises}, {desk.CaseEscalations, "", u.moved.Escalations}} {
		n, err := move(u.tx, part.collection, "case", part.ids, target, source)
		if err != nil {
			return err
		}
		if part.code != "" {
			u.leave(part.code, len(part.ids)-n)
		}
	}
	if err := follow(u.tx, u.moved.Messages, target, source); err != nil {
		return err
	}
	since, err := aboutSince(u.tx, target, source, u.moved.Messages)
	if err != nil {
		return err
	}
	runs, err := ofEscalations(u.tx, target, u.moved.Escalations)
	if err != nil {
		return err
	}
	if _, err := move(u.tx, desk.Events, "case", append(since, runs...), target, source); err != nil {
		return err
	}
	var came int64
	came, err = u.tx.CountRecords(desk.Messages, dbx.And(dbx.HashExp{"case": target},
		dbx.NewExp("[[created]] > {:at}", dbx.Params{"at": u.merge.GetString("created")})))
	if err != nil {
		return err
	}
	u.leave("came_since", int(came))
	return desk.MessagesMoved(u.tx, u.moved.Messages, target, source)
}

// aboutSince are the events that came since about messages which went back.
func aboutSince(tx core.App, target, source string, messages []string) ([]string, error) {
	var back []string
	for rest := messages; len(rest) > 0; {
		part := rest[:min(chunk, len(rest))]
		rest = rest[len(part):]
		var ids []string
		err := tx.DB().Select("id").From(desk.Name(tx, desk.Messages)).
			Where(dbx.And(dbx.In("id", anys(part)...), dbx.HashExp{"case": source})).Column(&ids)
		if err != nil {
			return nil, err
		}
		back = append(back, ids...)
	}
	return about(tx, target, back)
}

// closeSplit ends a case that was split off, once nothing stands on it any more:
// its number and its links lead back.
func (u *undoing) closeSplit(source, target *desk.Case) error {
	n, err := u.tx.CountRecords(desk.Messages, dbx.HashExp{"case": target.Id})
	if err != nil || n > 0 {
		return err
	}
	if !target.Done() {
		target.Set("resolved_at", desk.Date(desk.Now(u.tx)))
	}
	target.Set("status", desk.Closed)
	target.Set("waiting_since", "")
	target.Set("next_response_due", "")
	target.Set("merged_into", source.Id)
	return nil
}

// promisesBack opens the promises again that the merge withdrew.
func (u *undoing) promisesBack(cases ...string) error {
	for id := range u.moved.Before {
		if slices.Contains(cases, id) {
			continue
		}
		r, err := u.tx.FindRecordById(desk.Promises, id)
		if err != nil {
			continue // erased
		}
		if err := u.putBack(r); err != nil {
			return err
		}
		if err := desk.Save(u.tx, r); err != nil {
			return err
		}
	}
	return nil
}

// promised sets a case's date to the earliest that is still open there, where
// there are promises at all: they may have been kept or withdrawn meanwhile.
func (u *undoing) promised(c *desk.Case) error {
	if len(u.moved.Promises) == 0 {
		return nil
	}
	open, err := openPromise(u.tx, c.Id)
	if err == nil {
		c.Set("promised_at", open)
	}
	return err
}

// contacts takes back a merge of two contacts.
func (u *undoing) contacts() error {
	source, errS := u.tx.FindRecordById(desk.Contacts, u.merge.Source())
	target, errT := u.tx.FindRecordById(desk.Contacts, u.merge.Target())
	if errS != nil || errT != nil {
		return refuse(Gone) // erased
	}
	switch {
	case target.GetString("merged_into") != "":
		return refuse(MergeFirst)
	case source.GetString("merged_into") != target.Id:
		return refuse(Merged)
	}
	if tied, err := u.tied(); err != nil || tied {
		if err == nil {
			err = refuse(MergeFirst)
		}
		return err
	}
	all := len(u.moved.Identities) + len(u.moved.Messages) + len(u.moved.Invitations) + len(u.moved.Cases)
	n, err := handOver(u.tx, &u.moved, target.Id, source.Id)
	if err != nil {
		return err
	}
	u.leave("moved_on", all-n)
	if err := unconvert(u.tx, u.moved.Converted); err != nil {
		return err
	}
	for _, r := range []*core.Record{source, target} {
		if err := u.putBack(r); err != nil {
			return err
		}
		if err := desk.Save(u.tx, r); err != nil {
			return err
		}
	}
	came, err := u.tx.CountRecords(desk.Cases, dbx.And(dbx.HashExp{"contact": target.Id},
		dbx.NewExp("[[created]] > {:at}", dbx.Params{"at": u.merge.GetString("created")})))
	if err != nil {
		return err
	}
	u.leave("cases_since", int(came))
	return tellCases(u.tx, u.agent, u.moved.Cases, target.Id, desk.EventUnmerged, u.merge.Id)
}
