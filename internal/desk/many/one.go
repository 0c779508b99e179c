package many

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// EventMacro is the line of the audit trail that names the macro behind what
// follows. Its after fields are {macro, id}: its name.
const EventMacro = "macro"

// outcome is what became of one case.
type outcome struct {
	done   Done
	number int
	err    error
}

// errStopped stands for cases that nobody waits for any more.
var errStopped = &Refusal{Code: CodeStopped, Message: "This was stopped before it was done."}

// each does something with every id, several at once, and keeps their order. An
// ended context leaves the rest undone.
func each(ctx context.Context, ids []string, do func(id string) outcome) []outcome {
	out := make([]outcome, len(ids))
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(side, len(ids)) {
		wg.Go(func() {
			for i := range next {
				if ctx != nil && ctx.Err() != nil {
					out[i].err = errStopped
					continue
				}
				out[i] = guarded(do, ids[i])
			}
		})
	}
	for i := range ids {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

// guarded turns a panic into an error: from here it would take the process along.
func guarded(do func(id string) outcome, id string) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o.err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do(id)
}

// unique leaves out ids that come again.
func unique(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// find is a case that the agent may see and may change, as he had it before him.
func (p *plan) find(app core.App, id string) (*desk.Case, error) {
	c, err := desk.FindCase(app, id)
	if err != nil || !p.own && !p.agent.Sees(c.Team()) {
		return nil, gone()
	}
	if c.GetString("merged_into") != "" {
		return c, &Refusal{Code: CodeMerged, Message: "This case was merged into another one."}
	}
	if seen := p.versions[id]; seen > 0 {
		return c, p.unchanged(app, c, seen)
	}
	return c, nil
}

// unchanged refuses where others changed the case since a version, or its visitor
// wrote. Rules and other automatics that touched what the plan doesn't set, and
// what the agent did himself, are no reason to: they act seconds after every change.
func (p *plan) unchanged(app core.App, c *desk.Case, since int) error {
	ok, err := desk.Meanwhile{Case: c.Id, Seen: since, Now: c.GetInt("version"), Agent: p.agent.Id, Fields: p.fields}.Harmless(app)
	if err == nil && !ok {
		err = p.changed(app, c, since)
	}
	return err
}

// tried is a case with the plan's changes in memory, and its answer rendered.
type tried struct {
	before, after *desk.Case
	letter        *Letter
}

// try does on a copy what can be done without writing, so that nothing slow is
// left for the transaction.
func (s *Station) try(app core.App, p *plan, id string) (*tried, error) {
	c, err := p.find(app, id)
	t := &tried{before: c}
	if err != nil {
		return t, err
	}
	t.after = desk.AsCase(c.Clone())
	if err := p.apply(t.after); err != nil {
		return t, err
	}
	if p.answer != nil {
		t.letter, err = s.render(app, p, t.after)
	}
	return t, err
}

func (p *plan) apply(c *desk.Case) error {
	for _, change := range p.changes {
		if err := change(c); err != nil {
			return err
		}
	}
	return nil
}

// one does everything on one case, or nothing.
func (s *Station) one(app core.App, p *plan, id string) outcome {
	t, err := s.try(app, p, id)
	o := outcome{err: err}
	if t.before != nil {
		o.number = t.before.Number()
	}
	if err != nil {
		return o
	}
	o.err = s.commit.Do(func(tx core.App) (err error) {
		o.done, err = s.write(tx, p, t)
		return err
	})
	return o
}

// write does it inside the transaction. It may run twice: what it saves is made anew.
func (s *Station) write(tx core.App, p *plan, t *tried) (Done, error) {
	done := Done{ID: t.before.Id, Number: t.before.Number()}
	c, err := p.find(tx, done.ID)
	if err != nil {
		return done, err
	}
	if err := p.unchanged(tx, c, t.before.GetInt("version")); err != nil {
		return done, err
	}
	u := undo{Case: done.ID, Agent: p.agent.Id, At: desk.Now(tx).Unix(), Note: p.note != "", Spam: p.spam}
	if p.macro != "" {
		err = desk.Record(tx, desk.Event{Case: c.Id, Actor: p.agent.Id, Kind: EventMacro, After: map[string]any{"macro": p.name, "id": p.macro}})
	}
	if err == nil {
		u.Before, err = s.alter(tx, p, c)
	}
	if err == nil && p.note != "" {
		_, err = s.say(tx, c, p, entry{direction: desk.Note, body: p.note})
	}
	if err == nil && t.letter != nil {
		u.Message, err = s.say(tx, c, p, entry{direction: desk.Out, subject: t.letter.Subject, body: t.letter.Body, template: p.answer.Template, status: p.answer.Status})
	}
	if err == nil && p.spam {
		err = s.Spam(tx, c.Id, p.agent)
	}
	if err != nil {
		return done, err
	}
	if c, err = desk.FindCase(tx, c.Id); err != nil {
		return done, err
	}
	done.Version = c.GetInt("version")
	u.Version = done.Version
	done.Undo, err = u.sign(tx)
	return done, err
}

// alter changes the fields and gives what they were before.
func (s *Station) alter(tx core.App, p *plan, c *desk.Case) (map[string]any, error) {
	before := desk.AsCase(c.Clone())
	if err := p.apply(c); err != nil {
		return nil, err
	}
	events, err := s.Change(tx, before, c, p.agent, 0)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	if err := errors.Join(desk.Save(tx, c.Record), desk.Record(tx, events...)); err != nil {
		return nil, err
	}
	was := differences(before, c)
	for _, field := range following() { // taking back a status counts as reopening, unless we know better
		was[field] = plain(before, field)
	}
	return was, nil
}

// following are fields that change with others.
func following() []string {
	return []string{"resolved_at", "reopened", "reasons", "first_response_due", "next_response_due", "reminded_at"}
}

type entry struct{ direction, subject, body, template, status string }

// say adds a note or an answer to a case.
func (s *Station) say(tx core.App, c *desk.Case, p *plan, e entry) (string, error) {
	m, err := desk.NewMessage(tx, c.Id)
	if err != nil {
		return "", err
	}
	m.Id = core.GenerateDefaultRandomId()
	m.Set("direction", e.direction)
	m.Set("channel", desk.ChannelEmail)
	m.Set("subject", e.subject)
	m.Set("body", e.body)
	m.Set("template", e.template)
	w := Entry{Case: c, Agent: p.agent, Message: m, Status: e.status, Sure: p.versions[c.Id] > 0}
	if e.direction == desk.Out {
		w.Undo = p.wait
	}
	save, err := s.Write(tx, w)
	if err != nil {
		return "", err
	}
	return m.Id, save(tx)
}
