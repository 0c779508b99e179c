package casework

import (
	"errors"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// EventBounced bears {message, address, hard, reason, task}.
const EventBounced = "bounced"

// Bounced is word that a mail of ours did not arrive.
type Bounced struct {
	Delivery *desk.Delivery // nil where none is known any more
	Message  *desk.Message  // nil for a notice, about a submission that is no case
	Address  string         // that could not be reached; "" is the recipient
	Hard     bool           // it never will be
	Why      string         // the other server's words
}

// Bounced notes inside the caller's transaction that a mail did not arrive. Where
// it never will, the message shows it, the address gets no automatic mail any
// more, and the case comes back on top: phone or text instead. A copy that came
// back is noted and no more, since the visitor has his mail. Told twice, it is
// noted once.
func (w *Work) Bounced(tx core.App, b Bounced) error {
	if b.Delivery != nil { // it may have moved on since it was found
		if r, err := tx.FindRecordById(desk.Outbox, b.Delivery.Id); err == nil {
			b.Delivery = desk.AsDelivery(r)
		}
	}
	if b.Message == nil {
		return b.notice(tx)
	}
	m, err := desk.FindMessage(tx, b.Message.Id)
	if err != nil {
		return err
	}
	c, err := desk.FindCase(tx, m.Case())
	if err != nil {
		return err
	}
	to, copied := b.recipient(), b.copied(m)
	if copied || to == "" {
		to = b.Address
	}
	if b.Hard {
		if err := markUndeliverable(tx, to); err != nil {
			return err
		}
	}
	if b.Hard && !copied && !b.waits() {
		return b.lost(tx, c, m, to)
	}
	note := "came back: " + b.Why
	if copied {
		note = "the copy to " + to + " came back: " + b.Why
	}
	old := m.GetString("delivery_note")
	if note = desk.Clip(note, 400); strings.Contains(old, note) {
		return nil
	}
	m.Set("delivery_note", desk.Clip(strings.TrimPrefix(old+"; "+note, "; "), 990))
	if err := desk.Save(tx, m.Record); err != nil {
		return err
	}
	return desk.Record(tx, desk.Event{Case: c.Id, Kind: EventBounced, After: b.after(m, to)})
}

// lost notes that a mail never arrives.
func (b Bounced) lost(tx core.App, c *desk.Case, m *desk.Message, to string) error {
	if m.Delivery() == desk.DeliveryBounced {
		return nil
	}
	m.Set("delivery", desk.DeliveryBounced)
	m.Set("delivery_note", desk.Clip(b.Why, 900))
	if err := desk.Save(tx, m.Record); err != nil {
		return err
	}
	if err := b.close(tx); err != nil {
		return err
	}
	events, task, err := phoneInstead(tx, c, m, to)
	if err != nil {
		return err
	}
	after := b.after(m, to)
	after["task"] = task
	return desk.Record(tx, append(events, desk.Event{Case: c.Id, Kind: EventBounced, After: after})...)
}

func (b Bounced) after(m *desk.Message, to string) map[string]any {
	return map[string]any{"message": m.Id, "address": to, "hard": b.Hard, "reason": desk.Clip(b.Why, 900)}
}

// notice notes that a mail about a submission came back.
func (b Bounced) notice(tx core.App) error {
	if b.Delivery == nil || b.Delivery.Status() == desk.Bounced {
		return nil
	}
	to := b.recipient()
	if b.Hard {
		if err := errors.Join(markUndeliverable(tx, to), b.close(tx), desk.EscalationUnheard(tx, b.Delivery)); err != nil {
			return err
		}
	}
	if b.Delivery.Feedback() == "" {
		return nil
	}
	return desk.Record(tx, desk.Event{Feedback: b.Delivery.Feedback(), Kind: EventBounced,
		After: map[string]any{"address": to, "hard": b.Hard, "reason": desk.Clip(b.Why, 900)}})
}

// recipient is whom the mail was for. A report may name another address: the one
// to which that mailbox forwards.
func (b Bounced) recipient() string {
	if b.Delivery != nil {
		return b.Delivery.Recipient()
	}
	return b.Address
}

// copied tells whether the address that failed is one that got a copy.
func (b Bounced) copied(m *desk.Message) bool {
	key, err := mail.NormalizeAddress(b.Address)
	if err != nil || b.Delivery != nil && strings.EqualFold(key, b.Delivery.Recipient()) {
		return false
	}
	for _, a := range append(m.Cc(), m.Bcc()...) {
		if other, err := mail.NormalizeAddress(a.Addr); err == nil && other == key {
			return true
		}
	}
	return false
}

// waits tells whether staff are sending the mail once more already.
func (b Bounced) waits() bool {
	return b.Delivery != nil && (b.Delivery.Status() == desk.Queued || b.Delivery.Status() == desk.Held)
}

// close ends the delivery.
func (b Bounced) close(tx core.App) error {
	if b.Delivery == nil {
		return nil
	}
	r, err := tx.FindRecordById(desk.Outbox, b.Delivery.Id)
	if err != nil {
		return nil // erased meanwhile
	}
	r.Set("status", desk.Bounced)
	r.Set("next_attempt", "")
	r.Set("last_error", desk.Clip(b.Why, 900))
	return desk.Save(tx, r)
}

// markUndeliverable notes on an address that nobody gets mail there.
func markUndeliverable(tx core.App, addr string) error {
	key, err := mail.NormalizeAddress(addr)
	if err != nil {
		return nil
	}
	rows, err := tx.FindAllRecords(desk.Identities, dbx.HashExp{"kind": desk.KindEmail, "value": key})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := desk.Raise(tx, desk.AsIdentity(r), desk.StateUndeliverable, desk.RaisedBounced); err != nil {
			return err
		}
	}
	return nil
}

// phoneInstead puts the case back on top, with a note of what to do; done tells
// whether it did. A case that counted as done by an answer that never arrived is
// open again.
func phoneInstead(tx core.App, c *desk.Case, m *desk.Message, addr string) (events []desk.Event, done bool, err error) {
	if spam, err := c.IsSpam(tx); spam || err != nil {
		return nil, false, err
	}
	s, err := desk.LoadSettings(tx)
	if err != nil {
		return nil, false, err
	}
	if before := c.Status(); c.Done() {
		if m.Author() == "" { // a receipt for what is settled already
			return nil, false, nil
		}
		setStatus(tx, c, desk.Open)
		events = append(events, desk.Event{Case: c.Id, Kind: "status",
			Before: map[string]any{"status": before}, After: map[string]any{"status": desk.Open}})
	}
	note := strings.ReplaceAll(phoneNote(s.Locale), "{addr}", addr)
	if old := c.GetString("follow_up_note"); old != "" && !strings.Contains(old, note) {
		note += "\n" + old
	}
	c.Set("follow_up_at", desk.Date(desk.Now(tx)))
	c.Set("follow_up_note", desk.Clip(note, 990))
	c.Touch()
	return events, true, desk.Save(tx, c.Record)
}

// phoneNote is for staff, in the language of the shop.
func phoneNote(locale string) string {
	switch locale {
	case "zh-TW":
		return "寄到 {addr} 的信被退回，請改用電話或簡訊聯絡。"
	case "zh-CN":
		return "发往 {addr} 的邮件被退回，请改用电话或短信联系。"
	case "ja":
		return "{addr} 宛てのメールが戻ってきました。電話かSMSでご連絡ください。"
	}
	return "Mail to {addr} comes back. Phone or text instead."
}
