package ruling_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// The clock of the tests begins on a Monday at nine in Taipei.
func at(day, hour int) time.Time {
	return time.Date(2026, 11, day, hour, 0, 0, 0, time.FixedZone("Taipei", 8*3600))
}

// A case that waits for its visitor is nudged once after three working days, closed
// after seven, and all that again when it comes to wait again.
func TestTimePassed(t *testing.T) {
	s := open(t)
	ann := s.Agent(desk.RoleAgent, "")
	s.Make(desk.Templates, desktest.Values{"key": "poke", "locale": "en", "kind": "reply", "subject": "Still there?", "body": "Hello {{ contact.name | default: \"there\" }}", "enabled": true})
	old := s.Case(desktest.Values{"email": "old@example.com"})
	s.change(old, ann, desktest.Values{"status": desk.Pending})
	s.Clock.Set(at(19, 10)) // what came of age before the rules were there stays
	s.timed("3d", desk.Pending, "answer", map[string]string{"template": "poke"})
	s.timed("7d", desk.Pending, "status", desk.Closed)
	s.tick()
	c := s.Case(nil)
	s.change(c, ann, desktest.Values{"status": desk.Pending})
	for _, one := range []struct {
		at     time.Time
		nudges int
		status string
	}{
		{at(19, 12), 0, desk.Pending},
		{at(22, 12), 0, desk.Pending}, // Sunday
		{at(24, 9), 0, desk.Pending},
		{at(24, 10), 1, desk.Pending},
		{at(24, 17), 1, desk.Pending},
		{at(27, 17), 1, desk.Pending},
		{at(30, 10), 1, desk.Closed},
	} {
		s.Clock.Set(one.at)
		s.tick()
		if n := len(s.All(desk.Messages, desktest.Values{"case": c.Id, "template": "poke"})); n != one.nudges || s.again(c).Status() != one.status {
			t.Errorf("%s: %d nudges, %s, want %d, %s", one.at, n, s.again(c).Status(), one.nudges, one.status)
		}
	}
	if got := s.again(old); got.Status() != desk.Closed || len(s.did(old)) != 1 { // it came of age for the second rule alone
		t.Errorf("%s, %q", got.Status(), s.did(old))
	}
	s.hear(c, "I was away.")
	if got := s.again(c); got.Status() != desk.Open {
		t.Errorf("after his word: %s", got.Status())
	}
	s.change(c, ann, desktest.Values{"status": desk.Pending})
	s.Clock.Set(at(30, 10).AddDate(0, 0, 60)) // asleep for two months: nudged and closed, in this order
	s.tick()
	s.tick()
	s.wantDid(c, "answer", "status", "answer", "status")
}

// Whoever moves on in time is left alone, and another delay begins anew.
func TestTimeMovesOn(t *testing.T) {
	s := open(t)
	ann := s.Agent(desk.RoleAgent, "")
	rule := s.timed("4h", desk.Open, "priority", "high")
	s.tick()
	moved, stays := s.Case(nil), s.Case(desktest.Values{"email": "ben@example.com"})
	for _, c := range []*desk.Case{moved, stays} {
		s.change(c, ann, desktest.Values{"status": desk.Open})
	}
	s.Clock.Advance(2 * time.Hour)
	s.change(moved, ann, desktest.Values{"status": desk.Pending})
	s.Clock.Advance(2 * time.Hour)
	s.tick()
	s.wantDid(moved)
	s.wantDid(stays, "priority")
	if n := s.Find(desk.Rules, rule.Id).GetInt("fired"); n != 1 {
		t.Errorf("fired %d times", n)
	}
}

// Many that came of age at the same moment, more than are read at once.
func TestManyOfAge(t *testing.T) {
	s := open(t)
	s.timed("1h", desk.Unread, "add_tags", "late")
	s.tick()
	var all []*desk.Case
	for range 230 {
		c := s.Case(desktest.Values{"email": "anna@example.com"})
		all = append(all, c)
	}
	s.Clock.Advance(time.Hour)
	s.tick()
	for _, c := range all {
		if got := s.again(c).Tags(); len(got) != 1 {
			t.Fatalf("case %d has %v", c.Number(), got)
		}
	}
	if n := len(s.All(desk.RuleRuns, nil)); n != len(all) {
		t.Errorf("%d runs", n)
	}
}

// A rule that stops ends what rules after it would do on the same case.
func TestStop(t *testing.T) {
	s := open(t)
	s.rule(ruling.CaseOpened, `locale = "en"`, "add_tags", "first", "stop", true)
	s.rule(ruling.CaseOpened, "", "add_tags", "second")
	c, other := s.Case(nil), s.Case(desktest.Values{"locale": "ja", "email": "ken@example.com"})
	s.drain()
	if got := s.again(c).Tags(); len(got) != 1 || got[0] != "first" {
		t.Errorf("tags %v", got)
	}
	if got := s.again(other).Tags(); len(got) != 1 || got[0] != "second" {
		t.Errorf("tags %v", got)
	}
}

// What is asked for by hand is done on what still meets the rule, and on nothing
// that moved on since it was found.
func TestRunAsksAgain(t *testing.T) {
	s := open(t)
	ann := s.Agent(desk.RoleAgent, "")
	kept := s.Put(s.timed("2h", desk.Pending, "status", desk.Closed), desktest.Values{"filter": `tags !~ '"keep"'`})
	waits, wrote, tagged, young := s.Case(nil), s.Case(desktest.Values{"email": "ben@example.com"}), s.Case(desktest.Values{"email": "cy@example.com"}), s.Case(desktest.Values{"email": "dee@example.com"})
	for _, c := range []*desk.Case{waits, wrote, tagged} {
		s.change(c, ann, desktest.Values{"status": desk.Pending})
	}
	s.Clock.Advance(2 * time.Hour)
	s.change(young, ann, desktest.Values{"status": desk.Pending})
	s.change(tagged, ann, desktest.Values{"tags": []string{"keep"}})
	s.hear(wrote, "I am back.")
	rule, err := ruling.FindRule(s.App, kept.Id)
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range map[*desk.Case]string{waits: desk.Closed, wrote: desk.Open, tagged: desk.Pending, young: desk.Pending} {
		out, err := s.Run(rule, ruling.Subject{Event: ruling.TimePassed, Case: c.Id, Row: c.Id})
		if got := s.again(c).Status(); err != nil || got != want || out.Fired != (want == desk.Closed) {
			t.Errorf("%s, want %s: %+v, %v", got, want, out, err)
		}
	}
	if out, err := s.Run(rule, ruling.Subject{Event: ruling.TimePassed, Case: waits.Id, Row: waits.Id}); out.Fired || err != nil {
		t.Errorf("again: %+v, %v", out, err)
	}
	s.Put(s.Find(desk.Rules, kept.Id), desktest.Values{"enabled": false})
	s.change(tagged, ann, desktest.Values{"tags": []string{}})
	if out, err := s.Run(rule, ruling.Subject{Event: ruling.TimePassed, Case: tagged.Id, Row: tagged.Id}); out.Fired || err != nil {
		t.Errorf("switched off: %+v, %v", out, err)
	}
}

// A trial tells what is done then; what it found once of teams and people it has
// still, and who gets no mail is asked of each case.
func TestTrialTellsWhatIsDone(t *testing.T) {
	s := open(t)
	s.Make(desk.Templates, desktest.Values{"key": "poke", "locale": "en", "kind": "reply", "subject": "s", "body": "b", "enabled": true})
	team := s.Make(desk.Teams, desktest.Values{"name": "Legal"}).Id
	s.Agent(desk.RoleAgent, team)
	kept := s.rule(ruling.CaseOpened, "", "team", team, "notify", map[string]string{"to": "team", "text": "x"}, "answer", map[string]string{"template": "poke"}, "remind", "2d", "stop", true)
	rule, err := ruling.FindRule(s.App, kept.Id)
	if err != nil {
		t.Fatal(err)
	}
	trial := s.Trial(rule)
	words := func(deeds []ruling.Deed) (out []string) {
		for _, d := range deeds {
			out = append(out, d.Do+" "+d.Skip+d.Failed)
		}
		return out
	}
	for _, v := range []desktest.Values{nil, {"email": "no-reply@example.com"}, {"email": "", "phone": "+886912345678"}, nil} {
		c := s.Case(v)
		would, err := trial.Would(s.App, c, c.Id)
		if err != nil || len(would) != 4 {
			t.Fatalf("%+v, %v", would, err)
		}
		out, err := s.Run(rule, ruling.Subject{Event: ruling.CaseOpened, Case: c.Id, Row: c.Id})
		did := slices.DeleteFunc(out.Did, func(d ruling.Deed) bool { return d.Do == "stop" })
		if err != nil || !slices.Equal(words(would), words(did)) {
			t.Errorf("would %q, did %q, %v", words(would), words(did), err)
		}
	}
}

// Once enough answers in a language were rendered, the others' readers are asked
// for alone; a template that fails for all of them fails for those too.
func TestTrialRendersSome(t *testing.T) {
	for body, failed := range map[string]bool{"b": false, "{{ nonsense.here }}": true} {
		s := open(t)
		s.Make(desk.Templates, desktest.Values{"key": "poke", "locale": "en", "kind": "reply", "subject": "s", "body": body, "enabled": true})
		rendered := 0
		e := ruling.New(s.App, ruling.Config{
			Commit: s.Commit, Change: s.Work.Change, Reach: casework.ReachAutomatic,
			Letter: func(app core.App, c *desk.Case, template string) (ruling.Letter, error) {
				rendered++
				return s.Work.PrepareAutomatic(app, c, template)
			},
		})
		rule, err := ruling.FindRule(s.App, s.rule(ruling.CaseOpened, "", "answer", map[string]string{"template": "poke"}).Id)
		if err != nil {
			t.Fatal(err)
		}
		trial := e.Trial(rule)
		trial.Render(2)
		var cases []*desk.Case
		var rows []string
		for i := range 5 {
			v := desktest.Values{"email": fmt.Sprintf("anna%d@example.com", i)}
			if i == 4 {
				v["email"] = "no-reply@example.com"
			}
			cases = append(cases, s.Case(v))
			rows = append(rows, cases[i].Id)
		}
		if err := trial.Prepare(s.App, cases, rows); err != nil {
			t.Fatal(err)
		}
		for i, c := range cases {
			would, err := trial.Would(s.App, c, c.Id)
			if err != nil {
				t.Fatal(err)
			}
			if d := would[0]; i < 4 && (d.Failed != "") != failed || i == 4 && d.Skip != casework.SkipAutomatic || d.Locale != "en" {
				t.Errorf("%s, case %d: %+v", body, i, d)
			}
		}
		if rendered != 2 {
			t.Errorf("%s: %d rendered", body, rendered)
		}
		if l, err := trial.Letter(s.App, cases[3]); err != nil || l == nil || rendered != 3 {
			t.Errorf("looked at: %+v, %v, %d rendered", l, err, rendered)
		}
	}
}
