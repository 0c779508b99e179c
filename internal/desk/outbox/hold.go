package outbox

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// hold parks what is queued of kinds whose carrier isn't set up.
func (w *Worker) hold() error {
	return w.swap(w.kinds(false), state{desk.Queued, desk.Held, desk.DeliveryHeld})
}

// Release queues what was held, once a mail server is set up; so for every kind.
func (w *Worker) Release() error {
	kinds := w.kinds(true)
	if len(kinds) == 0 {
		return nil
	}
	if err := w.swap(kinds, state{desk.Held, desk.Queued, desk.DeliveryQueued}); err != nil {
		return err
	}
	w.Kick()
	return nil
}

func (w *Worker) swap(kinds []any, s state) error {
	if len(kinds) == 0 {
		return nil
	}
	for {
		var rows []*core.Record
		err := w.app.RecordQuery(desk.Outbox).AndWhere(dbx.HashExp{"status": s.from}).AndWhere(dbx.In("kind", kinds...)).
			OrderBy("rowid").Limit(200).All(&rows)
		if err != nil || len(rows) == 0 {
			return err
		}
		err = w.commit.Do(func(tx core.App) error {
			for _, r := range rows {
				if err := swapOne(tx, r.Id, s); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// state is the change of a delivery's status, with the new one of its message.
type state struct{ from, to, delivery string }

func swapOne(tx core.App, id string, s state) error {
	r, err := tx.FindRecordById(desk.Outbox, id)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && r.GetString("status") != s.from) {
		return nil // somebody else was faster
	}
	if err != nil {
		return err
	}
	d := desk.AsDelivery(r)
	d.Set("status", s.to)
	d.Set("next_attempt", "")
	if s.to == desk.Queued {
		d.Retry(desk.Now(tx))
		if p, err := d.Payload(); err == nil && p.Undo != nil {
			p.Undo = nil // it leaves at once, however long ago it was written
			d.Set("payload", p)
		}
	}
	if err := desk.Save(tx, d.Record); err != nil {
		return err
	}
	m, err := desk.FindMessage(tx, d.Message())
	if err != nil {
		return nil
	}
	m.Set("delivery", s.delivery)
	return desk.Save(tx, m.Record)
}
