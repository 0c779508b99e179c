package texting

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
	"github.com/pocketdesk/pocketdesk/internal/sms"
)

// EventDelivered bears {message, status}: the gateway reports that a text arrived.
const EventDelivered = "delivered"

// A reference is a delivery's id and the nonce of its try, so that a report of an
// earlier try is not taken for the latest.
const (
	idLength    = 15
	nonceLength = 12
)

// ErrReport says that a report can't be read as the settings say.
var ErrReport = sms.ErrReport

// word is what a gateway reports.
type word struct{ state, status string }

// Report is a report as it came.
type Report struct {
	Request *http.Request
	Token   string // of the address that was asked
	Ref     string // what follows it there, if anything does
}

// Report notes what the gateway reports on the text that it is about: one that
// arrived counts as sent, whatever was known of it, one that failed as failed. A
// report about nothing we sent changes nothing, nor does one with another token;
// the answer, as the settings want it, is the same.
func (g *Gateway) Report(r Report) (answer string, err error) {
	s, err := desk.LoadSettings(g.app)
	if err != nil || s.SMS.Report.ID == "" {
		return nothing, err
	}
	id, state, status, err := reading(s.SMS.Report).Read(r.Request)
	answer = g.answer(s.SMS.Report, id)
	if !g.knows(r.Token) {
		return answer, nil
	}
	if err != nil || state == sms.Underway {
		return answer, err
	}
	return answer, g.c.Commit.Do(func(tx core.App) error {
		d, err := g.find(tx, id, r.Ref)
		if err != nil {
			return err
		}
		if d == nil || d.Status() == desk.Sending { // its id isn't stored yet, perhaps
			g.early.keep(id, word{state, status})
			if d != nil {
				g.early.keep(r.Ref, word{state, status})
			}
			return nil
		}
		return g.note(tx, d, word{state, status})
	})
}

// nothing is the answer where the gateway wants no other.
const nothing = "{}"

// answers is the Liquid of an answer.
func answers() *liquid.Plain { return liquid.NewPlain("id") }

func (g *Gateway) answer(r desk.SMSReport, id string) string {
	if r.Answer == "" {
		return nothing
	}
	out, err := g.answers.Render(r.Answer, map[string]string{"id": desk.OneLine(id)})
	if err != nil {
		return nothing
	}
	return out
}

func reading(r desk.SMSReport) sms.Report {
	return sms.Report{ID: r.ID, Status: r.Status, Delivered: r.Delivered, Failed: r.Failed}
}

// Settled notes what was reported of a delivery while it counted as being sent:
// a gateway may be faster than the disk. It is called inside the transaction that
// says what became of the try.
func (g *Gateway) Settled(tx core.App, delivery string) error {
	d, err := findDelivery(tx, delivery)
	if d == nil || err != nil {
		return err
	}
	p, err := d.Payload()
	if err != nil {
		return err
	}
	for _, key := range []string{d.GatewayID(), d.Id + p.Nonce} {
		if w, ok := g.early.get(key); ok {
			return g.note(tx, d, w)
		}
	}
	return nil
}

// find finds the text of a report, nil for none: by the gateway's id, else, where
// that was never learnt, by our own.
func (g *Gateway) find(tx core.App, id, ref string) (*desk.Delivery, error) {
	var rows []*core.Record
	err := tx.RecordQuery(desk.Outbox).AndWhere(dbx.HashExp{"gateway_id": id, "kind": desk.BySMS}).
		AndWhere(dbx.NewExp("[[gateway_id]] != ''")). // as in the partial index
		OrderBy("rowid DESC").Limit(1).All(&rows)
	if err != nil {
		return nil, err
	}
	if len(rows) == 1 {
		return desk.AsDelivery(rows[0]), nil
	}
	for _, own := range []string{ref, id} {
		if len(own) != idLength+nonceLength {
			continue
		}
		d, err := findDelivery(tx, own[:idLength])
		if err != nil {
			return nil, err
		}
		if d == nil || d.Kind() != desk.BySMS || d.GatewayID() != "" {
			continue
		}
		if p, err := d.Payload(); err != nil || p.Nonce != own[idLength:] {
			continue
		}
		if own != id {
			d.Set("gateway_id", id)
		}
		return d, nil
	}
	return nil, nil
}

func findDelivery(tx core.App, id string) (*desk.Delivery, error) {
	r, err := tx.FindRecordById(desk.Outbox, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return desk.AsDelivery(r), nil
}

// note writes a report on delivery, message and timeline. That a text arrived is
// the last word on it; said twice, it is noted once.
func (g *Gateway) note(tx core.App, d *desk.Delivery, w word) error {
	switch d.Status() {
	case desk.Sent, desk.Unknown, desk.Failed:
	default:
		return nil // staff are sending it again, or nobody wants it any more
	}
	if before := d.GetString("reported"); before == desk.ReportDelivered || before == w.state {
		return nil
	}
	m, err := desk.FindMessage(tx, d.Message())
	if errors.Is(err, sql.ErrNoRows) {
		return nil // erased
	}
	if err != nil {
		return err
	}
	event := desk.Event{Case: m.Case()}
	if w.state == sms.Delivered {
		if err := desk.RaiseAddress(tx, m.GetString("contact"), desk.KindPhone, d.Recipient(), desk.StateReachable, desk.RaisedSMS); err != nil {
			return err
		}
		d.Set("reported", desk.ReportDelivered)
		d.Set("status", desk.Sent)
		d.Set("last_error", "")
		m.Set("delivery", desk.DeliverySent)
		m.Set("delivery_note", "delivered")
		event.Kind, event.After = EventDelivered, map[string]any{"message": m.Id, "status": w.status}
	} else {
		why := fmt.Sprintf("the gateway reports %q", w.status)
		d.Set("reported", desk.ReportFailed)
		d.Set("status", desk.Failed)
		d.Set("last_error", why)
		m.Set("delivery", desk.DeliveryFailed)
		m.Set("delivery_note", why)
		kind := ""
		if p, err := d.Payload(); err == nil {
			kind = p.Kind
		}
		event.Kind, event.After = "send_failed", map[string]any{"message": m.Id, "kind": kind, "reason": why}
	}
	return errors.Join(desk.Save(tx, d.Record), desk.Save(tx, m.Record), desk.Record(tx, event))
}

// maxEarly bounds how many reports are kept whose text isn't known yet.
const maxEarly = 1_000

// early keeps the latest reports whose text isn't known yet.
type early struct {
	mu    sync.Mutex
	words map[string]word
	order []string
}

func (e *early) keep(key string, w word) {
	if key == "" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.words == nil {
		e.words = map[string]word{}
	}
	if _, known := e.words[key]; !known {
		e.order = append(e.order, key)
	}
	e.words[key] = w
	if len(e.order) > maxEarly {
		delete(e.words, e.order[0])
		e.order = e.order[1:]
	}
}

func (e *early) get(key string) (word, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	w, ok := e.words[key]
	return w, ok && key != ""
}
