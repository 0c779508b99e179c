package ruling_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

func (s *shop) letter(key, body string) {
	s.t.Helper()
	s.Make(desk.Templates, desktest.Values{"key": key, "locale": "en", "kind": "reply", "subject": "s", "body": body, "enabled": true})
}

func answer(key string) map[string]string { return map[string]string{"template": key} }

// waits has staff set a case to pending.
func (s *shop) waits(c *desk.Case) {
	s.t.Helper()
	s.change(c, s.Agent(desk.RoleAgent, ""), desktest.Values{"status": desk.Pending})
}

// A case is closed with a word or not at all: where the answer can't go, what
// stands after it is not done, and the run says why.
func TestNothingAfterAnAnswerThatCannotGo(t *testing.T) {
	for name, one := range map[string]struct {
		v      desktest.Values
		body   string
		actual func(s *shop, c *desk.Case)
		why    string
		tagged bool // what stands before the answer
	}{
		"it goes":       {nil, "Goodbye", nil, "", true},
		"no address":    {desktest.Values{"email": "", "phone": "+886912345678"}, "Goodbye", nil, "no_address", true},
		"a program":     {desktest.Values{"email": "no-reply@example.com"}, "Goodbye", nil, "automatic", true},
		"it comes back": {desktest.Values{"email": "gone@example.com"}, "Goodbye", func(s *shop, c *desk.Case) { s.undeliverable("gone@example.com") }, "undeliverable", true},
		"a broken text": {nil, "{{ nonsense.here }}", nil, "template: line 1", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.letter("bye", one.body)
			rule := s.timed("2h", desk.Pending, "add_tags", "asked", "answer", answer("bye"), "status", desk.Closed, "note", "closed")
			c := s.Case(one.v)
			if one.actual != nil {
				one.actual(s, c)
			}
			s.waits(c)
			s.Clock.Advance(2 * time.Hour)
			s.tick()
			got := s.again(c)
			if closed := got.Status() == desk.Closed; closed != (one.why == "") || (len(got.Tags()) == 1) != one.tagged {
				t.Errorf("status %s, tags %v: %q", got.Status(), got.Tags(), s.did(c))
			}
			if one.why == "" {
				s.wantDid(c, "add_tags", "answer", "status", "note")
				return
			}
			did := strings.Join(s.did(c), "; ")
			if !strings.Contains(did, "answer "+one.why) || !strings.Contains(did, "status unsent; note unsent") {
				t.Errorf("did %s", did)
			}
			if failed := s.Find(desk.Rules, rule.Id).GetString("failed"); strings.HasPrefix(one.why, "template") != strings.HasPrefix(failed, "template") {
				t.Errorf("failed %q", failed)
			}
			s.Clock.Advance(72 * time.Hour)
			s.tick()
			if again := strings.Join(s.did(c), "; "); again != did {
				t.Errorf("again: %s", again)
			}
		})
	}
}

// undeliverable notes that mail to an address comes back.
func (s *shop) undeliverable(address string) {
	s.t.Helper()
	for _, r := range s.All(desk.Identities, desktest.Values{"value": address}) {
		s.Put(r, desktest.Values{"state": desk.StateUndeliverable})
	}
}

// A mailbox that had its automatic mails for today gets the others on the working
// days after, and what follows from them is done then; whoever moved on is left alone.
func TestCappedGoesOnAnotherDay(t *testing.T) {
	s := open(t)
	s.Choose(desktest.Values{"limits": map[string]any{"ack_day": 1}})
	s.letter("bye", "Goodbye")
	rule := s.timed("2h", desk.Pending, "note", "n", "answer", answer("bye"), "status", desk.Closed)
	cases := []*desk.Case{s.Case(nil), s.Case(nil), s.Case(nil), s.Case(nil)}
	for _, c := range cases {
		s.waits(c)
		s.Clock.Advance(time.Second)
	}
	s.Clock.Advance(2 * time.Hour) // Monday at eleven
	s.tick()
	s.tick()
	closed := func() (n int) {
		for _, c := range cases {
			if s.again(c).Status() == desk.Closed {
				n++
			}
		}
		return n
	}
	s.wantDid(cases[0], "note", "answer", "status")
	s.wantDid(cases[1], "note", "answer capped", "status unsent")
	run := s.One(desk.RuleRuns, desktest.Values{"case": cases[1].Id})
	if at := run.GetDateTime("retry_at").Time(); !at.Equal(s.Clock.Now().AddDate(0, 0, 1)) || closed() != 1 {
		t.Fatalf("tried again at %s, %d closed", at, closed())
	}
	s.hear(cases[3], "I am here.")
	for day, want := range []int{2, 3, 3} {
		s.Clock.Advance(24*time.Hour + time.Minute)
		s.tick()
		if n := closed(); n != want {
			t.Errorf("day %d: %d closed, want %d", day, n, want)
		}
	}
	for _, c := range cases[:3] {
		if n := len(s.All(desk.Messages, desktest.Values{"case": c.Id, "template": "bye"})); n != 1 {
			t.Errorf("%d mails", n)
		}
		if n := len(s.All(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Note})); n != 1 {
			t.Errorf("%d notes", n)
		}
	}
	if n := len(s.All(desk.RuleRuns, desktest.Values{"retry_at": ""})); n != 4 {
		t.Errorf("%d of 4 runs are done with", n)
	}
	if n := s.Find(desk.Rules, rule.Id).GetInt("fired"); n < 3 {
		t.Errorf("fired %d times", n)
	}
}

// late is an answer of which it turns out while it is written that it can't go.
type late struct{}

func (late) Refused() (string, error) { return "", nil }

func (late) Save(core.App, *desk.Case) (message, skip string, err error) {
	return "", ruling.SkipCapped, nil
}

// An answer that can't go once it is written takes back what was done after it,
// and nothing else.
func TestCappedMeanwhile(t *testing.T) {
	s := open(t)
	s.letter("bye", "Goodbye")
	s.rule(ruling.CaseOpened, "", "add_tags", "seen", "note", "n", "answer", answer("bye"), "status", desk.Closed)
	s.rule(ruling.CaseOpened, "", "add_tags", "other")
	e := ruling.New(s.App, ruling.Config{Commit: s.Commit, Change: s.Work.Change,
		Letter: func(core.App, *desk.Case, string) (ruling.Letter, error) { return late{}, nil }})
	c := s.Case(nil)
	if err := e.Drain(); err != nil {
		t.Fatal(err)
	}
	s.wantDid(c, "add_tags", "note", "answer capped", "status unsent", "add_tags")
	notes := s.All(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Note})
	if got := s.again(c); got.Status() != desk.Unread || len(got.Tags()) != 2 || len(notes) != 1 {
		t.Errorf("status %s, tags %v, %d notes", got.Status(), got.Tags(), len(notes))
	}
	if n := len(s.All(desk.RuleRuns, desktest.Values{"case": c.Id, "retry_at": ""})); n != 1 {
		t.Errorf("%d runs wait for nothing", n)
	}
}

// A rule that was changed since does not go on with what it was before.
func TestCappedRuleChanged(t *testing.T) {
	s := open(t)
	s.Choose(desktest.Values{"limits": map[string]any{"ack_day": 1}})
	s.letter("bye", "Goodbye")
	rule := s.timed("2h", desk.Pending, "answer", answer("bye"), "status", desk.Closed)
	first, c := s.Case(nil), s.Case(nil)
	s.waits(first)
	s.Clock.Advance(time.Second)
	s.waits(c)
	s.Clock.Advance(2 * time.Hour)
	s.tick()
	s.Clock.Advance(time.Hour)
	s.Put(s.Find(desk.Rules, rule.Id), desktest.Values{"active_from": desk.Date(s.Clock.Now())})
	s.Clock.Advance(24 * time.Hour)
	s.tick()
	if got := s.again(c).Status(); got != desk.Pending || s.One(desk.RuleRuns, desktest.Values{"case": c.Id}).GetString("retry_at") != "" {
		t.Errorf("%s: %q", got, s.did(c))
	}
}

// A rule that did something on one case five times within a week rests there until
// a week goes by without a reason; the admins hear of it once. Others go on.
func TestRestsOnACase(t *testing.T) {
	s := open(t)
	admin := s.Agent(desk.RoleAdmin, "")
	program := s.Agent(desk.RoleIntegration, "")
	rule := s.rule(ruling.StaffChanged, `changed = "subject"`, "note", "changed")
	c, other := s.Case(nil), s.Case(desktest.Values{"email": "ben@example.com"})
	notes := func(c *desk.Case) int {
		return len(s.All(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Note}))
	}
	turn := 0
	by := func(a *desk.Agent, c *desk.Case) {
		turn++
		s.Clock.Advance(2 * time.Hour)
		s.change(c, a, desktest.Values{"subject": fmt.Sprint("subject ", turn)})
		s.drain()
	}
	for range 8 {
		by(program, c)
	}
	by(program, other)
	if notes(c) != 5 || notes(other) != 1 {
		t.Errorf("%d notes, and %d", notes(c), notes(other))
	}
	by(s.Agent(desk.RoleAgent, ""), c)
	if notes(c) != 6 { // a person is no circle
		t.Errorf("%d notes", notes(c))
	}
	told := s.All(desk.Notices, desktest.Values{"agent": admin.Id, "kind": ruling.NoticeFailed})
	if len(told) != 1 || told[0].GetString("case") != c.Id || !strings.Contains(told[0].GetString("data"), ruling.CodeOften) {
		t.Errorf("%d notices", len(told))
	}
	if got := s.Find(desk.Rules, rule.Id).GetString("failed"); got != "" {
		t.Errorf("failed %q", got)
	}
	s.Clock.Advance(6 * 24 * time.Hour)
	by(program, c) // it wants to still, so the rest goes on
	s.Clock.Advance(6 * 24 * time.Hour)
	by(program, c)
	if notes(c) != 6 {
		t.Errorf("%d notes", notes(c))
	}
	s.Clock.Advance(8 * 24 * time.Hour)
	by(program, c)
	if notes(c) != 7 {
		t.Errorf("after a quiet week %d notes", notes(c))
	}
}

// A filter that takes too long rests for some minutes, longer each time, and is
// switched off in the end; the others go on.
func TestSlowRuleRests(t *testing.T) {
	s := open(t)
	admin := s.Agent(desk.RoleAdmin, "")
	slow := s.rule(ruling.CaseOpened, `locale = "en"`, "add_tags", "slow")
	s.rule(ruling.CaseOpened, "", "add_tags", "other")
	tags := func() string {
		c := s.Case(nil)
		s.drain()
		return strings.Join(s.again(c).Tags(), " ")
	}
	rule := func() *ruling.Rule {
		r, err := ruling.FindRule(s.App, slow.Id)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	failed := func() string { return s.Find(desk.Rules, slow.Id).GetString("failed") }
	fall := func() {
		if err := s.Slow(rule(), ""); err != nil {
			t.Fatal(err)
		}
	}
	fall()
	if got := tags(); got != "other" || !strings.HasPrefix(failed(), ruling.CodeSlow) {
		t.Errorf("tags %s, failed %s", got, failed())
	}
	s.Clock.Advance(5 * time.Minute)
	if got := tags(); got != "slow other" || failed() != "" { // it counts anew
		t.Errorf("rested: tags %s, failed %s", got, failed())
	}
	for i := range 4 {
		fall()
		s.Clock.Advance(5 * time.Minute << i)
	}
	fall()
	r := s.Find(desk.Rules, slow.Id)
	if r.GetBool("enabled") || !strings.HasPrefix(failed(), ruling.CodeSlowOff) || tags() != "other" {
		t.Errorf("on %v, failed %s", r.GetBool("enabled"), failed())
	}
	told := 0
	for _, n := range s.All(desk.Notices, desktest.Values{"agent": admin.Id, "kind": ruling.NoticeFailed}) {
		if strings.Contains(n.GetString("data"), ruling.CodeSlowOff) {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}
