package assigning_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestManualLeavesItToPeople(t *testing.T) {
	f := newFloor(t, nil)
	f.person(nil)
	if c := f.given(nil); c.Assignee() != "" || c.GetString("queued_at") != "" {
		t.Errorf("given to %s", c.Assignee())
	}
}

func TestRoundRobinGoesInTurn(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "round_robin"})
	a, b, c := f.person(nil), f.person(nil), f.person(nil)
	f.person(desktest.Values{"no_turn": true})
	f.Agent(desk.RoleAgent, f.Make(desk.Teams, desktest.Values{"name": "Other"}).Id)
	f.Agent(desk.RoleSupervisor, "")
	// of one moment: the clock stands
	for i, want := range []*core.Record{a, b, c, a, b, c, a} {
		got := f.given(nil)
		if got.Assignee() != want.Id {
			t.Fatalf("case %d went to %s, want %s", i, got.Assignee(), want.Id)
		}
		ev := f.Event(got.Id, "assignee")
		if ev["by"] != assigning.By || ev["why"] != assigning.WhyTurn || ev["assignee"] != want.Id {
			t.Errorf("event %v", ev)
		}
	}
	if n := len(f.notices(a, desk.NoticeAssigned)); n != 3 {
		t.Errorf("told %d times of 3 cases", n)
	}
}

// What comes in one batch is spread as well as what comes one by one.
func TestBatchIsSpread(t *testing.T) {
	for _, mode := range []string{"round_robin", "least_busy"} {
		f := newFloor(t, desktest.Values{"mode": mode})
		a, b := f.person(nil), f.person(nil)
		for range 8 {
			f.open(nil)
		}
		f.follow()
		for _, p := range []*core.Record{a, b} {
			if n := len(f.All(desk.Cases, desktest.Values{"assignee": p.Id})); n != 4 {
				t.Errorf("%s: %d of 8 cases", mode, n)
			}
		}
	}
}

func TestLeastBusyCountsWhatIsTheirTurn(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "least_busy"})
	a, b := f.person(nil), f.person(nil)
	first := f.give(f.open(nil), a.Id)
	f.give(f.open(nil), b.Id)
	f.follow()
	f.change(first, desktest.Values{"status": desk.Pending}) // the visitor's turn
	got := f.given(nil)
	if got.Assignee() != a.Id || f.why(got) != assigning.WhyFewest {
		t.Errorf("went to %s for %s", got.Assignee(), f.why(got))
	}
}

func TestSkills(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "round_robin", "by_skill": true})
	ja := f.person(desktest.Values{"skills": map[string]any{"languages": []string{"ja"}}})
	en := f.person(desktest.Values{"skills": map[string]any{"languages": []string{"en", "zh-TW"}, "categories": []string{"return", "product"}}})
	for range 2 {
		if c := f.given(desktest.Values{"locale": "ja"}); c.Assignee() != ja.Id {
			t.Errorf("Japanese went to %s", c.Assignee())
		}
		if c := f.given(desktest.Values{"locale": "en"}); c.Assignee() != en.Id {
			t.Errorf("English went to %s", c.Assignee())
		}
	}
	c := f.given(desktest.Values{"locale": "zh-CN"})
	if c.Assignee() != "" || c.GetString("queued_at") == "" {
		t.Fatalf("nobody reads it, and %q has it", c.Assignee())
	}
	f.Put(f.Find(desk.Agents, en.Id), desktest.Values{"skills": `{"languages":"no list"}`}) // a slip counts as none
	f.tick()
	if c = f.again(c); c.Assignee() != en.Id {
		t.Errorf("it went to %q", c.Assignee())
	}
}

func TestSameAgentAsLastTime(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "round_robin", "same_agent": true})
	a, b, sub := f.person(nil), f.person(nil), f.person(desktest.Values{"no_turn": true})
	anna := desktest.Values{"email": "anna@example.com"}
	first := f.given(anna)
	if first.Assignee() != a.Id {
		t.Fatal("the first in turn does not have it")
	}
	asB, err := desk.FindAgent(f, b.Id)
	if err != nil {
		t.Fatal(err)
	}
	f.Reply(first, asB, desktest.Values{"status": desk.Resolved})
	for range 2 {
		if c := f.given(anna); c.Assignee() != b.Id || f.why(c) != assigning.WhySame {
			t.Errorf("went to %s for %s", c.Assignee(), f.why(c))
		}
	}
	f.away(b, f.Clock.Now(), 1, desktest.Values{"substitute": sub.Id})
	c := f.given(anna)
	if ev := f.Event(c.Id, "assignee"); c.Assignee() != sub.Id || ev["why"] != assigning.WhySubstitute || ev["for"] != b.Id {
		t.Errorf("went to %s: %v", c.Assignee(), ev)
	}
	f.Put(f.Find(desk.Agents, b.Id), desktest.Values{"away_from": "", "away_until": "", "capacity": 1})
	if c := f.given(anna); c.Assignee() != a.Id {
		t.Errorf("he has no room, and it went to %s", c.Assignee())
	}
}

// Whoever answered last is passed over who gets no cases by itself, or does not
// know what the team asks for.
func TestSameAgentByTheTeamsMode(t *testing.T) {
	for name, tt := range map[string]struct {
		mode, last desktest.Values
		same       bool
	}{
		"takes turns":             {desktest.Values{"mode": "round_robin"}, nil, true},
		"gets no cases by itself": {desktest.Values{"mode": "round_robin"}, desktest.Values{"no_turn": true}, false},
		"no skill for it":         {desktest.Values{"mode": "round_robin", "by_skill": true}, desktest.Values{"skills": `{"categories":["product"]}`}, false},
		"skills are not asked":    {desktest.Values{"mode": "round_robin"}, desktest.Values{"skills": `{"categories":["product"]}`}, true},
		"by hand, and no turn":    {nil, desktest.Values{"no_turn": true}, false},
		"by hand":                 {nil, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			mode := desktest.Values{"same_agent": true}
			for k, v := range tt.mode {
				mode[k] = v
			}
			f := newFloor(t, mode)
			other, last := f.person(nil), f.person(tt.last)
			agent, err := desk.FindAgent(f, last.Id)
			if err != nil {
				t.Fatal(err)
			}
			anna := desktest.Values{"email": "anna@example.com"}
			f.Reply(f.given(anna), agent, desktest.Values{"status": desk.Resolved})
			c, want := f.given(anna), ""
			switch {
			case tt.same:
				want = last.Id
			case tt.mode != nil:
				want = other.Id
			}
			if c.Assignee() != want {
				t.Errorf("went to %q, want %q", c.Assignee(), want)
			}
		})
	}
}

func TestCasesWithoutATeam(t *testing.T) {
	f := newFloor(t, nil)
	member := f.person(nil)
	f.Choose(desktest.Values{"assignment": map[string]any{"mode": "round_robin"}})
	none := desktest.Values{"category": "product"}
	if c := f.given(none); c.Assignee() != member.Id {
		t.Errorf("all agents are of a team, and it went to %q", c.Assignee())
	}
	free := f.Agent(desk.RoleAgent, "")
	f.Agent(desk.RoleAdmin, "")
	for range 2 {
		if c := f.given(none); c.Assignee() != free.Id {
			t.Errorf("went to %q", c.Assignee())
		}
	}
}

// A rule may give out where the team leaves that to people.
func TestRuleGivesOut(t *testing.T) {
	f := newFloor(t, nil)
	a := f.person(nil)
	c := f.given(nil)
	if err := f.Commit.Do(func(tx core.App) error { return f.station.Assign(tx, c.Id, "rule") }); err != nil {
		t.Fatal(err)
	}
	if c = f.again(c); c.Assignee() != a.Id || f.Event(c.Id, "assignee")["by"] != "rule" {
		t.Errorf("went to %q", c.Assignee())
	}
}

// A case that goes to another team is that team's to give out; whoever can't see
// it any more has it no longer.
func TestAnotherTeam(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "round_robin"})
	a := f.person(nil)
	other := f.Make(desk.Teams, desktest.Values{"name": "Other"}).Id
	chief := f.Agent(desk.RoleSupervisor, "")
	there := f.Agent(desk.RoleAgent, other)
	c := f.give(f.open(desktest.Values{"category": "product"}), there.Id)
	c = f.change(c, desktest.Values{"team": f.team})
	f.follow()
	if c = f.again(c); c.Assignee() != a.Id {
		t.Errorf("it is %q's", c.Assignee())
	}
	f.Put(f.again(c).Record, desktest.Values{"team": other}) // by itself, as by a rule
	if err := desk.Record(f.App, desk.Event{Case: c.Id, Kind: "team", After: map[string]any{"team": other}}); err != nil {
		t.Fatal(err)
	}
	f.follow()
	if c = f.again(c); c.Assignee() != "" || f.why(c) != assigning.WhyGone {
		t.Errorf("it is %q's for %s", c.Assignee(), f.why(c))
	}
	if n := len(f.notices(chief.Record, desk.NoticeUnassigned)); n != 1 {
		t.Errorf("the chief was told %d times", n)
	}
}

// What a rule has not looked at yet waits for it, but not for long.
func TestAfterTheRules(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "round_robin"})
	a := f.person(nil)
	rules := desk.NewFeed(f, "rules")
	if _, err := rules.Next(1); err != nil {
		t.Fatal(err)
	}
	c := f.open(nil)
	if _, held, err := f.station.Follow(t.Context()); err != nil || !held || f.again(c).Assignee() != "" {
		t.Fatalf("given out before the rules looked at it: %v", err)
	}
	lines, err := rules.Next(100)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Commit.Do(func(tx core.App) error { return rules.Moved(tx, lines[len(lines)-1]) }); err != nil {
		t.Fatal(err)
	}
	f.follow()
	if f.again(c).Assignee() != a.Id {
		t.Error("not given out after the rules")
	}
	late := f.open(nil)
	f.follow()
	f.Clock.Advance(2 * time.Minute)
	f.follow()
	if f.again(late).Assignee() != a.Id {
		t.Error("rules that are stuck keep it")
	}
}

// After a crash nothing is given twice, and nothing is lost.
func TestCrash(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "round_robin"})
	f.person(nil)
	done, lost := f.given(nil), f.open(nil)
	again := f.AfterCrash()
	station := assigning.New(again, assigning.Config{Commit: again.Commit})
	if _, _, err := station.Follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again.Find(desk.Cases, lost.Id).GetString("assignee") == "" {
		t.Error("lost")
	}
	if n := len(again.All(desk.Events, desktest.Values{"kind": "assignee", "case": done.Id})); n != 1 {
		t.Errorf("given %d times", n)
	}
}
