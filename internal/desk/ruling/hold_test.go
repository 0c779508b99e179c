package ruling_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// stage is a shop with a team, its lead and those who work on a case.
type stage struct {
	*shop
	store, desk     string
	lead, ben, anna *desk.Agent // ben and anna are of no team
	clerk           *desk.Agent // works in the store and nowhere else
	c               *desk.Case
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{shop: open(t)}
	s.lead = s.Agent(desk.RoleSupervisor, "")
	s.store = s.Make(desk.Teams, desktest.Values{"name": "Store", "lead": s.lead.Id}).Id
	s.desk = s.Make(desk.Teams, desktest.Values{"name": "Desk"}).Id
	s.ben, s.anna = s.Agent(desk.RoleSupervisor, ""), s.Agent(desk.RoleSupervisor, "")
	s.clerk = s.Agent(desk.RoleAgent, s.desk)
	s.c = s.Case(nil)
	s.drain()
	return s
}

// given has the system give the case to somebody.
func (s *stage) given(to *desk.Agent) {
	s.t.Helper()
	s.Put(s.Find(desk.Cases, s.c.Id), desktest.Values{"assignee": to.Id})
	if err := desk.Record(s.App, desk.Event{Case: s.c.Id, Kind: "assignee", After: map[string]any{"assignee": to.Id}}); err != nil {
		s.t.Fatal(err)
	}
}

func even(member, id string) map[string]any { return map[string]any{member: id, "even": true} }

// Who has a case and is at work on it keeps it, unless the rule says otherwise, or
// he himself changed what the rule asks about.
func TestWhoKeepsTheCase(t *testing.T) {
	for name, one := range map[string]struct {
		before func(s *stage)
		by     func(s *stage) *desk.Agent // changes the category
		value  func(s *stage) any
		moves  bool
	}{
		"nobody has it":                 {func(*stage) {}, (*stage).theAnna, (*stage).toLead, true},
		"the system gave it":            {func(s *stage) { s.given(s.ben) }, (*stage).theAnna, (*stage).toLead, true},
		"he took it":                    {func(s *stage) { s.change(s.c, s.ben, desktest.Values{"assignee": s.ben.Id}) }, (*stage).theAnna, (*stage).toLead, false},
		"he took it, even so":           {func(s *stage) { s.change(s.c, s.ben, desktest.Values{"assignee": s.ben.Id}) }, (*stage).theAnna, (*stage).evenToLead, true},
		"he took it and hands it over":  {func(s *stage) { s.change(s.c, s.ben, desktest.Values{"assignee": s.ben.Id}) }, (*stage).theBen, (*stage).toLead, true},
		"he answered and hands it over": {func(s *stage) { s.Reply(s.c, s.ben, nil) }, (*stage).theBen, (*stage).toLead, true},
		"he answered":                   {func(s *stage) { s.Reply(s.c, s.ben, nil) }, (*stage).theAnna, (*stage).toLead, false},
		"given, and he noted something": {func(s *stage) { s.given(s.ben); s.change(s.c, s.ben, desktest.Values{"summary": "x"}) }, (*stage).theAnna, (*stage).toLead, false},
		"a colleague gave it to him":    {func(s *stage) { s.change(s.c, s.anna, desktest.Values{"assignee": s.ben.Id}) }, (*stage).theAnna, (*stage).toLead, false},
		"whoever had it can't see it": {func(s *stage) {
			s.change(s.c, s.anna, desktest.Values{"assignee": s.ben.Id})
			s.Put(s.Find(desk.Agents, s.ben.Id), desktest.Values{"role": desk.RoleAgent, "team": s.desk})
			s.Put(s.Find(desk.Cases, s.c.Id), desktest.Values{"team": s.store})
		}, (*stage).theAnna, (*stage).toLead, true},
		"he released it, and changes it": {func(s *stage) { s.given(s.ben); s.change(s.c, s.ben, desktest.Values{"assignee": ""}) }, (*stage).theBen, (*stage).toLead, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			one.before(s)
			s.drain()
			had := s.again(s.c).Assignee()
			s.rule(ruling.StaffChanged, `category = "return"`, "assign", one.value(s))
			s.change(s.c, one.by(s), desktest.Values{"category": "return"})
			s.drain()
			want := had
			if one.moves {
				want = s.anna.Id
			}
			if got := s.again(s.c).Assignee(); got != want {
				t.Errorf("with %s, had %s; the rule did %q", got, had, s.did(s.c))
			}
		})
	}
}

func (s *stage) theAnna() *desk.Agent { return s.anna }
func (s *stage) theBen() *desk.Agent  { return s.ben }
func (s *stage) toLead() any          { return s.anna.Id }
func (s *stage) evenToLead() any      { return even("to", s.anna.Id) }

// Taking a case and saying what it is about in one go is no handing over.
func TestTakenInOneGo(t *testing.T) {
	s := newStage(t)
	s.rule(ruling.StaffChanged, `category = "return"`, "assign", s.anna.Id)
	s.change(s.c, s.ben, desktest.Values{"category": "return", "assignee": s.ben.Id})
	s.drain()
	if got := s.again(s.c).Assignee(); got != s.ben.Id {
		t.Errorf("with %s", got)
	}
}

// Returns go to the store when staff say that it is one, also where somebody chose
// another team before; a team that was chosen later, or in the same go, stays, as
// does a case of somebody who could not have it there.
func TestTeamFollowsTheCategory(t *testing.T) {
	for name, one := range map[string]struct {
		before, change func(s *stage) (by *desk.Agent, v desktest.Values)
		even, moves    bool
	}{
		"a team by hand, then the category": {
			func(s *stage) (*desk.Agent, desktest.Values) { return s.ben, desktest.Values{"team": s.desk} },
			func(s *stage) (*desk.Agent, desktest.Values) { return s.anna, desktest.Values{"category": "return"} }, false, true},
		"both in one go": {
			func(s *stage) (*desk.Agent, desktest.Values) { return s.ben, nil },
			func(s *stage) (*desk.Agent, desktest.Values) {
				return s.anna, desktest.Values{"category": "return", "team": s.desk}
			}, false, false},
		"both in one go, even so": {
			func(s *stage) (*desk.Agent, desktest.Values) { return s.ben, nil },
			func(s *stage) (*desk.Agent, desktest.Values) {
				return s.anna, desktest.Values{"category": "return", "team": s.desk}
			}, true, true},
		"a return, and then something else": {
			func(s *stage) (*desk.Agent, desktest.Values) {
				return s.ben, desktest.Values{"category": "return", "team": s.desk}
			},
			func(s *stage) (*desk.Agent, desktest.Values) { return s.anna, desktest.Values{"summary": "x"} }, false, false},
		"somebody of another team is at work": {
			func(s *stage) (*desk.Agent, desktest.Values) { return s.clerk, desktest.Values{"assignee": s.clerk.Id} },
			func(s *stage) (*desk.Agent, desktest.Values) { return s.anna, desktest.Values{"category": "return"} }, false, false},
		"he himself makes it a return": {
			func(s *stage) (*desk.Agent, desktest.Values) { return s.clerk, desktest.Values{"assignee": s.clerk.Id} },
			func(s *stage) (*desk.Agent, desktest.Values) { return s.clerk, desktest.Values{"category": "return"} }, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			by, v := one.before(s)
			s.change(s.c, by, v)
			s.drain()
			value := any(s.store)
			if one.even {
				value = even("id", s.store)
			}
			s.rule(ruling.StaffChanged, `category = "return"`, "team", value)
			by, v = one.change(s)
			s.change(s.c, by, v)
			s.drain()
			if got := s.again(s.c).Team(); (got == s.store) != one.moves {
				t.Errorf("team %q; the rule did %q", got, s.did(s.c))
			}
		})
	}
}

// A trial says why a case would be left alone, and who has it; what it says is
// what happens.
func TestTrialTellsWhoHasIt(t *testing.T) {
	s := newStage(t)
	s.Reply(s.c, s.ben, nil)
	s.change(s.c, s.anna, desktest.Values{"category": "return"})
	line := s.All(desk.Events, desktest.Values{"case": s.c.Id, "kind": "category"})
	rule, err := ruling.FindRule(s.App, s.rule(ruling.StaffChanged, `category = "return"`, "assign", s.anna.Id, "add_tags", "x").Id)
	if err != nil {
		t.Fatal(err)
	}
	c, row := s.again(s.c), line[len(line)-1].Id
	trial := s.Trial(rule)
	if err := trial.Prepare(s.App, []*desk.Case{c}, []string{row}); err != nil {
		t.Fatal(err)
	}
	would, err := trial.Would(s.App, c, row)
	if err != nil || would[0].Skip != ruling.SkipTaken || would[0].Was != s.ben.Id || !would[1].Does() {
		t.Fatalf("%+v, %v", would, err)
	}
	out, err := s.Run(rule, ruling.Subject{Event: ruling.StaffChanged, Case: c.Id, Row: row})
	if err != nil || !slices.Equal(doings(out.Did), doings(would)) {
		t.Errorf("did %+v, would %+v, %v", out.Did, would, err)
	}
}

// What nobody can mean is refused with what to write.
func TestHolderValues(t *testing.T) {
	s := open(t)
	for value, ok := range map[string]bool{
		`"lead"`: true, `{"to":"lead","even":true}`: true, `{"to":""}`: true, `{"id":"x","even":true}`: false, `{"even":true}`: false, `{"to":"a","id":"b"}`: false, `{"to":"lead","evn":1}`: false, `7`: false,
	} {
		_, err := ruling.Compile(s.App, ruling.Draft{Event: ruling.CaseOpened, Actions: []byte(`[{"do":"assign","value":` + value + `}]`)})
		if ok != (err == nil) {
			t.Errorf("%s: %v", value, err)
		}
	}
}

func doings(list []ruling.Deed) (out []string) {
	for _, d := range list {
		out = append(out, d.Do+" "+d.Skip+d.Failed)
	}
	return out
}

// A template with a place for whoever writes is none for a rule, in no language.
func TestBlankIsNoLetter(t *testing.T) {
	s := open(t)
	s.Make(desk.Templates, desktest.Values{"key": "hole", "locale": "en", "kind": "reply", "subject": "s", "body": "b", "enabled": true})
	s.Make(desk.Templates, desktest.Values{"key": "hole", "locale": "ja", "kind": "reply", "subject": "s", "body": "b ［要記入：結果］", "enabled": true})
	rule, err := ruling.Compile(s.App, ruling.Draft{Event: ruling.CaseOpened, Actions: []byte(`[{"do":"answer","value":{"template":"hole"}}]`)})
	if err != nil {
		t.Fatal(err)
	}
	if err := rule.CheckTargets(s.App); err == nil || !strings.Contains(err.Error(), "leaves a place open") {
		t.Errorf("%v", err)
	}
	c := s.Case(nil)
	s.rule(ruling.CaseOpened, "", "answer", map[string]string{"template": "hole"})
	s.drain()
	if n := len(s.All(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Out, "template": "hole"})); n != 0 {
		t.Errorf("%d letters with a hole", n)
	}
}
