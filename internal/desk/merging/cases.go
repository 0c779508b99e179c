package merging

import (
	"maps"
	"slices"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// caseFields are the fields of a case that a merge may change.
func caseFields() []string {
	return append([]string{
		"status", "resolved_at", "reopened", "merged_into", "team", "tags", "assignee", "promised_at", "waiting_since", "next_response_due", "last_in_at",
		"follow_up_at", "follow_up_note", "follow_up_for", "reminded_at", "problem", "problem_told", "problem_told_at",
		"queued_at", "alarmed_at", "nudged_at",
	}, caseClock()...)
}

// caseClock says since when a case has its status, how its time ran, and what it
// owes by when: of a case that is done it is not found out anew.
func caseClock() []string {
	return []string{"status_since", "paused_at", "clock", "told", "policy", "first_response_due", "resolution_due"}
}

// pair are two cases that may be merged.
type pair struct {
	source, target *desk.Case
	apart          bool // their visitors may be two
	remarks
}

// findPair finds both cases and refuses what can't be merged.
func findPair(app core.App, agent *desk.Agent, r Request) (*pair, error) {
	if r.Source == r.Target {
		return nil, refuse(Same)
	}
	p := &pair{}
	for id, to := range map[string]**desk.Case{r.Source: &p.source, r.Target: &p.target} {
		c, err := desk.FindCase(app, id)
		if err != nil || !agent.Sees(c.Team()) {
			return nil, refuse(Gone)
		}
		*to = c
	}
	for _, c := range []*desk.Case{p.source, p.target} {
		if c.MergedInto() != "" {
			return nil, refuse(Merged)
		}
		if c.Contact() == "" && c.Feedback() == "" {
			return nil, refuse(Erased)
		}
		if spam, err := c.IsSpam(app); err != nil {
			return nil, err
		} else if spam {
			return nil, refuse(Spam)
		}
	}
	now := p.seen()
	if r.Seen.Source != "" && r.Seen.Source != now.Source || r.Seen.Target != "" && r.Seen.Target != now.Target {
		return nil, refuse(Changed)
	}
	same, err := sameVisitor(app, p.source, p.target)
	p.apart = !same
	return p, err
}

func (p *pair) seen() Seen {
	return Seen{strconv.Itoa(p.source.GetInt("version")), strconv.Itoa(p.target.GetInt("version"))}
}

func previewCases(app core.App, agent *desk.Agent, r Request) (*Preview, error) {
	p, err := findPair(app, agent, r)
	if err != nil {
		return nil, err
	}
	out := &Preview{Kind: r.Kind, Source: sideOf(app, p.source), Target: sideOf(app, p.target), Seen: p.seen(), Conflicts: []Remark{}, Warnings: []Remark{}}
	if out.Counts, err = countCase(app, p.source.Id); err != nil {
		return nil, err
	}
	if n := out.Counts["messages"] + out.Counts["notes"]; n > MaxMessages {
		return nil, refuse(TooMany)
	}
	if err := p.mix(app, types.DateTime{}); err != nil {
		return nil, err
	}
	out.Conflicts, out.Warnings = append(out.Conflicts, p.conflicts...), append(out.Warnings, p.warnings...)
	return out, nil
}

// countCase counts what a case would give away.
func countCase(app core.App, id string) (map[string]int, error) {
	out := map[string]int{}
	var rows []struct {
		Note  bool `db:"note"`
		N     int  `db:"n"`
		Files int  `db:"files"`
	}
	err := app.DB().Select("[[direction]] = 'note' AS note", "COUNT(*) AS n",
		"SUM(CASE WHEN json_valid([[attachments]]) THEN json_array_length([[attachments]]) ELSE 0 END) AS files").
		From(desk.Name(app, desk.Messages)).Where(dbx.HashExp{"case": id}).GroupBy("note").All(&rows)
	for _, r := range rows {
		if r.Note {
			out["notes"] += r.N
		} else {
			out["messages"] += r.N
		}
		out["files"] += r.Files
	}
	if err != nil {
		return nil, err
	}
	n, err := app.CountRecords(desk.Promises, dbx.HashExp{"case": id})
	out["promises"] = int(n)
	maps.DeleteFunc(out, func(_ string, n int) bool { return n == 0 })
	return out, err
}

func sideOf(app core.App, c *desk.Case) Side {
	return Side{ID: c.Id, Number: c.Number(), Subject: c.Subject(), Status: c.Status(), Name: nameOf(app, c),
		Addresses: addressesOf(app, c), Created: c.GetString("created")}
}

// addressesOf is where the link to a case went.
func addressesOf(app core.App, c *desk.Case) []string {
	if f, err := desk.FindFeedback(app, c.Feedback()); err == nil {
		if _, value := linkOf(f); value != "" {
			return []string{value}
		}
	}
	return []string{}
}

// nameOf is the name of a case's person; "" where there is none.
func nameOf(app core.App, c *desk.Case) string {
	r, err := app.FindRecordById(desk.Contacts, c.Contact())
	if err != nil {
		return ""
	}
	return r.GetString("name")
}

func mergeCases(tx core.App, agent *desk.Agent, r Request) (*Done, error) {
	p, err := findPair(tx, agent, r)
	if err != nil {
		return nil, err
	}
	moved, err := p.gather(tx)
	if err != nil {
		return nil, err
	}
	before := map[string]desk.Fields{p.source.Id: fields(p.source.Record, caseFields()), p.target.Id: fields(p.target.Record, caseFields())}
	if err := carry(tx, moved, p.source.Id, p.target.Id); err != nil {
		return nil, err
	}
	open, err := moved.onePromise(tx, p.target.Id, before)
	if err != nil {
		return nil, err
	}
	status := p.target.Status()
	if err := p.mix(tx, open); err != nil {
		return nil, err
	}
	p.close(tx)
	for _, c := range []*desk.Case{p.source, p.target} {
		c.Touch()
		if err := desk.Save(tx, c.Record); err != nil {
			return nil, err
		}
	}
	moved.note(before, caseFields(), p.source.Record, p.target.Record)
	done, err := keep(tx, agent, desk.MergeCase, *moved, r)
	if err != nil {
		return nil, err
	}
	done.Number = p.target.Number()
	events := []desk.Event{
		{Case: p.source.Id, Actor: agent.Id, Kind: desk.EventMerged, After: map[string]any{"merge": done.ID, "role": "source", "case": p.target.Id, "number": p.target.Number()}},
		{Case: p.target.Id, Actor: agent.Id, Kind: desk.EventMerged, After: map[string]any{"merge": done.ID, "role": "target", "case": p.source.Id, "number": p.source.Number()}},
	}
	if now := p.target.Status(); now != status {
		events = append(events, desk.Event{Case: p.target.Id, Actor: agent.Id, Kind: "status",
			Before: map[string]any{"status": status}, After: map[string]any{"status": now}})
	}
	return done, desk.Record(tx, events...)
}

// close ends the source: its number and its links lead to the target from now on.
func (p *pair) close(app core.App) {
	s := p.source
	if !s.Done() {
		s.Set("resolved_at", desk.Date(desk.Now(app)))
	}
	s.Set("status", desk.Closed)
	s.Set("team", p.target.Team()) // who works the target reads what was sent with the source too
	s.Set("merged_into", p.target.Id)
}

// gather lists what moves, and what a visitor's page has to know of it.
func (p *pair) gather(tx core.App) (*moving, error) {
	m := &moving{}
	var err error
	if m.Messages, err = idsOf(tx, desk.Messages, "case", p.source.Id, MaxMessages); err != nil {
		return nil, err
	}
	if m.Events, err = about(tx, p.source.Id, m.Messages); err != nil {
		return nil, err
	}
	if m.Promises, err = idsOf(tx, desk.Promises, "case", p.source.Id, MaxMessages); err != nil {
		return nil, err
	}
	if m.Escalations, err = goingOn(tx, p.source.Id); err != nil {
		return nil, err
	}
	m.Apart, m.Openers = p.apart, map[string]string{}
	for _, c := range []*desk.Case{p.source, p.target} {
		family, err := familyOf(tx, c)
		if err != nil {
			return nil, err
		}
		maps.Copy(m.Openers, family.Openers)
		m.Hidden = slices.AppendSeq(m.Hidden, maps.Keys(family.Hidden))
	}
	if p.apart {
		m.Hidden = append(m.Hidden, m.Messages...)
	}
	slices.Sort(m.Hidden)
	m.Hidden = slices.Compact(m.Hidden)
	return m, nil
}

// familyOf is a case's family, also where it was never merged: then its first
// message is the words of its own submission.
func familyOf(app core.App, c *desk.Case) (desk.Family, error) {
	family, err := desk.FamilyOf(app, c.Id)
	if err != nil || family.Openers != nil || c.Feedback() == "" {
		return family, err
	}
	var first []string
	err = app.DB().Select("id").From(desk.Name(app, desk.Messages)).Where(dbx.HashExp{"case": c.Id, "direction": desk.In}).
		OrderBy("created", "rowid").Limit(1).Column(&first)
	if len(first) == 1 {
		family.Openers = map[string]string{first[0]: c.Feedback()}
	}
	return family, err
}

// moving is what is about to be moved.
type moving struct{ desk.Bundle }

// note keeps what of records was changed.
func (m *moving) note(before map[string]desk.Fields, names []string, records ...*core.Record) {
	if m.Before == nil {
		m.Before, m.After = map[string]desk.Fields{}, map[string]desk.Fields{}
	}
	for _, r := range records {
		m.Before[r.Id], m.After[r.Id] = changed(before[r.Id], fields(r, names))
	}
}

// carry moves what belongs to a conversation from one case to another.
func carry(tx core.App, m *moving, from, to string) error {
	for collection, ids := range map[string][]string{desk.Messages: m.Messages, desk.Events: m.Events, desk.Promises: m.Promises, desk.CaseEscalations: m.Escalations} {
		if _, err := move(tx, collection, "case", ids, from, to); err != nil {
			return err
		}
	}
	if err := follow(tx, m.Messages, from, to); err != nil {
		return err
	}
	return desk.MessagesMoved(tx, m.Messages, from, to)
}

// keep saves the record of a merge.
func keep(tx core.App, agent *desk.Agent, kind string, m moving, r Request) (*Done, error) {
	record, err := desk.NewMerge(tx)
	if err != nil {
		return nil, err
	}
	record.Set("kind", kind)
	record.Set("source", r.Source)
	record.Set("target", r.Target)
	record.Set("moved", m.Bundle)
	record.Set("agent", agent.Id)
	if err := desk.Save(tx, record.Record); err != nil {
		return nil, err
	}
	return &Done{ID: record.Id, Source: r.Source, Target: r.Target}, nil
}
