package escalating_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// outside escalates to an address and returns the mail's text and the token in it.
func outside(s *shop) (text, token string) {
	s.t.Helper()
	srv := mailtest.NewServer(s.t, mailtest.Script{})
	s.UseSMTP(srv)
	e := s.escalation("", escalating.Step{To: escalating.To{Email: "Plant@maker.example", Locale: "en"}, Note: "Please check lot 7."})
	s.call(escalating.Call{Escalation: e.Id})
	if _, err := s.Outbox.Drain(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if n := len(srv.Mails()); n != 1 {
		s.t.Fatalf("%d mails left", n)
	}
	if raw := string(srv.Mails()[0].Raw); !strings.Contains(raw, "Auto-Submitted: auto-generated") {
		s.t.Errorf("headers: %s", raw)
	}
	d := s.One(desk.Outbox, desktest.Values{"status": desk.Sent})
	p, err := desk.AsDelivery(d).Payload()
	if err != nil {
		s.t.Fatal(err)
	}
	if strings.Contains(p.Draft, "/e/") {
		s.t.Error("the link is stored before it leaves")
	}
	_, rest, found := strings.Cut(p.Text, "https://shop.example/support/e/")
	token, _, _ = strings.Cut(rest, "?")
	if !found || token == "" {
		s.t.Fatalf("no link:\n%s", p.Text)
	}
	return p.Subject + "\n" + p.Text, token
}

func TestOutsideMail(t *testing.T) {
	s := newShop(t)
	long := "My secret story " + strings.Repeat("of a broken cup ", 20)
	s.Put(s.c.Record, desktest.Values{"subject": long, "summary": "He told us his whole life."})
	text, token := outside(s)
	for _, want := range []string{"#", s.me.Name(), "Please check lot 7.", "My secret story", "I’ll take this on"} {
		if !strings.Contains(text, want) {
			t.Errorf("the mail lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, long[:100]) || strings.Contains(text, "whole life") || strings.Contains(text, "v@example.com") {
		t.Errorf("it says too much:\n%s", text)
	}
	sheet, _, err := s.station.Open(token)
	if err != nil || sheet.State != desk.EscalationOpen || sheet.Summary == "" || sheet.From != s.me.Name() {
		t.Errorf("%+v %v", sheet, err)
	}
	if r := s.One(desk.CaseEscalations, nil); r.GetString("state") != desk.EscalationOpen {
		t.Error("looking at it took it on")
	}
	if err := s.station.TakeOn(token, "Ken\r\nX"); err != nil {
		t.Fatal(err)
	}
	if r := s.One(desk.CaseEscalations, nil); r.GetString("state") != desk.EscalationAcknowledged || r.GetString("acknowledged_name") != "Ken X <Plant@maker.example>" {
		t.Errorf("%v", r.PublicExport())
	}
	if err := s.station.TakeOn(token, ""); !errors.Is(err, escalating.ErrOver) {
		t.Errorf("twice: %v", err)
	}
}

// A link opens one step of one escalation, for so long, and none that was made up.
func TestLinksCantBeGuessed(t *testing.T) {
	s := newShop(t)
	_, token := outside(s)
	run := s.One(desk.CaseEscalations, nil).Id
	bad := []string{"", "x", run, run + "00", token[:len(token)-1], token + "A", run + "01" + token[17:], strings.Repeat("a", 15) + token[15:], strings.ToUpper(token), desk.NewConfirmation(s, run)}
	for i := 17; i < len(token); i += 5 {
		flip := []byte(token)
		flip[i] ^= 1
		bad = append(bad, string(flip))
	}
	for _, one := range bad {
		if _, _, err := s.station.Open(one); !errors.Is(err, escalating.ErrLink) {
			t.Errorf("%q opens: %v", one, err)
		}
		if err := s.station.TakeOn(one, ""); !errors.Is(err, escalating.ErrLink) {
			t.Errorf("%q takes on: %v", one, err)
		}
	}
	// genuine, but of a step that told nobody outside
	if _, _, err := s.station.Open(desk.NewEscalationToken(s, run, 3)); !errors.Is(err, escalating.ErrLink) {
		t.Errorf("another step: %v", err)
	}
	s.Clock.Advance(31 * 24 * time.Hour)
	if _, _, err := s.station.Open(token); !errors.Is(err, escalating.ErrLink) {
		t.Errorf("too old: %v", err)
	}
}

// A mail that waits is not sent once nobody is needed any more.
func TestNoMailAfterTheEnd(t *testing.T) {
	s := newShop(t)
	run := s.call(escalating.Call{Escalation: s.escalation("", escalating.Step{To: escalating.To{Email: "plant@maker.example"}}).Id})
	if err := s.station.End(run.Id, s.me); err != nil {
		t.Fatal(err)
	}
	srv := mailtest.NewServer(t, mailtest.Script{})
	s.UseSMTP(srv)
	if err := s.Outbox.Release(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Outbox.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(srv.Mails()); n != 0 {
		t.Errorf("%d mails", n)
	}
	if d := s.One(desk.Outbox, desktest.Values{"recipient": "plant@maker.example"}); d.GetString("status") != desk.Cancelled {
		t.Errorf("status %s", d.GetString("status"))
	}
}

func TestOnlySupervisorsWriteOutside(t *testing.T) {
	s := newShop(t)
	to := escalating.Call{To: escalating.To{Email: "friend@else.example"}}
	if _, err := s.station.ByHand(s.c.Id, s.me, to); !errors.Is(err, escalating.ErrOutside) {
		t.Errorf("an agent: %v", err)
	}
	if _, err := s.station.ByHand(s.c.Id, s.chief, to); err != nil {
		t.Errorf("a supervisor: %v", err)
	}
}
