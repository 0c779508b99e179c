package service_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
	"github.com/pocketdesk/pocketdesk/internal/desk/service"
)

// freshShop is a shop as it is after its first start, with its escalations.
func freshShop(t *testing.T) *shop {
	s := &shop{App: desktest.New(t), t: t}
	s.hours("Asia/Taipei", nil)
	s.station()
	return s
}

func (s *shop) station() {
	escalations := escalating.New(s.App, escalating.Config{Commit: s.Commit})
	s.Station = service.New(s.App, service.Config{Commit: s.Commit, Breached: escalations.OnDue})
}

// heard are the kinds of what somebody was told, in order.
func (s *shop) heard(a *desk.Agent) (kinds []string) {
	for _, r := range s.All(desk.Notices, desktest.Values{"agent": a.Id}) {
		kinds = append(kinds, r.GetString("kind"))
	}
	return kinds
}

func (s *shop) expect(who string, a *desk.Agent, want ...string) {
	s.t.Helper()
	if got := s.heard(a); !slices.Equal(got, want) {
		s.t.Errorf("%s heard %v, want %v", who, got, want)
	}
}

// absent makes somebody away between two moments.
func (s *shop) absent(a *desk.Agent, from, until, substitute string) {
	s.Put(s.Find(desk.Agents, a.Id), desktest.Values{"away_from": desk.Date(at(from)), "away_until": desk.Date(at(until)), "substitute": substitute})
}

// Nobody set anything up: the answer that the visitor was promised is watched, and
// who is alone hears of each moment once.
func TestWatchedFromTheFirstMinute(t *testing.T) {
	s := freshShop(t)
	owner := s.Agent(desk.RoleAdmin, "")
	s.agent = owner
	c := s.Case(nil) // Monday 09:00, to be answered within two working days
	s.change(c, desktest.Values{"assignee": owner.Id})
	s.due(c, "first_response_due", "2026-11-18 09:00")
	s.due(c, "tell_at", "2026-11-17 14:24")
	by, err := desk.AnswerBy(s.App, s.again(c), at("2026-11-16 09:00"))
	if err != nil || !by.Equal(at("2026-11-18 09:00")) {
		t.Errorf("the visitor is told %v, %v", by, err)
	}
	before := len(s.heard(owner))
	s.when("2026-11-17 14:24")
	s.tick()
	s.when("2026-11-18 09:00")
	s.tick()
	s.tick()
	if got := s.heard(owner)[before:]; !slices.Equal(got, []string{desk.NoticeSLAWarning, desk.NoticeEscalated}) {
		t.Errorf("the owner heard %v", got)
	}
	s.Clock.Advance(time.Minute)
	s.Reply(s.again(c), owner, nil)
	if m := s.again(c).Marks()[desk.FirstResponse]; m.Ended != desk.Missed {
		t.Errorf("mark %+v", m)
	}
}

// Whoever has a late case hears of it besides whom it is escalated to; urgent ones
// come sooner, and the visitor is told the same as ever.
func TestUsualLevel(t *testing.T) {
	s := freshShop(t)
	ann, chief := s.Agent(desk.RoleAgent, ""), s.Agent(desk.RoleSupervisor, "")
	s.agent = ann
	c := s.Case(nil)
	s.change(c, desktest.Values{"assignee": ann.Id, "priority": "urgent"})
	s.due(c, "first_response_due", "2026-11-16 10:30")
	if by, err := desk.AnswerBy(s.App, s.again(c), at("2026-11-16 09:00")); err != nil || !by.Equal(at("2026-11-18 09:00")) {
		t.Errorf("the visitor is told %v, %v", by, err)
	}
	s.change(c, desktest.Values{"priority": "low"}) // never later than he was promised
	s.due(c, "first_response_due", "2026-11-18 09:00")
	s.due(c, "resolution_due", "2026-11-23 09:00")
	s.when("2026-11-18 09:00")
	s.tick()
	if got := s.heard(ann); !slices.Equal(got[max(len(got)-2, 0):], []string{desk.NoticeSLAWarning, desk.NoticeSLABreached}) {
		t.Errorf("ann heard %v", got)
	}
	s.expect("the supervisor", chief, desk.NoticeEscalated)

	own := s.policy(desktest.Values{"name": "Own", "position": 5}) // any other goes before it
	d := s.Case(desktest.Values{"email": "d@example.com"})
	if got := d.GetString("policy"); got != own.Id {
		t.Errorf("policy %s", got)
	}
	s.Choose(desktest.Values{"answer_hours": 24})
	s.Put(own, desktest.Values{"enabled": false})
	desk.Forget(s.App, desk.SLAPolicies)
	s.refresh()
	s.due(d, "first_response_due", "2026-11-19 09:00")
}

// The lead is away over golden week, and so is whoever has the case: those hear who
// stand in, down to the last one who is there.
func TestAbsentOverGoldenWeek(t *testing.T) {
	for name, tt := range map[string]struct {
		chain func(s *shop, lead, sub, deputy *desk.Agent)
		want  string
	}{
		"her substitute": {func(s *shop, lead, sub, _ *desk.Agent) {
			s.absent(lead, "2026-11-20 18:00", "2026-11-30 09:00", sub.Id)
		}, "sub"},
		"the substitute's": {func(s *shop, lead, sub, deputy *desk.Agent) {
			s.absent(lead, "2026-11-20 18:00", "2026-11-30 09:00", sub.Id)
			s.absent(sub, "2026-11-23 00:00", "2026-11-27 00:00", deputy.Id)
		}, "deputy"},
		"a circle": {func(s *shop, lead, sub, _ *desk.Agent) {
			s.absent(lead, "2026-11-20 18:00", "2026-11-30 09:00", sub.Id)
			s.absent(sub, "2026-11-23 00:00", "2026-11-27 00:00", lead.Id)
		}, "chief"},
		"nobody named": {func(s *shop, lead, _, _ *desk.Agent) { s.absent(lead, "2026-11-20 18:00", "2026-11-30 09:00", "") }, "chief"},
		"only colleagues are there": {func(s *shop, lead, sub, _ *desk.Agent) {
			s.absent(lead, "2026-11-20 18:00", "2026-11-30 09:00", "")
			s.absent(s.chief, "2026-11-20 18:00", "2026-11-30 09:00", "")
			s.absent(sub, "2026-11-20 18:00", "2026-11-30 09:00", "")
		}, "deputy"},
	} {
		t.Run(name, func(t *testing.T) {
			s := freshShop(t)
			s.chief = s.Agent(desk.RoleSupervisor, "")
			team := s.Make(desk.Teams, desktest.Values{"name": "Returns"})
			lead, sub, deputy := s.Agent(desk.RoleAgent, team.Id), s.Agent(desk.RoleAgent, team.Id), s.Agent(desk.RoleAgent, team.Id)
			s.Put(team, desktest.Values{"lead": lead.Id})
			c := s.Case(nil)
			s.Put(c.Record, desktest.Values{"team": team.Id, "assignee": lead.Id})
			tt.chain(s, lead, sub, deputy)
			s.when("2026-11-24 12:00")
			s.tick()
			for who, a := range map[string]*desk.Agent{"lead": lead, "sub": sub, "deputy": deputy, "chief": s.chief} {
				want := 0
				if who == tt.want {
					want = 2 // the warning and the breach
				}
				if got := s.heard(a); len(got) != want {
					t.Errorf("%s heard %v", who, got)
				}
			}
		})
	}
}

// Where nobody at all is there, those who answer for it find it when they are back.
func TestEverybodyAway(t *testing.T) {
	s := freshShop(t)
	s.chief = s.Agent(desk.RoleSupervisor, "")
	ann := s.Agent(desk.RoleAgent, "")
	for _, a := range []*desk.Agent{s.chief, ann} {
		s.absent(a, "2026-11-16 10:00", "2026-11-30 09:00", "")
	}
	s.Case(nil)
	s.when("2026-11-24 12:00")
	s.tick()
	if len(s.heard(s.chief)) != 2 || len(s.heard(ann)) != 0 {
		t.Errorf("chief %v, ann %v", s.heard(s.chief), s.heard(ann))
	}
}

// A stricter level tells everybody who answers once how much is late, also over a
// crash in the middle, and nobody of each.
func TestLateByANewLevel(t *testing.T) {
	s := freshShop(t)
	chief := s.Agent(desk.RoleSupervisor, "")
	team := s.Make(desk.Teams, desktest.Values{"name": "Returns"})
	lead := s.Agent(desk.RoleAgent, team.Id)
	s.Put(team, desktest.Values{"lead": lead.Id})
	s.refresh()
	for i := range 2*service.Group + 3 {
		c := s.Case(desktest.Values{"email": fmt.Sprintf("v%d@example.com", i)})
		if i < 4 {
			s.Put(c.Record, desktest.Values{"team": team.Id})
		}
	}
	s.when("2026-11-16 15:00")
	s.policy(desktest.Values{"name": "Strict", "first_response": "1h", "next_response": "", "resolution": ""})
	desk.Forget(s.App, desk.SLAPolicies)

	looked := 0
	s.App.OnRecordAfterUpdateSuccess(desk.Cases).BindFunc(func(e *core.RecordEvent) error {
		looked++
		return e.Next()
	})
	ctx := &untilDone{Context: t.Context(), over: func() bool { return looked >= service.Group }}
	if err := s.Refresh(ctx); err == nil {
		t.Fatal("not ended in the middle")
	}
	again := &shop{App: s.AfterCrash(), t: t}
	again.station()
	again.refresh()
	again.refresh()
	again.tick()
	for _, tt := range []struct {
		who   string
		agent *desk.Agent
		count int
	}{{"chief", chief, 2*service.Group - 1}, {"lead", lead, 4}} {
		rows := again.All(desk.Notices, desktest.Values{"agent": tt.agent.Id})
		if len(rows) != 1 || rows[0].GetString("kind") != desk.NoticeSLALate {
			t.Fatalf("%s heard %v", tt.who, again.heard(tt.agent))
		}
		data := struct{ Count int }{}
		if err := rows[0].UnmarshalJSONField("data", &data); err != nil || data.Count != tt.count {
			t.Errorf("%s was told of %d late cases, want %d", tt.who, data.Count, tt.count)
		}
	}
	again.policy(desktest.Values{"name": "Looser", "first_response": "2d", "position": -1})
	desk.Forget(again.App, desk.SLAPolicies)
	again.refresh()
	if n := len(again.heard(chief)); n != 1 {
		t.Errorf("a looser level was told of: %d", n)
	}
}

// untilDone is over once a condition holds.
type untilDone struct {
	context.Context
	over func() bool
}

func (u *untilDone) Err() error {
	if u.over() {
		return context.Canceled
	}
	return u.Context.Err()
}

// What the visitor is promised, and when somebody is warned of it, over the days on
// which nobody works, and those on which somebody does.
func TestUsualLevelOverHolidays(t *testing.T) {
	for name, tt := range map[string]struct{ zone, country, opened, warn, due string }{
		"golden week":       {"Asia/Tokyo", "JP", "2027-04-28T17:00:00+09:00", "2027-05-06T13:24:00+09:00", "2027-05-06T17:00:00+09:00"},
		"make-up Saturday":  {"Asia/Taipei", "TW", "2025-02-07T12:00:00+08:00", "2025-02-08T17:24:00+08:00", "2025-02-10T12:00:00+08:00"},
		"leap day":          {"Asia/Taipei", "none", "2028-02-28T10:00:00+08:00", "2028-02-29T15:24:00+08:00", "2028-03-01T10:00:00+08:00"},
		"year end":          {"Asia/Taipei", "none", "2027-12-31T10:00:00+08:00", "2028-01-03T15:24:00+08:00", "2028-01-04T10:00:00+08:00"},
		"clocks go forward": {"Europe/Berlin", "none", "2027-03-26T10:00:00+01:00", "2027-03-29T15:24:00+02:00", "2027-03-30T10:00:00+02:00"},
		"clocks go back":    {"Europe/Berlin", "none", "2027-10-29T10:00:00+02:00", "2027-11-01T15:24:00+01:00", "2027-11-02T10:00:00+01:00"},
	} {
		t.Run(name, func(t *testing.T) {
			moment := func(text string) time.Time {
				v, err := time.Parse(time.RFC3339, text)
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			s := &shop{App: desktest.New(t), t: t}
			s.station()
			s.Clock.Set(moment(tt.opened))
			s.Put(s.hours(tt.zone, nil), desktest.Values{"country": tt.country})
			desk.ForgetCalendars(s.App)
			c := s.again(s.Case(nil))
			if got := c.GetDateTime("tell_at").Time(); !got.Equal(moment(tt.warn)) {
				t.Errorf("warned at %v", got)
			}
			if got := c.GetDateTime("first_response_due").Time(); !got.Equal(moment(tt.due)) {
				t.Errorf("due at %v", got)
			}
		})
	}
}
