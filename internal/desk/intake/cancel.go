package intake

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	// ackKeeps is for how long an acknowledgement is worth sending.
	ackKeeps = 24 * time.Hour
	// tooLate stands beside an acknowledgement that was cancelled and is too old by now.
	tooLate = "not sent: when the case was no longer spam, it was too late to say that the message has arrived"
)

// cancelMail takes what is not sent yet of a case out of the outbox's reach, and
// counts it. What is being sent at this moment can't be called back; if that
// fails, the outbox cancels it instead of trying again.
func cancelMail(tx core.App, caseID string) (int, error) {
	waits := dbx.NewExp("[[status]] IN ('queued', 'held') OR ([[status]] = 'unknown' AND [[next_attempt]] != '')")
	return eachMail(tx, caseID, waits, func(d *desk.Delivery, m *desk.Message) bool {
		d.Cancel(m)
		return true
	})
}

// restoreMail queues again what cancelMail took out, but for an acknowledgement
// that comes too late: one of yesterday, or one that promises an answer by a
// time that has passed.
func restoreMail(tx core.App, caseID string) (int, error) {
	c, err := desk.FindCase(tx, caseID)
	if err != nil {
		return 0, err
	}
	by, err := desk.AnswerBy(tx, c, c.GetDateTime("created").Time())
	if err != nil {
		return 0, err
	}
	now := desk.Now(tx)
	late := func(d *desk.Delivery) bool {
		p, err := d.Payload()
		if err != nil || p.Kind != desk.KindAck {
			return false
		}
		at := d.GetDateTime("created").Time()
		promised := c.GetDateTime("promised_at").Time()
		return !now.Before(at.Add(ackKeeps)) || !now.Before(by) || (!promised.IsZero() && !now.Before(promised))
	}
	return eachMail(tx, caseID, dbx.HashExp{"status": desk.Cancelled}, func(d *desk.Delivery, m *desk.Message) bool {
		if late(d) {
			m.Set("delivery_note", tooLate)
			return false
		}
		m.Set("delivery_note", "")
		if desk.CarrierOn(tx, d.Kind()) {
			d.Retry(now)
			m.Set("delivery", desk.DeliveryQueued)
			return true
		}
		d.Hold()
		m.Set("delivery", desk.DeliveryHeld)
		return true
	})
}

// eachMail changes a case's deliveries that meet a condition, each with its
// message, and counts those of which change says so.
func eachMail(tx core.App, caseID string, which dbx.Expression, change func(*desk.Delivery, *desk.Message) bool) (int, error) {
	messages, err := tx.FindAllRecords(desk.Messages, dbx.HashExp{"case": caseID, "direction": desk.Out})
	if err != nil {
		return 0, err
	}
	n := 0
	for _, r := range messages {
		m := desk.AsMessage(r)
		rows, err := tx.FindAllRecords(desk.Outbox, dbx.HashExp{"message": m.Id}, which)
		if err != nil {
			return n, err
		}
		for _, row := range rows {
			d := desk.AsDelivery(row)
			if change(d, m) {
				n++
			}
			if err := desk.Save(tx, d.Record); err != nil {
				return n, err
			}
			if err := desk.Save(tx, m.Record); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}
