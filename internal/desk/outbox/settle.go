package outbox

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// settle records what became of a mail.
func (w *Worker) settle(tx core.App, l *letter) error {
	if _, err := tx.FindRecordById(desk.Outbox, l.delivery.Id); errors.Is(err, sql.ErrNoRows) {
		return nil // erased meanwhile: nothing of it may come back
	}
	var fault *mail.SendError
	switch {
	case l.err == nil:
		return w.finish(tx, l, outcome{desk.Sent, desk.DeliverySent, "sent", l.reply})
	case !errors.As(l.err, &fault):
		return w.finish(tx, l, outcome{desk.Failed, desk.DeliveryFailed, "send_failed", l.err.Error()})
	case fault.NullSenderRefused():
		w.rememberNoNull(serverOf(w.app).Host)
		return w.again(tx, l, 0)
	case fault.Unknown():
		return w.doubt(tx, l, fault.Error())
	case fault.Permanent():
		return w.finish(tx, l, outcome{desk.Failed, desk.DeliveryFailed, "send_failed", fault.Error()})
	}
	delay, ok := mail.Retry(l.delivery.Attempts())
	if !ok {
		return w.finish(tx, l, outcome{desk.Failed, desk.DeliveryFailed, "send_failed", "gave up after 48 hours: " + fault.Error()})
	}
	return w.again(tx, l, delay)
}

func (w *Worker) rememberNoNull(host string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.noNull = host
}

// outcome is how a delivery ended for now.
type outcome struct{ status, delivery, event, note string }

func (w *Worker) finish(tx core.App, l *letter, o outcome) error {
	l.delivery.Set("status", o.status)
	l.delivery.Set("next_attempt", "")
	l.delivery.Set("last_error", "")
	if l.err != nil {
		l.delivery.Set("last_error", desk.Clip(o.note, 900))
	}
	l.delivery.Set("payload", l.payload)
	if err := desk.Save(tx, l.delivery.Record); err != nil {
		return err
	}
	return w.tell(tx, l, o)
}

// tell writes the outcome on the message and the timeline, for a notice on that
// of the submission.
func (w *Worker) tell(tx core.App, l *letter, o outcome) error {
	after := map[string]any{"kind": l.payload.Kind, "reason": desk.Clip(o.note, 900)}
	if l.message == nil {
		return desk.Record(tx, desk.Event{Feedback: l.delivery.Feedback(), Kind: o.event, After: after})
	}
	l.message.Set("delivery", o.delivery)
	l.message.Set("delivery_note", desk.Clip(o.note, 900))
	if err := desk.Save(tx, l.message.Record); err != nil {
		return err
	}
	after["message"] = l.message.Id
	return desk.Record(tx, desk.Event{Case: l.message.Case(), Kind: o.event, After: after})
}

// again puts a mail back for a later try.
func (w *Worker) again(tx core.App, l *letter, delay time.Duration) error {
	l.delivery.Retry(desk.Now(tx).Add(delay))
	l.delivery.Set("last_error", desk.Clip(l.err.Error(), 900))
	if err := desk.Save(tx, l.delivery.Record); err != nil || l.message == nil {
		return err
	}
	l.message.Set("delivery_note", desk.Clip(l.err.Error(), 900))
	return desk.Save(tx, l.message.Record)
}

// doubt looks after a mail that the server may have taken: one more try with
// the same Message-ID, after that it is left to staff.
func (w *Worker) doubt(tx core.App, l *letter, why string) error {
	if l.payload.Doubt {
		l.err = errors.New(why)
		return w.finish(tx, l, outcome{desk.Unknown, desk.DeliveryFailed, "send_unknown", "may have arrived twice or not at all: " + why})
	}
	p := l.payload // a copy: the group of writes around this one may be run again
	p.Doubt = true
	l.delivery.Set("payload", p)
	l.delivery.Set("status", desk.Unknown)
	l.delivery.Set("next_attempt", desk.Date(desk.Now(tx)))
	l.delivery.Set("last_error", desk.Clip(why, 900))
	if err := desk.Save(tx, l.delivery.Record); err != nil {
		return err
	}
	return w.tell(tx, l, outcome{"", desk.DeliveryQueued, "send_unknown", "tried once more: " + why})
}

// hold parks what is queued while no mail server is set up.
func (w *Worker) hold() error {
	return w.swap(desk.Queued, desk.Held, desk.DeliveryHeld)
}

// Release queues what was held, once a mail server is set up.
func (w *Worker) Release() error {
	if !desk.MailOn(w.app) {
		return nil
	}
	if err := w.swap(desk.Held, desk.Queued, desk.DeliveryQueued); err != nil {
		return err
	}
	w.Kick()
	return nil
}

func (w *Worker) swap(from, to, delivery string) error {
	for {
		var rows []*core.Record
		err := w.app.RecordQuery(desk.Outbox).AndWhere(dbx.HashExp{"status": from}).OrderBy("rowid").Limit(200).All(&rows)
		if err != nil || len(rows) == 0 {
			return err
		}
		err = w.commit.Do(func(tx core.App) error {
			for _, r := range rows {
				if err := swapOne(tx, r.Id, state{from, to, delivery}); err != nil {
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
