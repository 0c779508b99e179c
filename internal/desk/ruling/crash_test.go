package ruling_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// Whatever fails on the way, once, is done again, and what was done is not: at the
// end each rule did its work once, and the next engine finds nothing to do.
func TestFailsOnce(t *testing.T) {
	for after := range 9 {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			s := open(t)
			for i, filter := range []string{`locale = "en"`, `tags ~ '"0"'`, `tags ~ '"1"'`} {
				s.rule(ruling.CaseOpened, filter, "add_tags", fmt.Sprint(i), "note", fmt.Sprint("note ", i), "webhook", map[string]string{"id": "hook0000000000x"})
			}
			s.Make(desk.Webhooks, desktest.Values{"id": "hook0000000000x", "name": "x", "url": "https://shop.example", "enabled": true})
			a, b := s.Case(nil), s.Case(desktest.Values{"email": "ben@example.com"})
			left, called := after, map[string]int{}
			engines := 0
			for done := false; !done; engines++ {
				e := engine(s.App)
				e.Webhook = func(tx core.App, id, caseID, rule string) error {
					if left--; left == -1 {
						return errOnce // and with it all that the rule did is taken back
					}
					desk.AfterCommit(tx, func() { called[caseID+rule]++ })
					return nil
				}
				e.After = func(string, string) error {
					if left--; left == -1 {
						panic(errOnce)
					}
					return nil
				}
				done = e.Drain() == nil
			}
			for _, c := range []*desk.Case{a, b} {
				s.wantDid(c, "add_tags", "note", "webhook", "add_tags", "note", "webhook", "add_tags", "note", "webhook")
				if n := len(s.All(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Note})); n != 3 {
					t.Errorf("%d notes", n)
				}
			}
			if len(called) != 6 {
				t.Errorf("called %v", called)
			}
			for key, n := range called {
				if n != 1 {
					t.Errorf("%s was called %d times", key, n)
				}
			}
		})
	}
}

var errOnce = errors.New("not this time")

// What fails again and again is given up, told, and holds up nothing else.
func TestFailsAlways(t *testing.T) {
	s := open(t)
	admin := s.Agent(desk.RoleAdmin, "")
	s.Make(desk.Webhooks, desktest.Values{"id": "hook0000000000x", "name": "x", "url": "https://shop.example", "enabled": true})
	rule := s.rule(ruling.CaseOpened, "", "add_tags", "never", "webhook", map[string]string{"id": "hook0000000000x"})
	s.rule(ruling.CaseOpened, "", "add_tags", "always")
	s.Webhook = func(core.App, string, string, string) error { return errOnce }
	c := s.Case(nil)
	s.drain()
	s.wantDid(c, "add_tags")
	if got := s.again(c).Tags(); len(got) != 1 || got[0] != "always" {
		t.Errorf("tags %v", got)
	}
	if got := s.Find(desk.Rules, rule.Id).GetString("failed"); got != ruling.CodeError {
		t.Errorf("failed %q", got)
	}
	s.One(desk.Notices, desktest.Values{"agent": admin.Id, "kind": ruling.NoticeFailed})
	s.Webhook = func(core.App, string, string, string) error { return nil }
	s.drain()
	if n := len(s.All(desk.RuleRuns, nil)); n != 2 {
		t.Errorf("%d runs", n)
	}
}

// Nobody hears of what is rolled back: the trail can't be read, so nothing moves on.
func TestTrailComesAgain(t *testing.T) {
	s := open(t)
	s.rule(ruling.CaseOpened, "", "add_tags", "once")
	fails := true
	s.After = func(string, string) error {
		if fails {
			return errOnce
		}
		return nil
	}
	c := s.Case(nil)
	if err := s.Drain(); !errors.Is(err, errOnce) {
		t.Fatalf("%v", err)
	}
	fails = false
	told := 0
	next := engine(s.App)
	next.After = func(string, string) error { told++; return nil }
	if err := next.Drain(); err != nil || told != 1 {
		t.Errorf("%v, told %d times", err, told)
	}
	s.wantDid(c, "add_tags")
}

// A case that can't be dealt with holds up what happens to it, and no other case.
func TestOneHoldsUpNone(t *testing.T) {
	s := open(t)
	s.rule(ruling.CaseOpened, "", "add_tags", "new")
	s.rule(ruling.VisitorWrote, "", "add_tags", "again")
	bad, good := s.Case(nil), s.Case(desktest.Values{"email": "ben@example.com"})
	s.hear(bad, "Hello?")
	fails, told := true, map[string]int{}
	s.After = func(id, event string) error {
		if told[id+event]++; id == bad.Id && fails {
			return errOnce
		}
		return nil
	}
	for range 2 {
		if err := s.Drain(); !errors.Is(err, errOnce) {
			t.Fatalf("%v", err)
		}
	}
	s.wantDid(good, "add_tags")
	s.wantDid(bad, "add_tags")
	fails = false
	s.drain()
	s.wantDid(bad, "add_tags", "add_tags")
	if a, b, c := told[bad.Id+ruling.CaseOpened], told[bad.Id+ruling.VisitorWrote], told[good.Id+ruling.CaseOpened]; a != 3 || b != 1 || c != 1 {
		t.Errorf("told %d, %d and %d times", a, b, c)
	}
}

// A rule that is switched off, or says something else, while it is at work ends there.
func TestSwitchedOffAtWork(t *testing.T) {
	for name, change := range map[string]desktest.Values{
		"off":   {"enabled": false},
		"other": {"filter": `locale = "ja"`},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.Make(desk.Templates, desktest.Values{"key": "poke", "locale": "en", "kind": "reply", "subject": "s", "body": "b", "enabled": true})
			rule := s.timed("1h", desk.Unread, "add_tags", "late", "answer", map[string]string{"template": "poke"})
			s.tick()
			for i := range 5 {
				s.Case(desktest.Values{"email": fmt.Sprintf("anna%d@example.com", i)})
			}
			s.Clock.Advance(2 * time.Hour)
			mails := 0
			s.Kick = func() {
				if mails++; mails == 2 {
					s.Put(s.Find(desk.Rules, rule.Id), change)
				}
			}
			s.tick()
			if n := len(s.All(desk.RuleRuns, nil)); n != 2 || mails != 2 {
				t.Errorf("%d runs, %d mails", n, mails)
			}
		})
	}
}

// A rule that is given a shorter delay while it is looked at begins anew: what came
// of age before stays as it is.
func TestDelayChangedAtWork(t *testing.T) {
	s := open(t)
	s.Make(desk.Templates, desktest.Values{"key": "poke", "locale": "en", "kind": "reply", "subject": "s", "body": "b", "enabled": true})
	rule := s.timed("4h", desk.Unread, "answer", map[string]string{"template": "poke"})
	s.tick()
	s.Case(nil)
	s.Clock.Advance(2 * time.Hour)
	young := s.Case(desktest.Values{"email": "ben@example.com"})
	s.Clock.Advance(2 * time.Hour)
	s.Kick = func() {
		s.Put(s.Find(desk.Rules, rule.Id), desktest.Values{"delay": "1h", "active_from": desk.Date(s.Clock.Now()), "looked_until": ""})
	}
	s.tick()
	s.Kick = nil
	s.Clock.Advance(time.Minute)
	s.tick()
	s.wantDid(young)
}
