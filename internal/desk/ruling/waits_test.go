package ruling_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// leaves has the mails of rules that wait to leave do so now.
func (s *shop) leaves(c *desk.Case) {
	s.t.Helper()
	for _, r := range s.All(desk.Messages, desktest.Values{"case": c.Id, "template": "poke"}) {
		m := desk.AsMessage(s.Put(r, desktest.Values{"delivery": desk.DeliverySent}))
		if err := desk.Nudged(s.App, m); err != nil {
			s.t.Fatal(err)
		}
	}
}

// closing is a shop that asks after three working days, and closes four after that.
func closing(t *testing.T) *shop {
	s := open(t)
	s.letter("poke", "Still there?")
	s.letter("bye", "Goodbye")
	s.timed("3d", desk.Pending, "answer", answer("poke"))
	s.Put(s.timed("4d", desk.Pending, "answer", answer("bye"), "status", desk.Closed), desktest.Values{"since": ruling.SinceNudged})
	s.tick()
	return s
}

// A case is closed some working days after its visitor was reminded, and never
// without: not when the mail waits for the server, not when the desk slept over
// both moments.
func TestClosedOnlyAfterAReminder(t *testing.T) {
	s := closing(t)
	c := s.Case(nil)
	s.waits(c)
	s.Clock.Set(at(20, 9)) // Friday of the first week: four working days
	s.tick()
	s.wantDid(c, "answer")
	s.Clock.Set(at(27, 9)) // a week later the mail left at last
	s.tick()
	s.wantDid(c, "answer")
	s.leaves(c)
	if s.again(c).GetDateTime("nudged_at").IsZero() {
		t.Fatal("nobody knows that he was reminded")
	}
	s.Clock.Set(at(27, 9).AddDate(0, 0, 6).Add(-time.Minute))
	s.tick()
	s.wantDid(c, "answer")
	s.Clock.Set(at(27, 9).AddDate(0, 0, 6).Add(time.Minute))
	s.tick()
	s.wantDid(c, "answer", "answer", "status")
	if got := s.again(c); got.Status() != desk.Closed || got.GetString("nudged_at") != "" {
		t.Errorf("%s, reminded at %s", got.Status(), got.GetString("nudged_at"))
	}
}

func TestAsleepOverBoth(t *testing.T) {
	s := closing(t)
	c := s.Case(nil)
	s.waits(c)
	s.Clock.Set(at(16, 9).AddDate(0, 2, 0))
	s.tick()
	s.tick()
	s.wantDid(c, "answer")
	s.leaves(c)
	s.tick()
	s.wantDid(c, "answer")
	s.Clock.Advance(14 * 24 * time.Hour)
	s.tick()
	s.wantDid(c, "answer", "answer", "status")
}

// Each wait has its own reminder; one that is taken up again as it was has the one it had.
func TestReminderOfThisWait(t *testing.T) {
	s := closing(t)
	c := s.Case(nil)
	s.waits(c)
	s.Clock.Set(at(20, 9))
	s.tick()
	s.leaves(c)
	pending := s.again(c)
	s.hear(c, "A moment, please.")
	if got := s.again(c); got.Status() != desk.Open || got.GetString("nudged_at") != "" {
		t.Errorf("%s, reminded at %s", got.Status(), got.GetString("nudged_at"))
	}
	s.Clock.Advance(time.Hour)
	back := s.again(c)
	back.Set("status", desk.Pending)
	back.Set("status_since", pending.GetString("status_since"))
	if err := desk.Save(s.App, back.Record); err != nil {
		t.Fatal(err)
	}
	if got := s.again(c).GetString("nudged_at"); got == "" {
		t.Error("a case put back as it was has no reminder")
	}
	s.change(c, s.Agent(desk.RoleAgent, ""), desktest.Values{"status": desk.Open})
	s.waits(c)
	s.Clock.Advance(40 * 24 * time.Hour)
	s.Put(s.All(desk.Rules, nil)[0], desktest.Values{"enabled": false})
	desk.Forget(s.App, desk.Rules)
	s.tick()
	if got := s.again(c).Status(); got != desk.Pending {
		t.Errorf("%s without a reminder in this wait", got)
	}
}

// A case waits by the hours of its service level, else of its team, else of the
// shop; when it moves it waits by those of where it is then.
func TestWaitsByItsOwnHours(t *testing.T) {
	s := open(t)
	week := map[string]any{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		week[day] = [][2]string{{"09:00", "18:00"}}
	}
	daily := s.Make(desk.Calendars, desktest.Values{"name": "Every day", "timezone": "Asia/Taipei", "country": "none", "week": week}).Id
	never := s.Make(desk.Calendars, desktest.Values{"name": "Fridays", "timezone": "Asia/Taipei", "country": "none", "week": map[string]any{"fri": [][2]string{{"09:00", "18:00"}}}}).Id
	quick, slow := s.Make(desk.Teams, desktest.Values{"name": "Quick", "calendar": daily}).Id, s.Make(desk.Teams, desktest.Values{"name": "Slow", "calendar": never}).Id
	policy := s.Make(desk.SLAPolicies, desktest.Values{"name": "p", "calendar": daily}).Id
	s.Clock.Set(at(20, 10)) // Friday
	s.timed("2d", desk.Pending, "add_tags", "late")
	s.tick()
	none, inQuick, inSlow, ofPolicy, moves := s.Case(nil), s.Case(nil), s.Case(nil), s.Case(nil), s.Case(nil)
	for c, v := range map[*desk.Case]desktest.Values{inQuick: {"team": quick}, inSlow: {"team": slow}, moves: {"team": slow}, ofPolicy: {"team": slow, "policy": policy}} {
		s.Put(c.Record, v)
	}
	for _, c := range []*desk.Case{none, inQuick, inSlow, ofPolicy, moves} {
		before := s.again(c)
		before.Set("status", desk.Pending)
		if err := desk.Save(s.App, before.Record); err != nil { // no policy is found anew
			t.Fatal(err)
		}
	}
	late := func(when time.Time, want ...*desk.Case) {
		t.Helper()
		s.Clock.Set(when)
		s.tick()
		for i, c := range []*desk.Case{none, inQuick, inSlow, ofPolicy, moves} {
			if got := len(s.again(c).Tags()) > 0; got != slices.Contains(want, c) {
				t.Errorf("%s: case %d late: %v", when, i, got)
			}
		}
	}
	late(at(21, 10))
	late(at(22, 10), inQuick, ofPolicy)
	late(at(24, 10), inQuick, ofPolicy, none)
	s.Put(s.Find(desk.Cases, moves.Id), desktest.Values{"team": quick}) // which looked beyond it long ago
	late(at(25, 10), inQuick, ofPolicy, none, moves)
	late(at(30, 10), inQuick, ofPolicy, none, moves)
	s.Put(s.Find(desk.Teams, slow), desktest.Values{"calendar": ""}) // and this one's is the shop's now
	late(at(30, 12), inQuick, ofPolicy, none, moves, inSlow)
	for _, c := range []*desk.Case{none, inQuick, inSlow, ofPolicy, moves} {
		if did := s.did(c); len(did) != 1 {
			t.Errorf("%q", did)
		}
	}
}
