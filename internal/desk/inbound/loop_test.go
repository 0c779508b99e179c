package inbound_test

import (
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// side is one of two desks that write to each other.
type side struct {
	app  *desktest.App
	smtp *mailtest.Server
	seen int // of the mails that the server took
}

func newSide(t *testing.T, address string) *side {
	t.Helper()
	s := &side{app: desktest.New(t), smtp: mailtest.NewServer(t, mailtest.Script{})}
	if err := desk.LoadSecret(s.app, "the secret of "+address); err != nil { // else each would take the other's marks for its own
		t.Fatal(err)
	}
	s.app.Outbox, s.app.Mail = outbox.New(s.app, s.app.Commit, "/support"), s.app.NewMail(nil)
	s.app.UseSMTP(s.smtp)
	s.app.Settings().Meta.SenderAddress = address
	s.app.Choose(desktest.Values{"service_email": address, "reply_from": address, "limits": map[string]any{"ack_day": -1}})
	return s
}

// deliver sends what is due and brings it to the other desk, as a mail server
// does: with the envelope's sender and recipient in the header.
func (s *side) deliver(t *testing.T, to *side, strip func([]byte) []byte) int {
	t.Helper()
	if _, err := s.app.Outbox.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := s.smtp.Mails()
	n := 0
	for _, m := range all[s.seen:] {
		raw := append([]byte("Return-Path: <"+m.From+">\r\nDelivered-To: "+m.To[0]+"\r\n"), m.Raw...)
		if strip != nil {
			raw = strip(raw)
		}
		to.app.Take(raw)
		n++
	}
	s.seen = len(all)
	return n
}

// Two desks of which each is the other's visitor: whoever begins, three messages
// and it is over.
func TestTwoDesksStop(t *testing.T) {
	for name, begin := range map[string]func(t *testing.T, a, b *side){
		"a form with the other's address": func(_ *testing.T, a, b *side) { a.app.Case(desktest.Values{"email": "desk@b.example"}) },
		"forms on both sides": func(_ *testing.T, a, b *side) {
			a.app.Case(desktest.Values{"email": "desk@b.example"})
			b.app.Case(desktest.Values{"email": "desk@a.example"})
		},
		"a person's answer": func(t *testing.T, a, b *side) {
			a.app.Choose(desktest.Values{"ack_enabled": false})
			c := a.app.Case(desktest.Values{"email": "desk@b.example"})
			a.app.Reply(c, a.app.Agent(desk.RoleAgent, ""), nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := newSide(t, "desk@a.example"), newSide(t, "desk@b.example")
			begin(t, a, b)
			total := 0
			for range 10 {
				n := a.deliver(t, b, nil) + b.deliver(t, a, nil)
				if total += n; n == 0 {
					break
				}
			}
			if total == 0 || total > 3 {
				t.Errorf("%d messages went between them", total)
			}
		})
	}
}

// The same where a server between them takes out every mark of an automatic mail:
// each acknowledges the other's case once, and never an answer to it.
func TestTwoDesksStopWithoutMarks(t *testing.T) {
	a, b := newSide(t, "desk@a.example"), newSide(t, "desk@b.example")
	a.app.Case(desktest.Values{"email": "desk@b.example"})
	total := 0
	for range 20 {
		n := a.deliver(t, b, unmarked) + b.deliver(t, a, unmarked)
		if total += n; n == 0 {
			break
		}
	}
	if total < 2 || total > 3 {
		t.Errorf("%d messages went between them", total)
	}
}
