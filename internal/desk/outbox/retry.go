package outbox

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ErrNotStuck says that a delivery needs no help: it was sent, or is on its way.
var ErrNotStuck = errors.New("this mail was sent or is on its way")

// Retry sends a failed, doubtful or bounced mail again, on an agent's word. A mail that
// the server refused is made anew, since the sender's settings may have been at
// fault; its Message-ID stays.
func (w *Worker) Retry(id string, agent *desk.Agent) error {
	err := w.commit.Do(func(tx core.App) error {
		r, err := tx.FindRecordById(desk.Outbox, id)
		if err != nil {
			return err
		}
		d := desk.AsDelivery(r)
		if s := d.Status(); s != desk.Failed && s != desk.Unknown && s != desk.Bounced {
			return ErrNotStuck
		}
		p, err := d.Payload()
		if err != nil {
			return err
		}
		if d.Status() != desk.Unknown {
			p.From = ""
		}
		p.Doubt, p.ByHand, p.Undo = false, true, nil
		d.Set("payload", p)
		d.Set("attempts", 0)
		d.Retry(desk.Now(tx))
		if err := desk.Save(tx, d.Record); err != nil {
			return err
		}
		if d.Message() == "" && d.Feedback() == "" {
			return nil // a mail to staff, on no timeline
		}
		if d.Message() == "" {
			return desk.Record(tx, desk.Event{Feedback: d.Feedback(), Actor: agent.Id, Kind: "resent", After: map[string]any{"kind": p.Kind}})
		}
		m, err := desk.FindMessage(tx, d.Message())
		if err != nil {
			return err
		}
		m.Set("delivery", desk.DeliveryQueued)
		m.Set("delivery_note", "")
		if err := desk.Save(tx, m.Record); err != nil {
			return err
		}
		return desk.Record(tx, desk.Event{Case: m.Case(), Actor: agent.Id, Kind: "resent", After: map[string]any{"message": m.Id}})
	})
	if err == nil {
		w.Kick()
	}
	return err
}
