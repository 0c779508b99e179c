package outbox

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// settle records what became of a mail.
func (w *Worker) settle(tx core.App, l *Letter) error {
	if over, err := overtaken(tx, l); over || err != nil {
		return err
	}
	var fault Fault
	var byMail *mail.SendError
	switch {
	case l.err == nil:
		l.Payload.Arrived = true
		return w.finish(tx, l, outcome{desk.Sent, desk.DeliverySent, "sent", l.sentNote()})
	case !errors.As(l.err, &fault):
		return w.finish(tx, l, outcome{desk.Failed, desk.DeliveryFailed, "send_failed", l.err.Error()})
	case errors.As(l.err, &byMail) && byMail.NullSenderRefused():
		w.rememberNoNull(serverOf(w.app).Host)
		return w.again(tx, l, 0)
	case byMail != nil && byMail.NoMailbox() && w.Bounced != nil:
		return w.bounce(tx, l, byMail)
	case fault.Unknown():
		return w.doubt(tx, l, fault.Error())
	case fault.Permanent():
		return w.finish(tx, l, outcome{desk.Failed, desk.DeliveryFailed, "send_failed", fault.Error()})
	}
	delay, ok := mail.Retry(l.Delivery.Attempts())
	if !ok {
		return w.finish(tx, l, outcome{desk.Failed, desk.DeliveryFailed, "send_failed", "gave up after 48 hours: " + fault.Error()})
	}
	return w.again(tx, l, delay)
}

// overtaken tells whether nothing is left to record: the mail was erased while it
// was on its way, or has come back already. What others noted on its message
// meanwhile is read anew, so that it stays.
func overtaken(tx core.App, l *Letter) (bool, error) {
	r, err := tx.FindRecordById(desk.Outbox, l.Delivery.Id)
	if err == nil && desk.AsDelivery(r).Status() == desk.Bounced {
		return true, nil
	}
	if err == nil && l.Message != nil {
		var m *desk.Message
		if m, err = desk.FindMessage(tx, l.Message.Id); err == nil {
			l.Message = m
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return false, err
}

// sentNote is what stands beside a message that was sent: the server's answer,
// and whom it refused.
func (l *Letter) sentNote() string {
	if len(l.Missed) == 0 {
		return l.Reply
	}
	return strings.TrimPrefix(l.Reply+"; no copy to "+strings.Join(l.Missed, ", "), "; ")
}

// bounce looks after a mail whose recipient the server doesn't know.
func (w *Worker) bounce(tx core.App, l *Letter, fault *mail.SendError) error {
	l.Delivery.Set("status", desk.Failed)
	l.Delivery.Set("next_attempt", "")
	l.Delivery.Set("payload", l.Payload)
	l.Delivery.Set("last_error", desk.Clip(fault.Error(), 900))
	if err := desk.Save(tx, l.Delivery.Record); err != nil {
		return err
	}
	return w.Bounced(tx, Bounce{Delivery: l.Delivery, Message: l.Message, Why: fault.Error()})
}

func (w *Worker) rememberNoNull(host string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.noNull = host
}

// outcome is how a delivery ended for now.
type outcome struct{ status, delivery, event, note string }

func (w *Worker) finish(tx core.App, l *Letter, o outcome) error {
	l.Delivery.Set("status", o.status)
	l.Delivery.Set("next_attempt", "")
	l.Delivery.Set("last_error", "")
	if l.err != nil {
		l.Delivery.Set("last_error", desk.Clip(o.note, 900))
	}
	l.Delivery.Set("payload", l.Payload)
	if err := desk.Save(tx, l.Delivery.Record); err != nil {
		return err
	}
	if err := w.tell(tx, l, o); err != nil {
		return err
	}
	if o.status == desk.Failed {
		if err := desk.EscalationUnheard(tx, l.Delivery); err != nil {
			return err
		}
	}
	if s, ok := w.carriers[l.Delivery.Kind()].(Settler); ok {
		return s.Settled(tx, l)
	}
	return nil
}

// tell writes the outcome on the message and the timeline, for a notice on that
// of the submission.
func (w *Worker) tell(tx core.App, l *Letter, o outcome) error {
	after := map[string]any{"kind": l.Payload.Kind, "reason": desk.Clip(o.note, 900)}
	if l.Message == nil && l.Delivery.Feedback() == "" {
		return nil // a mail to staff, about no case
	}
	if l.Message == nil {
		return desk.Record(tx, desk.Event{Feedback: l.Delivery.Feedback(), Kind: o.event, After: after})
	}
	l.Message.Set("delivery", o.delivery)
	l.Message.Set("delivery_note", desk.Clip(o.note, 900))
	if err := desk.Save(tx, l.Message.Record); err != nil {
		return err
	}
	if l.Payload.Kind == desk.KindRule && o.delivery == desk.DeliverySent {
		if err := desk.Nudged(tx, l.Message); err != nil {
			return err
		}
	}
	after["message"] = l.Message.Id
	if len(l.Missed) > 0 {
		after["missed"] = l.Missed
	}
	return desk.Record(tx, desk.Event{Case: l.Message.Case(), Kind: o.event, After: after})
}

// again puts a mail back for a later try.
func (w *Worker) again(tx core.App, l *Letter, delay time.Duration) error {
	l.Delivery.Retry(desk.Now(tx).Add(delay))
	l.Delivery.Set("last_error", desk.Clip(l.err.Error(), 900))
	if err := desk.Save(tx, l.Delivery.Record); err != nil || l.Message == nil {
		return err
	}
	l.Message.Set("delivery_note", desk.Clip(l.err.Error(), 900))
	return desk.Save(tx, l.Message.Record)
}

// doubt looks after a mail that the server may have taken: one more try with
// the same Message-ID, after that it is left to staff.
func (w *Worker) doubt(tx core.App, l *Letter, why string) error {
	if l.Payload.Doubt {
		ended := *l // the group of writes around this one may be run again
		ended.err = errors.New(why)
		note := "may have arrived twice or not at all: "
		if l.Delivery.Kind() == desk.BySMS { // tried once only
			note = "may have arrived or not: "
		}
		return w.finish(tx, &ended, outcome{desk.Unknown, desk.DeliveryFailed, "send_unknown", note + why})
	}
	p := l.Payload // a copy, for the same reason
	p.Doubt = true
	l.Delivery.Set("payload", p)
	l.Delivery.Set("status", desk.Unknown)
	l.Delivery.Set("next_attempt", desk.Date(desk.Now(tx)))
	l.Delivery.Set("last_error", desk.Clip(why, 900))
	if err := desk.Save(tx, l.Delivery.Record); err != nil {
		return err
	}
	return w.tell(tx, l, outcome{"", desk.DeliveryQueued, "send_unknown", "tried once more: " + why})
}
