// Package promising keeps the dates by which staff said that they would answer:
// made, kept by an answer in time, broken, withdrawn. The case bears the date
// that counts in promised_at, which its dues and its visitor's page read.
//
//	book := promising.New(app, promising.Config{Commit: committer})
//	err = book.Vow(caseID, desk.Vow{Agent: agent.Id, Due: friday})
//	n, err := book.Tick()
package promising

import (
	"errors"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Config is what the book works with.
type Config struct {
	Commit *desk.Committer
}

// Book keeps the promises of an app.
type Book struct {
	app    core.App
	commit *desk.Committer
}

// New makes the book.
func New(app core.App, c Config) *Book { return &Book{app: app, commit: c.Commit} }

// ErrSettled says that a promise is no longer open.
var ErrSettled = errors.New("this promise is settled already")

// Farthest is how far away a promise may lie.
const Farthest = 2 * 366 * 24 * time.Hour

// Bounds of the warning before a promise is due.
const (
	warnBefore = 2 * time.Hour
	warnPart   = 5 // or a fifth of the time, where that is less
)

// maxText is how much of a promise's words is kept.
const maxText = 300

// Check refuses a date that is no promise's: past, or years away. The error is
// of the field due_at.
func Check(now, due time.Time) error {
	sentence := ""
	switch {
	case due.IsZero():
		sentence = "Give the date by which you answer."
	case !due.After(now):
		sentence = "This date is over."
	case due.Sub(now) > Farthest:
		sentence = "This date is too far away."
	default:
		return nil
	}
	return validation.Errors{"due_at": validation.NewError("validation_due", sentence)}
}

// Make makes a promise on a case and puts it into promised_at; an open one is
// replaced. Saving the case, and recording the events after that, is the caller's.
func (b *Book) Make(tx core.App, c *desk.Case, v desk.Vow) ([]desk.Event, error) {
	now := desk.Now(tx)
	if err := Check(now, v.Due); err != nil {
		return nil, err
	}
	if c.Done() {
		return nil, validation.Errors{"due_at": validation.NewError("validation_done", "A promise needs a case that is not done: leave it open, or waiting for the visitor.")}
	}
	old, err := desk.OpenPromise(tx, c.Id)
	if err != nil {
		return nil, err
	}
	r, err := desk.New(tx, desk.Promises)
	if err != nil {
		return nil, err
	}
	r.Id = core.GenerateDefaultRandomId()
	r.Load(map[string]any{
		"case": c.Id, "message": v.Message, "agent": v.Agent, "text": desk.Clip(desk.OneLine(v.Text), maxText),
		"due_at": desk.Date(v.Due), "warn_at": desk.Date(warnAt(now, v.Due)), "state": desk.PromiseOpen,
	})
	var events []desk.Event
	if old != nil {
		gone, err := b.settle(tx, c, old, settling{state: desk.PromiseWithdrawn, actor: v.Agent, reason: "replaced"})
		if err != nil {
			return nil, err
		}
		events = append(events, gone)
	}
	if err := desk.Save(tx, r); err != nil {
		return nil, err
	}
	before := c.GetString("promised_at")
	c.Set("promised_at", desk.Date(v.Due))
	after := map[string]any{"promise": r.Id, "promised_at": c.GetString("promised_at"), "text": r.GetString("text")}
	if v.Message != "" {
		after["message"] = v.Message
	}
	return append(events, desk.Event{Case: c.Id, Actor: v.Agent, Kind: desk.EventPromised,
		Before: map[string]any{"promised_at": before}, After: after}), nil
}

func warnAt(now, due time.Time) time.Time {
	return due.Add(-min(warnBefore, due.Sub(now)/warnPart))
}

// Withdraw takes the case's open promise back, and promised_at with it.
func (b *Book) Withdraw(tx core.App, c *desk.Case, agent string) ([]desk.Event, error) {
	p, err := desk.OpenPromise(tx, c.Id)
	if err != nil {
		return nil, err
	}
	before := c.GetString("promised_at")
	if p != nil {
		ev, err := b.settle(tx, c, p, settling{state: desk.PromiseWithdrawn, actor: agent})
		return []desk.Event{ev}, err
	}
	if before == "" {
		return nil, nil
	}
	c.Set("promised_at", "") // of a broken one, which stays broken
	return []desk.Event{{Case: c.Id, Actor: agent, Kind: desk.EventPromiseWithdrawn,
		Before: map[string]any{"promised_at": before}, After: map[string]any{"promised_at": ""}}}, nil
}

// settling is how a promise ends.
type settling struct{ state, actor, reason, message string }

// settle ends an open promise. A broken one leaves promised_at as it is: the
// visitor still waits.
func (b *Book) settle(tx core.App, c *desk.Case, p *desk.Promise, s settling) (desk.Event, error) {
	ev := desk.Event{Case: c.Id, Actor: s.actor, Before: map[string]any{"promised_at": c.GetString("promised_at")}, After: map[string]any{"promise": p.Id}}
	p.Set("state", s.state)
	p.Set("settled_at", desk.Date(desk.Now(tx)))
	p.Set("warn_at", "")
	p.Set("answer", s.message)
	if s.state != desk.PromiseBroken || s.message != "" {
		c.Set("promised_at", "")
	}
	ev.After["promised_at"] = c.GetString("promised_at")
	ev.Kind = map[string]string{
		desk.PromiseKept: desk.EventPromiseKept, desk.PromiseBroken: desk.EventPromiseBroken, desk.PromiseWithdrawn: desk.EventPromiseWithdrawn,
	}[s.state]
	if s.reason != "" {
		ev.After["reason"] = s.reason
	}
	if s.message != "" {
		ev.After["message"] = s.message
	}
	return ev, desk.Save(tx, p.Record)
}
