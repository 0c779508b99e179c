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

// waits is the condition under which a delivery waits for its next try.
const waits = "[[next_attempt]] != '' AND [[status]] IN ('queued', 'unknown')"

// claim takes what is due, fixes its bytes and commits that it is being sent.
// found is how much was due; what can't be sent now is no longer due after it.
func (w *Worker) claim() (letters []*Letter, found int, err error) {
	var rows []*core.Record
	now := desk.Now(w.app)
	err = w.app.RecordQuery(desk.Outbox).
		AndWhere(dbx.NewExp(waits)).AndWhere(dbx.In("kind", w.kinds(true)...)).
		AndWhere(dbx.NewExp("([[next_attempt]] <= {:now} OR [[next_attempt]] > {:far})",
			dbx.Params{"now": desk.Date(now).String(), "far": desk.Date(now.Add(farthest)).String()})).
		OrderBy("next_attempt", "rowid").Limit(batch).All(&rows)
	if err != nil || len(rows) == 0 {
		return nil, 0, err
	}
	err = w.commit.Do(func(tx core.App) error {
		letters = letters[:0]
		for _, row := range rows {
			l, err := w.take(tx, row.Id, now)
			if err != nil {
				return err
			}
			if l != nil {
				letters = append(letters, l)
			}
		}
		return nil
	})
	return letters, len(rows), err
}

// take marks one delivery as being sent; nil where it is no longer due or must wait for a cap.
func (w *Worker) take(tx core.App, id string, now time.Time) (*Letter, error) {
	r, err := tx.FindRecordById(desk.Outbox, id)
	if err != nil {
		return nil, nil // erased meanwhile
	}
	d := desk.AsDelivery(r)
	at := d.GetDateTime("next_attempt").Time()
	if d.Status() != desk.Queued && d.Status() != desk.Unknown || at.After(now) && !at.After(now.Add(farthest)) {
		return nil, nil
	}
	l, err := w.open(tx, d)
	if l == nil || err != nil {
		return nil, err
	}
	if gone, err := cancelled(tx, l); gone || err != nil {
		return nil, err
	}
	if l.Payload.Automatic() {
		if refused, err := w.refuseAutomatic(tx, l, now); refused || err != nil {
			return nil, err
		}
	}
	l.Payload.Undo = nil // from here on it can't be taken back
	if err := w.carriers[d.Kind()].Fix(tx, l); err != nil {
		return nil, w.bury(tx, l, err)
	}
	d.Set("payload", l.Payload)
	d.Set("status", desk.Sending)
	d.Set("attempts", d.Attempts()+1)
	return l, desk.Save(tx, d.Record)
}

// refuseAutomatic keeps mail that no person wrote from an address where it comes
// back, unless staff want to try, and holds it back over a cap.
func (w *Worker) refuseAutomatic(tx core.App, l *Letter, now time.Time) (bool, error) {
	dead, err := desk.Undeliverable(tx, l.Delivery.Recipient())
	switch {
	case err != nil:
		return false, err
	case dead && !l.Payload.ByHand:
		return true, w.bury(tx, l, errors.New("not sent: mail to this address comes back"))
	case w.capped(l.Delivery.Recipient()):
		l.Delivery.Retry(now.Add(10 * time.Minute))
		return true, desk.Save(tx, l.Delivery.Record)
	}
	return false, nil
}

// open reads what belongs to a delivery; nil where that can't be sent any more.
func (w *Worker) open(tx core.App, d *desk.Delivery) (*Letter, error) {
	l := &Letter{Delivery: d}
	if d.Message() == "" {
		return w.openNotice(tx, l)
	}
	var err error
	l.Message, err = desk.FindMessage(tx, d.Message())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, tx.Delete(d.Record) // erased meanwhile
	}
	if err != nil {
		return nil, err
	}
	if l.Payload, err = d.Payload(); err != nil {
		return nil, w.bury(tx, l, err)
	}
	return l, nil
}

// cancelled takes a letter out of the queue whose case was marked as spam while
// it was being sent: what was under way failed, and nobody wants it tried again.
func cancelled(tx core.App, l *Letter) (bool, error) {
	if l.Message == nil {
		return false, nil
	}
	c, err := desk.FindCase(tx, l.Message.Case())
	if err != nil {
		return false, err
	}
	if spam, err := c.IsSpam(tx); !spam || err != nil {
		return false, err
	}
	l.Delivery.Cancel(l.Message)
	return true, errors.Join(desk.Save(tx, l.Delivery.Record), desk.Save(tx, l.Message.Record))
}

// openNotice is open for a mail to staff, which is sent in any case, and for one
// about a submission. That is sent only while the submission waits: nobody need
// confirm what staff let through or threw away.
func (w *Worker) openNotice(tx core.App, l *Letter) (*Letter, error) {
	if l.Delivery.Feedback() == "" {
		if p, err := l.Delivery.Payload(); err == nil && p.Alone() {
			l.Payload = p
			return w.wanted(tx, l)
		}
	}
	v, err := desk.FindVerdictOf(tx, l.Delivery.Feedback())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, tx.Delete(l.Delivery.Record) // erased meanwhile
	}
	if err != nil {
		return nil, err
	}
	if !v.Waits() {
		l.Delivery.Set("status", desk.Cancelled)
		l.Delivery.Set("next_attempt", "")
		return nil, desk.Save(tx, l.Delivery.Record)
	}
	if l.Payload, err = l.Delivery.Payload(); err != nil {
		return nil, w.bury(tx, l, err)
	}
	return l, nil
}

// wanted is a mail that stands for itself; nil where it asks for somebody on a
// case that needs nobody any more.
func (w *Worker) wanted(tx core.App, l *Letter) (*Letter, error) {
	if l.Payload.Kind != desk.KindEscalated || l.Payload.ByHand {
		return l, nil
	}
	r, err := tx.FindRecordById(desk.CaseEscalations, l.Payload.Run)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, tx.Delete(l.Delivery.Record) // erased meanwhile
	}
	if err != nil || r.GetString("state") == desk.EscalationOpen {
		return l, err
	}
	l.Delivery.Set("status", desk.Cancelled)
	l.Delivery.Set("next_attempt", "")
	return nil, desk.Save(tx, l.Delivery.Record)
}

// bury takes a delivery out of the queue that can't even be made into a mail, so
// that it doesn't hold up the others. It stays visible as failed.
func (w *Worker) bury(tx core.App, l *Letter, why error) error {
	l.err = why
	return w.finish(tx, l, outcome{desk.Failed, desk.DeliveryFailed, "send_failed", why.Error()})
}

// capped counts what goes out and nothing else: were those counted that wait,
// they would keep the cap full.
func (w *Worker) capped(addr string) bool {
	domain := mail.Domain(addr)
	if w.perDomain.Count(domain) >= domainHour || w.overall.Count("all") >= overallHour {
		return true
	}
	w.perDomain.Add(domain)
	w.overall.Add("all")
	return false
}

// Recover looks after what an earlier process was sending when it ended: the
// server may have taken it or not, so it is tried once more at most.
func (w *Worker) Recover() error { return w.recoverFrom(desk.Now(w.app).Add(time.Hour)) }

// recoverFrom does so for what has counted as being sent since before a time, or
// since one that is still to come, as after the clock was set back.
func (w *Worker) recoverFrom(before time.Time) error {
	sending := dbx.NewExp("[[status]] = 'sending' AND ([[updated]] < {:before} OR [[updated]] > {:after})",
		dbx.Params{"before": desk.Date(before).String(), "after": desk.Date(desk.Now(w.app).Add(lease)).String()})
	if rows, err := w.app.FindAllRecords(desk.Outbox, sending); err != nil || len(rows) == 0 {
		return err
	}
	return w.commit.Do(func(tx core.App) error {
		rows, err := tx.FindAllRecords(desk.Outbox, sending)
		if err != nil {
			return err
		}
		for _, r := range rows {
			l, err := w.open(tx, desk.AsDelivery(r))
			if err != nil {
				return err
			}
			if l == nil {
				continue
			}
			if err := w.doubt(tx, l, "the desk was stopped while this mail was being sent"); err != nil {
				return err
			}
		}
		return nil
	})
}
