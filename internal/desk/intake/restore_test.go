package intake_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// A case that is no spam after all: what staff wrote leaves whenever that is
// found out, "we have your message" only while it says something.
func TestRestoreTooLate(t *testing.T) {
	for name, c := range map[string]struct {
		after    time.Duration
		hours    int           // until the promised answer
		promised time.Duration // by staff, from the beginning
		acks     bool
	}{
		"at once":            {after: time.Minute, acks: true},
		"the same day":       {after: 23 * time.Hour, acks: true},
		"a day later":        {after: 24 * time.Hour},
		"after the promise":  {after: 2 * time.Hour, hours: 1},
		"after staff's own":  {after: 2 * time.Hour, promised: time.Hour},
		"before staff's own": {after: 2 * time.Hour, promised: 3 * time.Hour, acks: true},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
			app.Choose(desktest.Values{"answer_hours": c.hours})
			agent := app.Agent(desk.RoleAgent, "")
			opened := app.Case(nil)
			app.Reply(opened, agent, nil)
			if c.promised > 0 {
				app.Put(app.Find(desk.Cases, opened.Id), desktest.Values{"promised_at": desk.Date(app.Clock.Now().Add(c.promised))})
			}
			if err := app.Door.MarkSpam(app, opened.Id, agent); err != nil {
				t.Fatal(err)
			}
			app.Clock.Advance(c.after)
			if err := app.Door.UnmarkSpam(app, opened.Id, agent); err != nil {
				t.Fatal(err)
			}
			want, queued := desk.Cancelled, 1.0
			if c.acks {
				want, queued = desk.Queued, 2
			}
			d := app.Delivery(opened.Id, "ack")
			if d.Status() != want || app.Delivery(opened.Id, "reply").Status() != desk.Queued {
				t.Errorf("the acknowledgement is %s, want %s; the answer %s", d.Status(), want, app.Delivery(opened.Id, "reply").Status())
			}
			if app.Event(opened.Id, desk.EventUnmarkedSpam)["queued"] != queued {
				t.Errorf("event %v", app.Event(opened.Id, desk.EventUnmarkedSpam))
			}
			m := desk.AsMessage(app.Find(desk.Messages, d.Message()))
			if late := m.Delivery() == desk.DeliveryNone; late == c.acks || (late && m.GetString("delivery_note") == desk.NotSent) {
				t.Errorf("its message: %s, %s", m.Delivery(), m.GetString("delivery_note"))
			}
		})
	}
}
