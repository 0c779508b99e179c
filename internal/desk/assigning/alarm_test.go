package assigning_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// The chiefs hear once of what nobody takes, after open hours.
func TestAlarm(t *testing.T) {
	f := newFloor(t, desktest.Values{"alarm_after": "2h"})
	f.Choose(desktest.Values{"timezone": "Asia/Taipei", "assignment": map[string]any{"alarm_after": "1d"}})
	lead := f.Agent(desk.RoleSupervisor, "")
	f.Put(f.Find(desk.Teams, f.team), desktest.Values{"lead": lead.Id})
	free := f.open(desktest.Values{"category": "product"})
	f.Clock.Set(time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)) // Friday, half past five in Taipei
	if n := f.tick(); n != 1 || len(f.All(desk.Events, desktest.Values{"kind": assigning.EventUnassigned, "case": free.Id})) != 1 {
		t.Fatalf("%d alarms of cases without a team", n)
	}
	c, taken := f.open(nil), f.give(f.open(nil), f.person(nil).Id)
	f.follow()
	f.Clock.Set(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)) // Monday, ten: an hour and a half of open time
	if n := f.tick(); n != 0 {
		t.Fatalf("%d alarms too early", n)
	}
	f.Clock.Advance(31 * time.Minute)
	if a, b := f.tick(), f.tick(); a != 1 || b != 0 {
		t.Fatalf("%d and %d alarms", a, b)
	}
	if ev := f.Event(c.Id, assigning.EventUnassigned); ev["after"] != "2h" || ev["team"] != f.team {
		t.Errorf("event %v", ev)
	}
	if n := f.notices(lead.Record, desk.NoticeUnassigned); len(n) != 2 {
		t.Errorf("the lead was told %d times", len(n))
	}
	// taken and put back, it is told again once its visitor has waited for that long
	f.give(c, taken.Assignee())
	f.follow()
	f.give(c, "")
	f.follow()
	if n := f.tick(); n != 1 {
		t.Errorf("%d alarms of a case that was put back", n)
	}
	// whoever waits for the visitor does not alarm
	f.change(f.open(nil), desktest.Values{"status": desk.Pending})
	f.Clock.Advance(7 * 24 * time.Hour)
	if n := f.tick(); n != 0 {
		t.Errorf("%d alarms of a case that waits for its visitor", n)
	}
}

// A team without a time of its own has the shop's, which is on from the first
// minute; one that wants to hear nothing does not.
func TestAlarmOfTheShop(t *testing.T) {
	f := newFloor(t, nil)
	f.Choose(desktest.Values{"timezone": "Asia/Taipei"})
	quiet := f.Make(desk.Teams, desktest.Values{"name": "Quiet", "alarm_after": desk.NoAlarm})
	f.Clock.Set(time.Date(2026, 11, 16, 1, 0, 0, 0, time.UTC)) // Monday, nine
	a, b, none := f.open(nil), f.open(nil), f.open(desktest.Values{"category": "product"})
	f.Put(b.Record, desktest.Values{"team": quiet.Id})
	f.Clock.Advance(4*time.Hour - time.Minute)
	if n := f.tick(); n != 0 {
		t.Fatalf("%d alarms too early", n)
	}
	f.Clock.Advance(time.Minute)
	if n := f.tick(); n != 2 {
		t.Errorf("%d alarms", n)
	}
	for c, want := range map[*desk.Case]int{a: 1, b: 0, none: 1} {
		if n := len(f.All(desk.Events, desktest.Values{"kind": assigning.EventUnassigned, "case": c.Id})); n != want {
			t.Errorf("case %d: %d alarms", c.Number(), n)
		}
	}
}

// The alarm of a lead who is away reaches whoever stands in.
func TestAlarmOfAnAbsentLead(t *testing.T) {
	f := newFloor(t, desktest.Values{"alarm_after": "30m"})
	lead, sub := f.person(nil), f.person(nil)
	f.Put(f.Find(desk.Teams, f.team), desktest.Values{"lead": lead.Id})
	f.away(lead, f.Clock.Now(), 9, desktest.Values{"substitute": sub.Id})
	f.open(nil)
	f.Clock.Advance(72 * time.Hour)
	f.tick()
	if len(f.notices(lead, desk.NoticeUnassigned)) != 0 || len(f.notices(sub, desk.NoticeUnassigned)) != 1 {
		t.Errorf("lead %d, substitute %d", len(f.notices(lead, desk.NoticeUnassigned)), len(f.notices(sub, desk.NoticeUnassigned)))
	}
}

// Asleep for three days, each is told once.
func TestAlarmAfterSleep(t *testing.T) {
	f := newFloor(t, desktest.Values{"alarm_after": "30m"})
	for range 3 {
		f.open(nil)
		f.Clock.Advance(5 * time.Hour)
	}
	f.Clock.Advance(3 * 24 * time.Hour)
	if a, b := f.tick(), f.tick(); a != 3 || b != 0 {
		t.Errorf("%d and %d", a, b)
	}
}
