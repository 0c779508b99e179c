package escalating_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
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
