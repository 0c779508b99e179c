package service_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/service"
)

// A server that was asleep for three days tells everything that it missed: each
// once, in the order in which it came to pass, over all cases, and over a crash.
func TestAsleepForThreeDays(t *testing.T) {
	s := newShop(t)
	s.policy(nil)
	var cases []*desk.Case
	for i := range 5 {
		s.Clock.Advance(7 * time.Minute)
		cases = append(cases, s.Case(desktest.Values{"email": fmt.Sprintf("v%d@example.com", i)}))
	}
	s.Reply(cases[0], s.agent, nil) // one is answered, another waits for its visitor
	s.change(cases[1], desktest.Values{"status": desk.Pending})
	s.Clock.Advance(72 * time.Hour)

	again := s.AfterCrash()
	station := service.New(again, service.Config{Commit: again.Commit})
	n, err := station.Tick()
	if err != nil {
		t.Fatal(err)
	}
	const want = 2 + 3*4 // of the answered one its resolution alone
	if n != want {
		t.Errorf("%d were told, want %d", n, want)
	}
	third := again.AfterCrash()
	if n, err := service.New(third, service.Config{Commit: third.Commit}).Tick(); n != 0 || err != nil {
		t.Errorf("%d were told twice, %v", n, err)
	}
	var moments []string
	seen := map[string]bool{}
	for _, r := range third.All(desk.Events, nil) {
		if kind := r.GetString("kind"); kind == desk.EventSLAWarning || kind == desk.EventSLABreached {
			after := map[string]any{}
			_ = r.UnmarshalJSONField("after", &after)
			key := fmt.Sprint(r.GetString("case"), kind, after["which"])
			if seen[key] {
				t.Errorf("%s twice", key)
			}
			seen[key] = true
			moments = append(moments, after["at"].(string))
		}
	}
	if len(moments) != want || !slices.IsSorted(moments) {
		t.Errorf("%d moments, not in order: %v", len(moments), moments)
	}
}

// More cases than are looked for at once, each with moments that lie between those
// of the others.
func TestOrderOverManyCases(t *testing.T) {
	s := newShop(t)
	s.policy(desktest.Values{"first_response": "10m", "next_response": "", "resolution": "3h"})
	for i := range 130 {
		s.Clock.Advance(20 * time.Second)
		s.Case(desktest.Values{"email": fmt.Sprintf("v%d@example.com", i)})
	}
	s.Clock.Advance(24 * time.Hour)
	if n := s.tick(); n != 130*4 {
		t.Errorf("%d were told", n)
	}
	last := ""
	for _, r := range s.All(desk.Events, nil) {
		after := map[string]any{}
		_ = r.UnmarshalJSONField("after", &after)
		if moment, ok := after["at"].(string); ok && after["which"] != nil {
			if moment < last {
				t.Fatalf("%s comes after %s", moment, last)
			}
			last = moment
		}
	}
}

// One broken case holds up no other.
func TestOneBrokenCase(t *testing.T) {
	s := newShop(t)
	s.policy(desktest.Values{"resolution": ""})
	a, b := s.Case(nil), s.Case(desktest.Values{"email": "b@example.com"})
	s.Put(a.Record, desktest.Values{"told": "nonsense"})
	s.when("2026-11-16 12:30")
	if n := s.tick(); n != 1 || s.Event(b.Id, desk.EventSLAWarning) == nil {
		t.Errorf("%d were told", n)
	}
	if s.again(a).GetString("tell_at") != "" {
		t.Error("it is looked at for ever")
	}
}

func TestClocksChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ from, first, due, warn string }{
		// clocks go forward on Sunday 2027-03-28, back on Sunday 2027-10-31
		"forward":     {"2027-03-26 17:00", "2h", "2027-03-29 10:00", "2027-03-29 09:36"},
		"forward day": {"2027-03-26 17:00", "1d", "2027-03-29 17:00", "2027-03-29 15:12"},
		"back":        {"2027-10-29 17:00", "2h", "2027-11-01 10:00", "2027-11-01 09:36"},
		"back day":    {"2027-10-29 17:00", "1d", "2027-11-01 17:00", "2027-11-01 15:12"},
		"leap day":    {"2028-02-28 17:00", "2d", "2028-03-01 17:00", "2028-03-01 13:24"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.hours("Europe/Berlin", nil)
			s.policy(desktest.Values{"first_response": tt.first, "next_response": "", "resolution": ""})
			in := func(text string) time.Time {
				v, err := time.ParseInLocation("2006-01-02 15:04", text, berlin)
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			s.Clock.Advance(in(tt.from).Sub(s.Clock.Now()))
			c := s.Case(nil)
			if due := c.GetDateTime("first_response_due").Time(); !due.Equal(in(tt.due)) {
				t.Errorf("due %v", due.In(berlin))
			}
			if warn := c.GetDateTime("tell_at").Time(); !warn.Equal(in(tt.warn)) {
				t.Errorf("warned at %v", warn.In(berlin))
			}
			s.Clock.Advance(in(tt.due).Sub(s.Clock.Now()))
			if n := s.tick(); n != 2 {
				t.Errorf("%d were told", n)
			}
		})
	}
}

// Over the end of the year, with a holiday, a make-up Saturday and a rest between.
func TestYearEnd(t *testing.T) {
	s := newShop(t)
	s.hours("Asia/Taipei", []map[string]any{
		{"date": "2027-01-01", "name": "New Year", "spans": []any{}},
		{"date": "2027-01-02", "name": "Make-up", "spans": [][2]string{{"09:00", "12:00"}}},
	})
	s.policy(desktest.Values{"resolution": "1d"})
	s.when("2026-12-31 16:00")
	c := s.Case(nil)
	s.due(c, "first_response_due", "2027-01-02 11:00")
	s.due(c, "resolution_due", "2027-01-04 09:00")
	s.change(c, desktest.Values{"status": desk.Pending})
	s.when("2027-01-03 12:00")
	s.hear(c, "A happy new year")
	// two hours of the old year and the Saturday's three were the visitor's
	s.due(c, "first_response_due", "2027-01-04 13:00")
	s.due(c, "resolution_due", "2027-01-04 14:00")
}

func TestManyRests(t *testing.T) {
	s := newShop(t)
	s.policy(desktest.Values{"first_response": "", "next_response": "", "resolution": "5d"})
	c := s.Case(nil)
	due := s.again(c).GetDateTime("resolution_due").Time()
	hours, err := desk.CalendarOf(s.App, "")
	if err != nil {
		t.Fatal(err)
	}
	for range 60 {
		s.change(c, desktest.Values{"status": desk.Pending})
		s.Clock.Advance(50 * time.Minute)
		rested := s.Clock.Now()
		s.change(c, desktest.Values{"status": desk.Open})
		due = hours.Add(due, hours.Between(rested.Add(-50*time.Minute), rested))
		if got := s.again(c).GetDateTime("resolution_due").Time(); hours.Between(got, due) != 0 || hours.Between(due, got) != 0 {
			t.Fatalf("due %v, want %v", got, due)
		}
	}
	if n := len(s.again(c).GetString("clock")); n > 4_000 {
		t.Errorf("the clock takes %d characters", n)
	}
	if n := len(s.again(c).GetString("told")); n > 2_000 {
		t.Errorf("what was told takes %d characters", n)
	}
}
