package promising

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Answered settles what was promised on a case by a message of a person to its
// visitor: kept where it is in time, else broken. Saving the case, and
// recording the events after that, is the caller's.
func (b *Book) Answered(tx core.App, c *desk.Case, m *desk.Message) ([]desk.Event, error) {
	p, err := desk.OpenPromise(tx, c.Id)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, b.answerLate(tx, c, m)
	}
	s := settling{state: desk.PromiseKept, actor: m.Author(), message: m.Id}
	if desk.Now(tx).After(p.Due()) {
		s.state = desk.PromiseBroken
	}
	ev, err := b.settle(tx, c, p, s)
	return []desk.Event{ev}, err
}

// answerLate notes which message came at last after a broken promise.
func (b *Book) answerLate(tx core.App, c *desk.Case, m *desk.Message) error {
	if c.GetDateTime("promised_at").IsZero() {
		return nil
	}
	c.Set("promised_at", "")
	rows, err := tx.FindAllRecords(desk.Promises, dbx.HashExp{"case": c.Id, "state": desk.PromiseBroken, "answer": ""})
	if err != nil {
		return err
	}
	for _, r := range rows {
		r.Set("answer", m.Id)
		if err := desk.Save(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// Unsent undoes what a message did that its author takes back: what it promised
// was never said, and what it kept is open again. Saving the case is the caller's.
func (b *Book) Unsent(tx core.App, c *desk.Case, m *desk.Message) error {
	made, err := tx.FindAllRecords(desk.Promises, dbx.HashExp{"message": m.Id})
	if err != nil {
		return err
	}
	for _, r := range made {
		if r.GetString("state") == desk.PromiseOpen {
			c.Set("promised_at", "")
		}
		if err := tx.Delete(r); err != nil {
			return err
		}
	}
	kept, err := tx.FindAllRecords(desk.Promises, dbx.HashExp{"answer": m.Id})
	if err != nil {
		return err
	}
	for _, r := range kept {
		if err := b.reopen(tx, c, desk.AsPromise(r)); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) reopen(tx core.App, c *desk.Case, p *desk.Promise) error {
	p.Set("answer", "")
	if p.State() == desk.PromiseKept {
		other, err := desk.OpenPromise(tx, c.Id)
		if err != nil {
			return err
		}
		if other != nil { // made meanwhile: the case goes by that one
			return nil
		}
		p.Set("state", desk.PromiseOpen)
		p.Set("settled_at", "")
		p.Set("warn_at", desk.Date(warnAt(p.GetDateTime("created").Time(), p.Due())))
	}
	if c.GetDateTime("promised_at").IsZero() {
		c.Set("promised_at", desk.Date(p.Due()))
	}
	return desk.Save(tx, p.Record)
}
