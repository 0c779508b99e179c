package assigning

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// How much of the audit trail is read at once, and how many cases of it share a
// transaction.
const (
	readLines = 500
	atOnce    = 50
)

// patience is for how long a case waits for the rules.
const patience = time.Minute

// task is what an event asks for.
type task struct {
	line  desk.Line
	give  bool // to somebody, if nobody has it
	check bool // whether whoever has it is there
	clear bool // it was given or taken by others: it doesn't wait any more
}

// taskOf reads an event; ok is false for one that changes nothing about who
// should have the case.
func taskOf(l desk.Line) (t task, ok bool) {
	if l.Case == "" {
		return t, false
	}
	t.line = l
	var before, after struct {
		Status string `json:"status"`
		By     string `json:"by"`
		Quiet  bool   `json:"quiet"`
	}
	_ = json.Unmarshal([]byte(l.Before), &before)
	_ = json.Unmarshal([]byte(l.After), &after)
	switch l.Kind {
	case "opened", "team", "unmarked_spam":
		t.give, t.check = true, true
	case "visitor_wrote":
		t.check = !after.Quiet
	case "status":
		t.check = after.Status == desk.Unread || after.Status == desk.Open
		t.give = t.check && l.Actor == "" // who opens it by hand is at it
	case "assignee":
		if after.By == By {
			return t, false
		}
		t.clear, t.check = true, l.Actor == "" // people may give to whom they like
	}
	return t, t.give || t.check || t.clear
}

// Follow deals with what the audit trail says since the last time, after the
// rules. It returns how many events it read; held tells that some wait for the
// rules.
func (s *Station) Follow(ctx context.Context) (n int, held bool, err error) {
	for ctx.Err() == nil {
		lines, err := s.feed.Next(readLines)
		if err != nil {
			return n, false, err
		}
		ready, err := s.ready(lines)
		if err != nil || len(ready) == 0 {
			return n, len(lines) > 0, err
		}
		part, tasks := cut(ready)
		err = s.commit.Do(func(tx core.App) error { return s.batch(tx, tasks, part[len(part)-1]) })
		if err != nil {
			err = s.oneByOne(part, err)
		}
		if err != nil {
			return n, false, err
		}
		n += len(part)
	}
	return n, false, ctx.Err()
}

// ready are the events that the rules have dealt with, and those that are old
// enough: rules that are stuck hold up nobody's case for long.
func (s *Station) ready(lines []desk.Line) ([]desk.Line, error) {
	row, known, err := desk.FeedPlace(s.app, s.rules)
	if err != nil || !known {
		return lines, err
	}
	now := desk.Now(s.app)
	until := slices.IndexFunc(lines, func(l desk.Line) bool {
		at, _ := types.ParseDateTime(l.Created)
		return l.Row > row && now.Sub(at.Time()) < patience
	})
	if until >= 0 {
		lines = lines[:until]
	}
	return lines, nil
}

// cut takes as many events as one transaction deals with.
func cut(lines []desk.Line) (part []desk.Line, tasks []task) {
	for i, l := range lines {
		t, ok := taskOf(l)
		if !ok {
			continue
		}
		if len(tasks) == atOnce {
			return lines[:i], tasks
		}
		tasks = append(tasks, t)
	}
	return lines, tasks
}

func (s *Station) batch(tx core.App, tasks []task, last desk.Line) error {
	if len(tasks) > 0 {
		r, err := newRound(tx)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			if err := r.run(t); err != nil {
				return fmt.Errorf("case %s: %w", t.line.Case, err)
			}
		}
	}
	return s.feed.Moved(tx, last)
}

// oneByOne deals with events of which one can't be dealt with: it is left out,
// and told in the log. Where not even that can be noted, all of them stay.
func (s *Station) oneByOne(lines []desk.Line, why error) error {
	var failed []error
	for _, l := range lines {
		_, tasks := cut([]desk.Line{l})
		err := s.commit.Do(func(tx core.App) error { return s.batch(tx, tasks, l) })
		if err == nil {
			continue
		}
		if moved := s.commit.Do(func(tx core.App) error { return s.feed.Moved(tx, l) }); moved != nil {
			return errors.Join(why, moved)
		}
		failed = append(failed, err)
	}
	if len(failed) > 0 {
		s.app.Logger().Error("cases could not be given to anybody", "error", errors.Join(failed...))
	}
	return nil
}

func (r *round) run(t task) error {
	c, err := r.read(t.line.Case)
	if err != nil || c == nil {
		return err
	}
	if t.clear {
		if err := r.clear(c); err != nil {
			return err
		}
	}
	if t.check && c.Assignee() != "" || t.give && c.Assignee() == "" && ours(c) {
		return r.settle(c.Id, false)
	}
	return nil
}

// clear takes the marks of a case that others gave away or took back.
func (r *round) clear(c *desk.Case) error {
	given := c.Assignee() != "" && !c.GetDateTime("alarmed_at").IsZero()
	if c.GetDateTime("queued_at").IsZero() && !given {
		return nil
	}
	c.Set("queued_at", "")
	if given {
		c.Set("alarmed_at", "") // should nobody have it again, that is told again
	}
	return desk.Save(r.app, c.Record)
}
