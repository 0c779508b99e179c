package escalating_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

func (s *shop) due(which, kind string) {
	s.t.Helper()
	if err := s.Commit.Do(func(tx core.App) error { return s.station.OnDue(tx, s.c, which, kind) }); err != nil {
		s.t.Fatal(err)
	}
}

// Of an escalation that nobody takes on, those who answer for the team hear in the
// end: once, and not where they were told before.
func TestNobodyTakesItOn(t *testing.T) {
	s := newShop(t)
	s.Clock.Set(monday(10, 0))
	s.call(escalating.Call{Escalation: s.escalation("", escalating.Step{To: escalating.To{Email: "plant@maker.example"}}).Id})
	if s.tick() != 0 || len(s.heard(s.lead)) != 0 {
		t.Fatalf("the lead heard %v at once", s.heard(s.lead))
	}
	s.Clock.Set(monday(24+10, 0))
	if s.tick() != 1 || !slices.Equal(s.heard(s.lead), []int{2}) {
		t.Fatalf("the lead heard %v", s.heard(s.lead))
	}
	s.Clock.Set(monday(20*24, 0))
	if s.tick() != 0 {
		t.Error("it goes on for ever")
	}
}

// What does not arrive is no telling: the next step comes at once.
func TestMailDoesNotArrive(t *testing.T) {
	for name, code := range map[string][3]int{"nobody there": {5, 1, 1}, "refused": {5, 7, 1}} {
		s := newShop(t)
		s.Clock.Set(monday(10, 0))
		s.UseSMTP(mailtest.NewServer(t, mailtest.Script{Fault: mailtest.Fault{Rcpt: mailtest.Reply{Code: 550, Enhanced: code, Text: "no"}}}))
		s.call(escalating.Call{Escalation: ladder(s).Id})
		s.Clock.Set(monday(12, 0))
		s.tick()
		s.Clock.Set(monday(13, 0))
		if s.tick() != 1 || s.tick() != 0 { // the mail to the plant is the last step
			t.Fatalf("%s: chief heard %v", name, s.heard(s.chief))
		}
		s.call(escalating.Call{Escalation: s.escalation("", escalating.Step{To: escalating.To{Email: "far@maker.example"}}, escalating.Step{After: "2d", To: escalating.To{Lead: true}}).Id})
		if _, err := s.Outbox.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s.tick() != 1 || !slices.Equal(s.heard(s.lead), []int{1, 2}) {
			t.Errorf("%s: lead heard %v", name, s.heard(s.lead))
		}
	}
}

// Every escalation that fits is set off, however many come before it.
func TestEachCategoryHasItsOwn(t *testing.T) {
	s := newShop(t)
	for i := range 12 {
		e := s.escalation("breach", escalating.Step{To: escalating.To{Agent: s.chief.Id}})
		s.Put(e, desktest.Values{"position": i, "categories": []string{fmt.Sprint("c", i)}})
	}
	s.Put(s.c.Record, desktest.Values{"category": "c11"})
	s.c = desk.AsCase(s.Find(desk.Cases, s.c.Id))
	s.due("resolution", "breach")
	if len(s.heard(s.chief)) != 1 {
		t.Errorf("heard %v", s.heard(s.chief))
	}
}

// What somebody took on at one due is escalated anew at another.
func TestAnotherDueAfterAcknowledged(t *testing.T) {
	s := newShop(t)
	s.escalation("breach", escalating.Step{To: escalating.To{Agent: s.chief.Id}})
	s.due("first_response", "breach")
	s.due("next_response", "breach") // it goes on already
	if err := s.station.Acknowledge(s.One(desk.CaseEscalations, nil).Id, s.chief); err != nil {
		t.Fatal(err)
	}
	s.due("resolution", "breach")
	if n := len(s.All(desk.CaseEscalations, nil)); n != 2 || len(s.heard(s.chief)) != 2 {
		t.Errorf("%d escalations, heard %v", n, s.heard(s.chief))
	}
}

// One that is left out for want of room leaves a line.
func TestFourthIsLeftOut(t *testing.T) {
	s := newShop(t)
	for range 4 {
		s.escalation("breach", escalating.Step{To: escalating.To{Agent: s.chief.Id}})
	}
	s.due("resolution", "breach")
	if n := len(s.All(desk.CaseEscalations, nil)); n != 3 {
		t.Errorf("%d escalations", n)
	}
	if ev := s.Event(s.c.Id, desk.EventNotEscalated); ev["escalation"] != "Urgent" || ev["by"] != "breach" {
		t.Errorf("events %v, %v", s.Kinds(s.c.Id), ev)
	}
}
