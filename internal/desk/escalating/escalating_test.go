package escalating_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
)

// shop is an app with a case of a team, its lead, and people around it.
type shop struct {
	*desktest.App
	t       *testing.T
	station *escalating.Station
	team    *core.Record
	lead    *desk.Agent
	me      *desk.Agent // of the team
	chief   *desk.Agent // supervisor
	c       *desk.Case
	sent    []map[string]any // to webhooks
}

func newShop(t *testing.T) *shop {
	app := desktest.New(t)
	if err := app.Delete(app.All(desk.Escalations, nil)[0]); err != nil { // the one that a shop starts with
		t.Fatal(err)
	}
	app.Choose(desktest.Values{"timezone": "Asia/Taipei", "ack_enabled": false, "locale": "en", "shop_name": map[string]string{"en": "Cups"}})
	s := &shop{App: app, t: t, team: app.Make(desk.Teams, desktest.Values{"name": "North"})}
	s.lead, s.me = app.Agent(desk.RoleAgent, s.team.Id), app.Agent(desk.RoleAgent, s.team.Id)
	s.chief = app.Agent(desk.RoleSupervisor, "")
	app.Put(s.team, desktest.Values{"lead": s.lead.Id})
	s.c = app.Case(desktest.Values{"email": "v@example.com", "subject": "Where is it"})
	app.Put(s.c.Record, desktest.Values{"team": s.team.Id})
	s.station = s.stationOf(app)
	return s
}

func (s *shop) stationOf(app *desktest.App) *escalating.Station {
	return escalating.New(app, escalating.Config{Commit: app.Commit, Webhook: func(_ core.App, id, caseID string, data map[string]any) error {
		s.sent = append(s.sent, map[string]any{"id": id, "case": caseID, "data": data})
		return nil
	}})
}

func (s *shop) escalation(on string, steps ...escalating.Step) *core.Record {
	raw, _ := json.Marshal(steps)
	return s.Make(desk.Escalations, desktest.Values{"name": "Urgent", "enabled": true, "on": on, "steps": json.RawMessage(raw)})
}

func (s *shop) call(call escalating.Call) *escalating.Run {
	s.t.Helper()
	run, err := s.station.ByHand(s.c.Id, s.me, call)
	if err != nil {
		s.t.Fatal(err)
	}
	return run
}

func (s *shop) tick() int {
	s.t.Helper()
	n, err := s.station.Tick()
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// heard are the steps of which an agent was told.
func (s *shop) heard(agent *desk.Agent) []int {
	var steps []int
	for _, r := range s.All(desk.Notices, desktest.Values{"agent": agent.Id, "kind": desk.NoticeEscalated}) {
		var data struct{ Step int }
		if err := r.UnmarshalJSONField("data", &data); err != nil {
			s.t.Fatal(err)
		}
		for range max(r.GetInt("count"), 1) {
			steps = append(steps, data.Step)
		}
	}
	return steps
}

// The clock of the tests begins on Monday, 16 November 2026, 09:00 in Taipei.
func monday(hour, minute int) time.Time {
	return time.Date(2026, 11, 16, hour-8, minute, 0, 0, time.UTC)
}

func ladder(s *shop) *core.Record {
	return s.escalation("", escalating.Step{To: escalating.To{Lead: true}, Note: "Call him"},
		escalating.Step{After: "2h", To: escalating.To{Agent: s.chief.Id}},
		escalating.Step{After: "1h", To: escalating.To{Email: "plant@maker.example", Locale: "ja"}})
}

func TestGoesOnUntilAcknowledged(t *testing.T) {
	s := newShop(t)
	s.Clock.Set(monday(10, 0))
	run := s.call(escalating.Call{Escalation: ladder(s).Id, Note: "He is at the airport"})
	if got := s.heard(s.lead); !slices.Equal(got, []int{1}) || s.tick() != 0 || len(s.heard(s.chief)) != 0 {
		t.Fatalf("lead heard %v, chief %v", got, s.heard(s.chief))
	}
	if at := s.Find(desk.CaseEscalations, run.Id).GetDateTime("next_at").Time(); !at.Equal(monday(12, 0)) {
		t.Errorf("the next step comes at %v", at)
	}
	s.Clock.Set(monday(11, 59))
	if s.tick() != 0 {
		t.Error("too early")
	}
	s.Clock.Set(monday(12, 0))
	if s.tick() != 1 || s.tick() != 0 || !slices.Equal(s.heard(s.chief), []int{2}) {
		t.Fatalf("chief heard %v", s.heard(s.chief))
	}
	if err := s.station.Acknowledge(run.Id, s.chief); err != nil {
		t.Fatal(err)
	}
	s.Clock.Set(monday(18, 0))
	if s.tick() != 0 || len(s.All(desk.Outbox, desktest.Values{"recipient": "plant@maker.example"})) != 0 {
		t.Error("it went on after somebody took it on")
	}
	if err := s.station.Acknowledge(run.Id, s.me); !errors.Is(err, escalating.ErrOver) {
		t.Errorf("twice: %v", err)
	}
	if n := s.One(desk.Notices, desktest.Values{"agent": s.me.Id, "kind": desk.NoticeTakenOn}); !strings.Contains(n.GetString("data"), s.chief.Name()) {
		t.Errorf("who escalated it hears nothing: %v", n.GetString("data"))
	}
	kinds := s.Kinds(s.c.Id)
	if n := len(slices.DeleteFunc(kinds, func(k string) bool { return !strings.HasPrefix(k, "escalat") })); n != 3 {
		t.Errorf("%d events: %v", n, kinds)
	}
}

func TestOverNightAndWeekend(t *testing.T) {
	s := newShop(t)
	s.Clock.Set(monday(17, 30).AddDate(0, 0, 4)) // Friday
	run := s.call(escalating.Call{Escalation: ladder(s).Id})
	want := monday(10, 30).AddDate(0, 0, 7)
	if at := s.Find(desk.CaseEscalations, run.Id).GetDateTime("next_at").Time(); !at.Equal(want) {
		t.Errorf("the next step comes at %v, not %v", at, want)
	}
}

// A process that ends between two steps takes each once; one that was away for
// three days takes one, and gives those who are told then their time again.
func TestRestartBetweenSteps(t *testing.T) {
	s := newShop(t)
	s.Clock.Set(monday(10, 0))
	s.call(escalating.Call{Escalation: ladder(s).Id})
	again := s.AfterCrash()
	station := s.stationOf(again)
	s.Clock.Set(monday(10, 0).AddDate(0, 0, 3))
	for range 3 {
		if _, err := station.Tick(); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(again.All(desk.Notices, desktest.Values{"kind": desk.NoticeEscalated})); n != 2 {
		t.Fatalf("%d notices", n)
	}
	third := again.AfterCrash()
	station = s.stationOf(third)
	s.Clock.Advance(time.Hour)
	for range 3 {
		if _, err := station.Tick(); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(third.All(desk.Outbox, desktest.Values{"recipient": "plant@maker.example"})); n != 1 {
		t.Errorf("%d mails", n)
	}
}

// Nobody hears of a case that he may not see. By hand an escalation that would
// tell nobody is refused; one that began by itself is heard of by those who
// answer for the team, and at once.
func TestOnlyThoseWhoMaySee(t *testing.T) {
	s := newShop(t)
	south := s.Make(desk.Teams, desktest.Values{"name": "South"})
	stranger := s.Agent(desk.RoleAgent, south.Id)
	if _, err := s.station.ByHand(s.c.Id, s.me, escalating.Call{To: escalating.To{Agent: stranger.Id}}); !errors.Is(err, escalating.ErrUnseen) {
		t.Errorf("to a stranger: %v", err)
	}
	e := s.escalation("breach", escalating.Step{To: escalating.To{Team: south.Id}}, escalating.Step{After: "1d", To: escalating.To{Agent: stranger.Id}})
	for name, call := range map[string]escalating.Call{"steps": {Escalation: e.Id}, "a team": {To: escalating.To{Team: south.Id}}, "himself": {To: escalating.To{Lead: true}}} {
		if _, err := s.station.ByHand(s.c.Id, s.lead, call); !errors.Is(err, escalating.ErrNobody) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(s.All(desk.CaseEscalations, nil)); n != 0 || slices.Contains(s.Kinds(s.c.Id), desk.EventEscalated) {
		t.Errorf("%d escalations, events %v", n, s.Kinds(s.c.Id))
	}
	if err := s.Commit.Do(func(tx core.App) error { return s.station.OnDue(tx, s.c, "resolution", "breach") }); err != nil {
		t.Fatal(err)
	}
	if len(s.heard(stranger)) != 0 || !slices.Equal(s.heard(s.lead), []int{2}) {
		t.Errorf("stranger %v, lead %v", s.heard(stranger), s.heard(s.lead))
	}
}

// Who is alone at the Desk is not told of his own call, but reminded of it in time.
func TestAloneAtTheDesk(t *testing.T) {
	s := newShop(t)
	s.Clock.Set(monday(10, 0))
	s.Put(s.c.Record, desktest.Values{"team": ""}) // the supervisor alone answers for it
	e := s.escalation("", escalating.Step{To: escalating.To{Lead: true}}, escalating.Step{After: "2h", To: escalating.To{Agent: s.chief.Id}})
	run, err := s.station.ByHand(s.c.Id, s.chief, escalating.Call{Escalation: e.Id})
	if err != nil {
		t.Fatal(err)
	}
	if at := run.GetDateTime("next_at").Time(); run.GetInt("step") != 1 || !at.Equal(monday(12, 0)) || len(s.heard(s.chief)) != 0 {
		t.Fatalf("step %d, the next at %v, heard %v", run.GetInt("step"), at, s.heard(s.chief))
	}
	s.Clock.Set(monday(12, 0))
	if s.tick() != 1 || !slices.Equal(s.heard(s.chief), []int{2}) || s.tick() != 0 {
		t.Errorf("heard %v", s.heard(s.chief))
	}
}

// A step that tells nobody takes no time from those after it: each has its own,
// and one without comes at once.
func TestStepThatReachesNobody(t *testing.T) {
	s := newShop(t)
	s.Clock.Set(monday(10, 0))
	south := s.Make(desk.Teams, desktest.Values{"name": "South"})
	nobody := escalating.To{Team: south.Id}
	e := s.escalation("", escalating.Step{To: nobody}, escalating.Step{To: escalating.To{Agent: s.chief.Id}},
		escalating.Step{After: "1h", To: nobody}, escalating.Step{After: "2h", To: escalating.To{Lead: true}})
	run := s.call(escalating.Call{Escalation: e.Id})
	if run.GetInt("step") != 2 || !slices.Equal(s.heard(s.chief), []int{2}) {
		t.Fatalf("step %d, chief heard %v", run.GetInt("step"), s.heard(s.chief))
	}
	s.Clock.Set(monday(11, 0))
	if s.tick() != 1 || len(s.heard(s.lead)) != 0 {
		t.Fatalf("lead heard %v", s.heard(s.lead))
	}
	if at := s.Find(desk.CaseEscalations, run.Id).GetDateTime("next_at").Time(); !at.Equal(monday(13, 0)) {
		t.Errorf("the last step comes at %v", at)
	}
	s.Clock.Set(monday(13, 0))
	if s.tick() != 1 || !slices.Equal(s.heard(s.lead), []int{4}) {
		t.Errorf("lead heard %v", s.heard(s.lead))
	}
}

func TestSubstituteHearsToo(t *testing.T) {
	s := newShop(t)
	s.Put(s.lead.Record, desktest.Values{"away_from": desk.Date(s.Clock.Now().Add(-time.Hour)), "substitute": s.chief.Id})
	s.call(escalating.Call{To: escalating.To{Agent: s.lead.Id}})
	if len(s.heard(s.lead)) != 1 || len(s.heard(s.chief)) != 1 {
		t.Errorf("lead %v, substitute %v", s.heard(s.lead), s.heard(s.chief))
	}
	s.Put(s.chief.Record, desktest.Values{"away_from": desk.Date(s.Clock.Now().Add(-time.Hour)), "substitute": s.lead.Id}) // a ring
	admin := s.Agent(desk.RoleAdmin, "")
	s.call(escalating.Call{To: escalating.To{Lead: true}})
	if len(s.heard(s.lead)) != 1 || len(s.heard(s.chief)) != 1 || len(s.heard(admin)) != 1 {
		t.Errorf("all of the ring are away: lead %v, substitute %v, admin %v", s.heard(s.lead), s.heard(s.chief), s.heard(admin))
	}
}

func TestDueSetsOff(t *testing.T) {
	s := newShop(t)
	s.escalation("breach", escalating.Step{To: escalating.To{Lead: true}})
	other := s.escalation("breach", escalating.Step{To: escalating.To{Agent: s.chief.Id}})
	s.Put(other, desktest.Values{"categories": []string{"product"}})
	s.escalation("warning", escalating.Step{To: escalating.To{Agent: s.chief.Id}})
	due := func(kind string) {
		if err := s.Commit.Do(func(tx core.App) error { return s.station.OnDue(tx, s.c, "resolution", kind) }); err != nil {
			t.Fatal(err)
		}
	}
	due("breach")
	due("breach") // of another due: it goes on already
	if len(s.heard(s.lead)) != 1 || len(s.heard(s.chief)) != 0 {
		t.Errorf("lead %v, chief %v", s.heard(s.lead), s.heard(s.chief))
	}
	due("warning")
	if len(s.heard(s.chief)) != 1 {
		t.Error("nobody was warned")
	}
	if ev := s.Event(s.c.Id, desk.EventEscalated); ev["by"] != "warning" {
		t.Errorf("event %v", ev)
	}
}

func TestEndsWithItsCase(t *testing.T) {
	s := newShop(t)
	e := ladder(s)
	s.call(escalating.Call{Escalation: e.Id})
	if _, err := s.station.ByHand(s.c.Id, s.me, escalating.Call{Escalation: e.Id}); !errors.Is(err, escalating.ErrRuns) {
		t.Errorf("twice: %v", err)
	}
	if _, err := s.Write(s.c, s.me, desktest.Values{"direction": "out", "channel": "email", "body": "Done.", "status": "resolved"}); err != nil {
		t.Fatal(err)
	}
	r := s.One(desk.CaseEscalations, nil)
	if r.GetString("state") != desk.EscalationEnded || r.GetString("next_at") != "" {
		t.Errorf("it goes on: %s %s", r.GetString("state"), r.GetString("next_at"))
	}
	if _, err := s.station.ByHand(s.c.Id, s.me, escalating.Call{Escalation: e.Id}); !errors.Is(err, escalating.ErrDone) {
		t.Errorf("of a case that is done: %v", err)
	}
	s.Clock.Advance(30 * 24 * time.Hour)
	if s.tick() != 0 {
		t.Error("it went on")
	}
}

func TestTracker(t *testing.T) {
	s := newShop(t)
	program := s.Agent(desk.RoleIntegration, "")
	hook := s.Make(desk.Webhooks, desktest.Values{"name": "Issues", "url": "https://issues.example/", "enabled": true})
	e := s.escalation("", escalating.Step{To: escalating.To{Webhook: hook.Id}}, escalating.Step{After: "1h", To: escalating.To{Lead: true}})
	run := s.call(escalating.Call{Escalation: e.Id})
	if len(s.sent) == 0 || s.sent[0]["id"] != hook.Id || s.sent[0]["case"] != s.c.Id {
		t.Fatalf("sent %v", s.sent)
	}
	for _, bad := range []string{"javascript:alert(1)", "https://", "https://me:pw@x.example/", "ftp://x.example/", "https://x.example/" + strings.Repeat("a", 1000)} {
		if _, err := s.station.Track(s.c.Id, program, escalating.Tracked{URL: bad}); !errors.Is(err, escalating.ErrURL) {
			t.Errorf("%.40s: %v", bad, err)
		}
	}
	got, err := s.station.Track(s.c.Id, program, escalating.Tracked{URL: "https://issues.example/7", Ref: "#7"})
	if err != nil || got.Id != run.Id {
		t.Fatal(got, err)
	}
	if r := s.Find(desk.CaseEscalations, run.Id); r.GetString("tracker_ref") != "#7" || r.GetString("state") != desk.EscalationAcknowledged {
		t.Errorf("%v", r.PublicExport())
	}
	s.Clock.Advance(24 * time.Hour)
	if s.tick() != 0 {
		t.Error("it went on although the tracker has it")
	}
	other := s.Case(desktest.Values{"email": "w@example.com"})
	if _, err := s.station.Track(other.Id, s.me, escalating.Tracked{Run: run.Id, URL: "https://issues.example/8"}); err == nil {
		t.Error("a run of another case")
	}
	if _, err := s.station.Track(other.Id, s.me, escalating.Tracked{URL: "https://issues.example/8"}); err != nil {
		t.Error(err)
	}
}
