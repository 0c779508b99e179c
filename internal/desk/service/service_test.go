package service_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/service"
)

// shop is an app with a calendar of plain weekdays, 09:00 to 18:00 in Taipei, and
// the station. Its clock begins on Monday 2026-11-16 at 09:00 there.
type shop struct {
	*desktest.App
	*service.Station
	t     *testing.T
	agent *desk.Agent
	chief *desk.Agent
}

func newShop(t *testing.T) *shop {
	s := &shop{App: desktest.New(t), t: t}
	if err := s.Delete(s.All(desk.SLAPolicies, nil)[0]); err != nil { // the usual one, that a shop starts with
		t.Fatal(err)
	}
	desk.Forget(s.App, desk.SLAPolicies)
	s.hours("Asia/Taipei", nil)
	s.agent, s.chief = s.Agent(desk.RoleAgent, ""), s.Agent(desk.RoleSupervisor, "")
	s.Station = service.New(s.App, service.Config{Commit: s.Commit})
	return s
}

// hours gives the shop a calendar of its own: weekdays, but for single days.
func (s *shop) hours(zone string, days []map[string]any) *core.Record {
	week := map[string]any{}
	for _, d := range []string{"mon", "tue", "wed", "thu", "fri"} {
		week[d] = [][2]string{{"09:00", "18:00"}}
	}
	if days == nil {
		days = []map[string]any{}
	}
	r := s.Make(desk.Calendars, desktest.Values{"name": zone, "timezone": zone, "country": "none", "week": week, "days": days})
	s.Choose(desktest.Values{"calendar": r.Id, "timezone": zone})
	desk.ForgetCalendars(s.App)
	return r
}

func (s *shop) policy(v desktest.Values) *core.Record {
	values := desktest.Values{"name": "Standard", "enabled": true, "first_response": "4h", "next_response": "2h", "resolution": "2d"}
	for name, value := range v {
		values[name] = value
	}
	return s.Make(desk.SLAPolicies, values)
}

func (s *shop) again(c *desk.Case) *desk.Case { return desk.AsCase(s.Find(desk.Cases, c.Id)) }

// at is a moment by Taipei's clock.
func at(text string) time.Time {
	taipei, _ := time.LoadLocation("Asia/Taipei")
	v, err := time.ParseInLocation("2006-01-02 15:04", text, taipei)
	if err != nil {
		panic(err)
	}
	return v
}

func (s *shop) when(moment string) { s.Clock.Advance(at(moment).Sub(s.Clock.Now())) }

// due checks a date of a case; "" is none.
func (s *shop) due(c *desk.Case, field, want string) {
	s.t.Helper()
	got, wanted := s.again(c).GetDateTime(field).Time(), time.Time{}
	if want != "" {
		wanted = at(want)
	}
	if !got.Equal(wanted) {
		s.t.Errorf("%s is %v, want %v", field, got.In(at("2026-01-01 00:00").Location()), want)
	}
}

// change is what a PATCH of a case does.
func (s *shop) change(c *desk.Case, v desktest.Values) {
	s.t.Helper()
	err := s.Commit.Do(func(tx core.App) error {
		before, err := desk.FindCase(tx, c.Id)
		if err != nil {
			return err
		}
		after := desk.AsCase(before.Fresh())
		for name, value := range v {
			after.Set(name, value)
		}
		events, err := s.Work.Change(tx, before, after, s.agent, 0)
		if err != nil {
			return err
		}
		if err := tx.Save(after.Record); err != nil { // as PocketBase's API does
			return err
		}
		return desk.Record(tx, events...)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) hear(c *desk.Case, body string) {
	s.t.Helper()
	m, err := desk.NewMessage(s.App, c.Id)
	if err != nil {
		s.t.Fatal(err)
	}
	m.Set("channel", desk.ChannelPage)
	m.Set("body", body)
	if err := s.Commit.Do(func(tx core.App) error { return s.Work.Hear(tx, casework.Heard{Case: c, Message: m}) }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) tick() int {
	s.t.Helper()
	n, err := s.Tick()
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// alarms are the lines about service levels of all cases, in order: "which kind".
func (s *shop) alarms() (out []string) {
	for _, r := range s.All(desk.Events, nil) {
		if kind := r.GetString("kind"); kind == desk.EventSLAWarning || kind == desk.EventSLABreached {
			after := map[string]any{}
			_ = r.UnmarshalJSONField("after", &after)
			out = append(out, after["which"].(string)+" "+kind[len("sla_"):])
		}
	}
	return out
}

func TestWhichPolicy(t *testing.T) {
	s := newShop(t)
	s.policy(desktest.Values{"name": "All", "position": 9, "first_response": "1d"})
	s.policy(desktest.Values{"name": "Off", "position": 0, "enabled": false})
	s.policy(desktest.Values{"name": "Wholesale", "position": 1, "categories": []string{"partnership", "product"}, "priorities": []string{"high", "urgent"}})
	s.policy(desktest.Values{"name": "Mail", "position": 2, "channels": []string{"email"}})
	s.policy(desktest.Values{"name": "VIP", "position": 3, "contact_tags": []string{"vip", "gold"}})
	vip := s.Case(desktest.Values{"email": "vip@example.com"})
	s.Put(s.Find(desk.Contacts, vip.Contact()), desktest.Values{"tags": []string{"gold"}})
	for name, tt := range map[string]struct {
		visitor, change desktest.Values
		want            string
	}{
		"all":                {desktest.Values{"email": "a@example.com"}, nil, "All"},
		"category alone":     {desktest.Values{"email": "b@example.com", "category": "product"}, nil, "All"},
		"category, priority": {desktest.Values{"email": "c@example.com", "category": "product"}, desktest.Values{"priority": "urgent"}, "Wholesale"},
		"channel":            {desktest.Values{"email": "d@example.com", "source": "email"}, nil, "Mail"},
		"tag":                {desktest.Values{"email": "vip@example.com"}, nil, "VIP"},
	} {
		c := s.Case(tt.visitor)
		if tt.change != nil {
			s.change(c, tt.change)
		}
		if got := desk.PolicyName(s.App, s.again(c).GetString("policy")); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// Everything on one case, from its first word to its second life.
func TestOneCase(t *testing.T) {
	s := newShop(t)
	s.policy(nil)
	c := s.Case(nil) // Monday 09:00
	s.due(c, "first_response_due", "2026-11-16 13:00")
	s.due(c, "resolution_due", "2026-11-18 09:00")
	s.due(c, "due_at", "2026-11-16 13:00")
	s.due(c, "tell_at", "2026-11-16 12:12") // 80 percent of four hours

	s.when("2026-11-16 10:00")
	s.Reply(c, s.agent, desktest.Values{"status": desk.Open})
	s.due(c, "due_at", "2026-11-18 09:00")
	s.due(c, "tell_at", "2026-11-17 14:24") // 80 percent of 18 open hours
	s.hear(c, "And one thing more")
	s.due(c, "next_response_due", "2026-11-16 12:00")
	s.when("2026-11-16 11:00")
	s.hear(c, "Hello?") // goes on waiting since then
	s.due(c, "next_response_due", "2026-11-16 12:00")

	s.Reply(c, s.agent, desktest.Values{"status": desk.Pending})
	s.due(c, "paused_at", "2026-11-16 11:00")
	s.due(c, "tell_at", "")
	s.due(c, "due_at", "")
	s.when("2026-11-17 11:00") // nine open hours later
	s.hear(c, "Here it is")
	s.due(c, "paused_at", "")
	s.due(c, "next_response_due", "2026-11-17 13:00")
	s.due(c, "resolution_due", "2026-11-18 18:00")

	s.Reply(c, s.agent, desktest.Values{"status": desk.OnHold}) // others' turn: the time goes on
	s.due(c, "paused_at", "")
	s.due(c, "due_at", "2026-11-18 18:00")
	s.change(c, desktest.Values{"status": desk.Resolved})
	if m := s.again(c).Marks(); m[desk.Resolution].Ended != desk.Met || m[desk.NextResponse].Met+1 != 2 || m[desk.FirstResponse].Ended != desk.Met {
		t.Errorf("marks %+v %+v %+v", m[desk.FirstResponse], m[desk.NextResponse], m[desk.Resolution])
	}

	s.when("2026-11-20 09:00")
	s.hear(c, "It broke again") // the time for the resolution begins anew
	s.due(c, "resolution_due", "2026-11-24 09:00")
	s.due(c, "next_response_due", "2026-11-20 11:00")
	if m := s.again(c).Marks(); m[desk.Resolution].Met != 1 || m[desk.Resolution].Ended != "" {
		t.Errorf("resolution %+v", m[desk.Resolution])
	}
	if got := s.alarms(); len(got) != 0 {
		t.Errorf("told %v", got)
	}
}

func TestOnHoldMayRest(t *testing.T) {
	s := newShop(t)
	s.policy(desktest.Values{"pause_on_hold": true})
	c := s.Case(nil)
	s.change(c, desktest.Values{"status": desk.OnHold})
	s.due(c, "tell_at", "")
	s.when("2026-11-16 15:00") // six hours on
	s.change(c, desktest.Values{"status": desk.Open})
	s.due(c, "first_response_due", "2026-11-17 10:00")
	s.due(c, "resolution_due", "2026-11-18 15:00")
}

// What changes which policy fits, or how much it asks for, moves the dues at once.
func TestChangesMoveDues(t *testing.T) {
	s := newShop(t)
	s.policy(desktest.Values{"name": "Urgent", "position": 1, "priorities": []string{"urgent"}, "first_response": "1h", "next_response": "", "resolution": ""})
	s.policy(desktest.Values{"name": "Returns", "position": 2, "categories": []string{"return"}, "first_response": "8h"})
	c := s.Case(nil)
	if c.GetString("policy") != "" || c.GetString("tell_at") != "" {
		t.Error("a policy that doesn't fit holds")
	}
	by := c.GetDateTime("first_response_due")
	s.change(c, desktest.Values{"category": "return"})
	s.due(c, "first_response_due", "2026-11-16 17:00")
	s.change(c, desktest.Values{"priority": "urgent"})
	s.due(c, "first_response_due", "2026-11-16 10:00")
	s.due(c, "resolution_due", "")
	s.due(c, "tell_at", "2026-11-16 09:48")
	s.change(c, desktest.Values{"priority": "normal", "category": ""})
	if got := s.again(c); !got.GetDateTime("first_response_due").Equal(by) || got.GetString("tell_at") != "" || got.GetString("policy") != "" {
		t.Errorf("without a policy: due %v, was %v", got.GetDateTime("first_response_due"), by)
	}
	// a team's own hours
	long := map[string]any{"mon": [][2]string{{"09:00", "12:00"}}, "tue": [][2]string{{"09:00", "18:00"}}}
	hours := s.Make(desk.Calendars, desktest.Values{"name": "Depot", "timezone": "Asia/Taipei", "country": "none", "week": long, "days": []any{}})
	team := s.Make(desk.Teams, desktest.Values{"name": "Depot", "calendar": hours.Id})
	desk.ForgetCalendars(s.App)
	s.change(c, desktest.Values{"category": "return"})
	s.change(c, desktest.Values{"team": team.Id})
	s.due(c, "first_response_due", "2026-11-17 14:00")
}

func TestWhoIsTold(t *testing.T) {
	s := newShop(t)
	s.policy(desktest.Values{"next_response": "", "resolution": ""})
	type call struct{ which, kind string }
	var calls []call
	s.Breached = func(tx core.App, c *desk.Case, which, kind string) error {
		if !tx.IsTransactional() {
			t.Error("told outside the transaction")
		}
		calls = append(calls, call{which, kind})
		return nil
	}
	mine, nobodys := s.Case(nil), s.Case(desktest.Values{"email": "b@example.com"})
	s.change(mine, desktest.Values{"assignee": s.agent.Id})
	version := s.again(mine).GetInt("version")
	s.when("2026-11-16 12:11")
	if n := s.tick(); n != 0 {
		t.Fatalf("%d were told too early", n)
	}
	s.when("2026-11-16 12:12")
	if n := s.tick(); n != 2 {
		t.Fatalf("%d were warned of", n)
	}
	told := func(who *desk.Agent, c *desk.Case, kind string) int {
		return len(s.All(desk.Notices, desktest.Values{"agent": who.Id, "case": c.Id, "kind": kind}))
	}
	if told(s.agent, mine, "sla_warning") != 1 || told(s.chief, mine, "sla_warning") != 0 || told(s.chief, nobodys, "sla_warning") != 1 {
		t.Error("the warning went to somebody else")
	}
	s.when("2026-11-16 13:00")
	s.tick()
	if told(s.agent, mine, "sla_breached") != 1 || told(s.chief, mine, "sla_breached") != 1 || told(s.chief, nobodys, "sla_breached") != 1 {
		t.Error("the breach went to somebody else")
	}
	if n := s.tick(); n != 0 {
		t.Errorf("%d were told twice", n)
	}
	want := []call{{desk.FirstResponse, service.Warning}, {desk.FirstResponse, service.Warning}, {desk.FirstResponse, service.Breach}, {desk.FirstResponse, service.Breach}}
	if !slices.Equal(calls, want) {
		t.Errorf("calls %v", calls)
	}
	if got := s.again(mine).GetInt("version"); got != version {
		t.Errorf("version %d, was %d: whoever writes now would collide with the clock", got, version)
	}
	ev := s.Event(mine.Id, desk.EventSLABreached)
	if ev["which"] != desk.FirstResponse || ev["due"] != ev["at"] || ev["name"] != "Standard" || ev["by"] != "sla" {
		t.Errorf("event %v", ev)
	}
}
