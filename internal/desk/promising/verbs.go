package promising

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Vow makes a promise by itself: on the phone, or by hand. It returns the open
// promise. Errors of Check are validation errors.
func (b *Book) Vow(caseID string, v desk.Vow) (p *desk.Promise, err error) {
	err = b.commit.Do(func(tx core.App) error {
		c, err := desk.FindCase(tx, caseID)
		if err != nil {
			return err
		}
		events, err := b.Make(tx, c, v)
		if err != nil {
			return err
		}
		if err := save(tx, c, events); err != nil {
			return err
		}
		p, err = desk.OpenPromise(tx, c.Id)
		return err
	})
	return p, err
}

// Retract takes a promise back that is open, else [ErrSettled].
func (b *Book) Retract(promise string, agent *desk.Agent) error {
	return b.commit.Do(func(tx core.App) error {
		p, err := desk.FindPromise(tx, promise)
		if err != nil {
			return err
		}
		if p.State() != desk.PromiseOpen {
			return ErrSettled
		}
		c, err := desk.FindCase(tx, p.Case())
		if err != nil {
			return err
		}
		events, err := b.Withdraw(tx, c, agent.Id)
		if err != nil {
			return err
		}
		return save(tx, c, events)
	})
}

func save(tx core.App, c *desk.Case, events []desk.Event) error {
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	return desk.Record(tx, events...)
}
