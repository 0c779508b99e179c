package outbox

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// letter is one mail on its way through a round.
type letter struct {
	delivery *desk.Delivery
	message  *desk.Message
	payload  desk.Payload

	reply string // the server's answer
	err   error
}

// claim takes what is due, fixes its bytes and commits that it is being sent.
func (w *Worker) claim() ([]*letter, error) {
	var rows []*core.Record
	now := desk.Now(w.app)
	err := w.app.RecordQuery(desk.Outbox).
		AndWhere(dbx.NewExp("[[next_attempt]] != '' AND [[status]] IN ('queued', 'unknown')")).
		AndWhere(dbx.NewExp("[[next_attempt]] <= {:now}", dbx.Params{"now": desk.Date(now).String()})).
		OrderBy("next_attempt", "rowid").Limit(batch).All(&rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var letters []*letter
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
	return letters, err
}

// take marks one delivery as being sent; nil where it is no longer due or must wait for a cap.
func (w *Worker) take(tx core.App, id string, now time.Time) (*letter, error) {
	r, err := tx.FindRecordById(desk.Outbox, id)
	if err != nil {
		return nil, nil // erased meanwhile
	}
	d := desk.AsDelivery(r)
	if d.Status() != desk.Queued && d.Status() != desk.Unknown {
		return nil, nil
	}
	l := &letter{delivery: d}
	if l.payload, err = d.Payload(); err != nil {
		return nil, err
	}
	if l.message, err = desk.FindMessage(tx, d.Message()); err != nil {
		return nil, nil
	}
	if l.payload.Kind == "ack" && w.capped(d.Recipient()) {
		d.Retry(now.Add(10 * time.Minute))
		return nil, desk.Save(tx, d.Record)
	}
	if l.payload.MessageID == "" || l.payload.From == "" {
		if err := w.fix(tx, l); err != nil {
			return nil, err
		}
	}
	d.Set("payload", l.payload)
	d.Set("status", desk.Sending)
	d.Set("attempts", d.Attempts()+1)
	return l, desk.Save(tx, d.Record)
}

func (w *Worker) capped(addr string) bool {
	return w.perDomain.Add(mail.Domain(addr)) > domainHour || w.overall.Add("all") > overallHour
}

// Recover looks after what an earlier process was sending when it ended: the
// server may have taken it or not, so it is tried once more at most.
func (w *Worker) Recover() error {
	return w.commit.Do(func(tx core.App) error {
		rows, err := tx.FindAllRecords(desk.Outbox, dbx.HashExp{"status": desk.Sending})
		if err != nil {
			return err
		}
		for _, r := range rows {
			l := &letter{delivery: desk.AsDelivery(r)}
			if l.payload, err = l.delivery.Payload(); err != nil {
				return err
			}
			if l.message, err = desk.FindMessage(tx, l.delivery.Message()); err != nil {
				return err
			}
			if err := w.doubt(tx, l, "the desk was stopped while this mail was being sent"); err != nil {
				return err
			}
		}
		return nil
	})
}
