package assigning_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// write is a word of the visitor's on his case.
func (f *floor) write(c *desk.Case) *desk.Case {
	f.t.Helper()
	m, err := desk.NewMessage(f, c.Id)
	if err != nil {
		f.t.Fatal(err)
	}
	m.Set("channel", desk.ChannelPage)
	m.Set("body", "Is there any news?")
	if err := f.Commit.Do(func(tx core.App) error { return f.Work.Hear(tx, casework.Heard{Case: c, Message: m}) }); err != nil {
		f.t.Fatal(err)
	}
	f.follow()
	return f.again(c)
}

// An absence begins at its moment, and each is dealt with once.
func TestHandsOverOnLeave(t *testing.T) {
	f := newFloor(t, nil)
	anna, ben := f.person(nil), f.person(nil)
	var mine []*desk.Case
	for range 3 {
		mine = append(mine, f.give(f.open(nil), anna.Id))
	}
	waiting := f.change(f.give(f.open(nil), anna.Id), desktest.Values{"status": desk.Pending})
	f.follow()
	before := len(f.notices(ben, desk.NoticeAssigned))
	from := f.Clock.Now().Add(time.Hour)
	f.away(anna, from, 7, desktest.Values{"substitute": ben.Id})

	f.Clock.Set(from.Add(-time.Second))
	if n := f.tick(); n != 0 {
		t.Fatalf("%d handed over before the absence", n)
	}
	f.Clock.Set(from)
	if a, b := f.tick(), f.tick(); a != 3 || b != 0 {
		t.Fatalf("handed over %d and %d", a, b)
	}
	for _, c := range mine {
		if ev := f.Event(c.Id, "assignee"); f.again(c).Assignee() != ben.Id || ev["why"] != assigning.WhyLeave || ev["for"] != anna.Id || ev["by"] != assigning.By {
			t.Errorf("%s has it: %v", f.again(c).Assignee(), ev)
		}
	}
	told := f.notices(ben, desk.NoticeHandedOver)
	if len(told) != 1 || len(f.notices(ben, desk.NoticeAssigned)) != before {
		t.Fatalf("told %d times", len(told))
	}
	var data struct {
		From  string
		Count int
	}
	if err := told[0].UnmarshalJSONField("data", &data); err != nil || data.From != anna.Id || data.Count != 3 {
		t.Errorf("told %+v", data)
	}
	// what waited for the visitor goes when he answers
	if f.again(waiting).Assignee() != anna.Id {
		t.Error("a case that is the visitor's turn was handed over")
	}
	if c := f.write(waiting); c.Assignee() != ben.Id || f.why(c) != assigning.WhySubstitute {
		t.Errorf("answered, it is %s's", c.Assignee())
	}
	// by hand people give to whom they like
	back := f.give(mine[0], anna.Id)
	f.follow()
	f.tick()
	if f.again(back).Assignee() != anna.Id {
		t.Error("given by hand to somebody who is away, and taken from her")
	}
	// the next absence is another one
	f.Clock.Advance(8 * 24 * time.Hour)
	f.away(anna, f.Clock.Now().Add(-time.Minute), 1, nil)
	if n := f.tick(); n != 1 {
		t.Errorf("the second absence handed over %d", n)
	}
}

func TestReopenedGoesToTheSubstitute(t *testing.T) {
	f := newFloor(t, nil)
	anna, ben := f.person(nil), f.person(nil)
	c := f.change(f.give(f.open(nil), anna.Id), desktest.Values{"status": desk.Resolved})
	f.away(anna, f.Clock.Now(), 5, desktest.Values{"substitute": ben.Id})
	f.follow()
	f.tick()
	if f.again(c).Assignee() != anna.Id {
		t.Fatal("a case that is done was handed over")
	}
	if c = f.write(c); c.Assignee() != ben.Id || c.Status() != desk.Open {
		t.Errorf("%s has it, %s", c.Assignee(), c.Status())
	}
	// at home again, what is hers stays hers
	f.Clock.Advance(6 * 24 * time.Hour)
	c = f.change(f.give(c, anna.Id), desktest.Values{"status": desk.Resolved})
	if c = f.write(c); c.Assignee() != anna.Id {
		t.Errorf("she is back, and %s has it", c.Assignee())
	}
}

// A follow-up that comes back to somebody who is away, and a rule that names
// him, find his substitute too.
func TestSystemFindsTheSubstitute(t *testing.T) {
	f := newFloor(t, nil)
	anna, ben := f.person(nil), f.person(nil)
	c := f.give(f.open(nil), ben.Id)
	at := f.Clock.Now().Add(24 * time.Hour)
	f.change(c, desktest.Values{"status": desk.OnHold, "follow_up_at": desk.Date(at), "follow_up_for": anna.Id})
	f.away(anna, f.Clock.Now(), 5, desktest.Values{"substitute": ben.Id})
	f.Clock.Set(at)
	if _, err := f.Reminders.Tick(); err != nil {
		t.Fatal(err)
	}
	f.follow()
	if ev := f.Event(c.Id, "assignee"); f.again(c).Assignee() != ben.Id || ev["for"] != anna.Id {
		t.Errorf("%v", ev)
	}
}

// The server slept: an absence that holds by now is dealt with, one that is over
// is not; both once.
func TestSleptThroughIt(t *testing.T) {
	f := newFloor(t, nil)
	anna, ben, sub := f.person(nil), f.person(nil), f.person(nil)
	ofAnna, ofBen := f.give(f.open(nil), anna.Id), f.give(f.open(nil), ben.Id)
	f.follow()
	f.away(anna, f.Clock.Now().Add(time.Hour), 2, desktest.Values{"substitute": sub.Id})
	f.away(ben, f.Clock.Now().Add(2*time.Hour), 10, desktest.Values{"substitute": sub.Id})
	f.Clock.Advance(3 * 24 * time.Hour)
	if a, b := f.tick(), f.tick(); a != 1 || b != 0 {
		t.Fatalf("dealt with %d and %d", a, b)
	}
	if f.again(ofAnna).Assignee() != anna.Id || f.again(ofBen).Assignee() != sub.Id {
		t.Errorf("%s and %s", f.again(ofAnna).Assignee(), f.again(ofBen).Assignee())
	}
	for _, r := range []*core.Record{anna, ben} {
		if r = f.Find(desk.Agents, r.Id); r.GetString("handed_over") != r.GetString("away_from") {
			t.Errorf("handed over %q", r.GetString("handed_over"))
		}
	}
}

// An absence is from moment to moment: days on which clocks change are as long as they are.
func TestAbsenceOverClockChanges(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for name, day := range map[string]time.Time{
		"clocks go back":    time.Date(2026, 10, 25, 0, 0, 0, 0, berlin),
		"clocks go forward": time.Date(2027, 3, 28, 0, 0, 0, 0, berlin),
		"a leap day":        time.Date(2028, 2, 29, 0, 0, 0, 0, berlin),
		"a year's end":      time.Date(2026, 12, 31, 0, 0, 0, 0, berlin),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFloor(t, desktest.Values{"mode": "round_robin"})
			anna := f.person(nil)
			ben := f.person(desktest.Values{"no_turn": true})
			f.Put(f.Find(desk.Agents, anna.Id), desktest.Values{"substitute": ben.Id, "away_from": desk.Date(day), "away_until": desk.Date(day.AddDate(0, 0, 1))})
			for _, at := range []struct {
				when time.Time
				want string
			}{
				{day.Add(-time.Millisecond), anna.Id},
				{day, ben.Id},
				{day.AddDate(0, 0, 1).Add(-time.Millisecond), ben.Id},
				{day.AddDate(0, 0, 1), anna.Id},
			} {
				f.Clock.Set(at.when)
				f.tick()
				if c := f.given(nil); c.Assignee() != at.want {
					t.Errorf("%s: %s has it", at.when, c.Assignee())
				}
			}
		})
	}
}

// A great many cases are handed over in parts; a crash between two of them loses
// none and gives none twice.
func TestManyCasesOfOnePerson(t *testing.T) {
	f := newFloor(t, nil)
	anna, ben := f.person(nil), f.person(nil)
	for range 60 {
		c := f.open(nil)
		f.Put(c.Record, desktest.Values{"assignee": anna.Id})
	}
	f.follow()
	f.away(anna, f.Clock.Now(), 5, desktest.Values{"substitute": ben.Id})
	if n := f.tick(); n != 60 {
		t.Fatalf("handed over %d of 60", n)
	}
	again := f.AfterCrash()
	station := assigning.New(again, assigning.Config{Commit: again.Commit})
	if n, err := station.Tick(); err != nil || n != 0 {
		t.Errorf("after a crash %d again: %v", n, err)
	}
	if n := len(again.All(desk.Cases, desktest.Values{"assignee": ben.Id})); n != 60 {
		t.Errorf("%d", n)
	}
	sum := 0
	for _, r := range f.notices(ben, desk.NoticeHandedOver) {
		var data struct{ Count int }
		if err := r.UnmarshalJSONField("data", &data); err != nil {
			t.Fatal(err)
		}
		sum += data.Count
	}
	if sum != 60 {
		t.Errorf("told of %d", sum)
	}
}
