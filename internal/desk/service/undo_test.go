package service_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/merging"
)

// An answer that is sent before anybody was told leaves the breach on record.
func TestBreachThatNobodySaw(t *testing.T) {
	s := newShop(t)
	s.policy(desktest.Values{"resolution": ""})
	c := s.Case(nil)
	s.when("2026-11-16 14:00") // the server was asleep; staff were faster than the minute's work
	s.Reply(c, s.agent, nil)
	if got := s.alarms(); !slices.Equal(got, []string{"first_response breached"}) {
		t.Errorf("told %v", got)
	}
	if ev := s.Event(c.Id, desk.EventSLABreached); ev["over"] != true || ev["at"] != desk.Date(at("2026-11-16 13:00")).String() {
		t.Errorf("event %v", ev)
	}
	if n := s.tick(); n != 0 || len(s.All(desk.Notices, desktest.Values{"kind": "sla_breached"})) != 0 {
		t.Error("somebody was told of what is over")
	}
	if m := s.again(c).Marks()[desk.FirstResponse]; m.Ended != desk.Missed {
		t.Errorf("mark %+v", m)
	}
}

// An answer that is taken back leaves the case as if it had never been.
func TestAnswerTakenBack(t *testing.T) {
	s := newShop(t)
	s.policy(nil)
	c := s.Case(nil)
	before := clock(s.again(c))
	s.when("2026-11-16 10:00")
	m, err := s.Write(c, s.agent, desktest.Values{"status": desk.Pending, "undo": 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if s.again(c).GetString("tell_at") != "" {
		t.Error("nothing rests while the visitor has his turn")
	}
	s.Clock.Advance(5 * time.Second)
	err = s.Commit.Do(func(tx core.App) error {
		_, err := s.Work.Undo(tx, m.Id, s.agent)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := clock(s.again(c)); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
}

func clock(c *desk.Case) (out string) {
	for _, field := range desk.ClockFields() {
		out += field + " " + c.GetString(field) + "\n"
	}
	return out
}

// Two cases made one wait as long as either did; undone, each is as it was.
func TestMergeKeepsDues(t *testing.T) {
	s := newShop(t)
	s.policy(nil)
	station := &merging.Station{Commit: s.Commit}
	first := s.Case(nil)
	s.when("2026-11-16 10:00")
	second := s.Case(desktest.Values{"message": "Once more: where is it?"})
	s.Reply(second, s.agent, desktest.Values{"status": desk.Pending})
	before := map[string]string{first.Id: clock(s.again(first)), second.Id: clock(s.again(second))}
	done, err := station.Merge(s.chief, merging.Request{Kind: desk.MergeCase, Source: first.Id, Target: second.Id})
	if err != nil {
		t.Fatal(err)
	}
	s.due(second, "paused_at", "")
	s.due(second, "next_response_due", "2026-11-16 11:00") // the first visitor's word of 09:00
	s.due(first, "tell_at", "")
	if _, err := station.Undo(s.chief, done.ID); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*desk.Case{first, second} {
		if now := clock(s.again(c)); now != before[c.Id] {
			t.Errorf("it was\n%s\nand is\n%s", before[c.Id], now)
		}
	}
}
