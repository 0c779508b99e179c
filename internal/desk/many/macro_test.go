package many_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/many"
)

func (s *shop) macro(owner *desk.Agent, shared bool, actions string) string {
	return s.Make(desk.Macros, desktest.Values{"name": "Late parcel", "owner": owner.Id, "shared": shared, "actions": actions}).Id
}

func TestMacro(t *testing.T) {
	s := newShop(t)
	s.strike()
	owner, agent, admin := s.Agent(desk.RoleAgent, ""), s.Agent(desk.RoleAgent, ""), s.Agent(desk.RoleAdmin, "")
	ids := s.cases(3)
	own := s.macro(owner, false, `[{"do":"assign","value":"me"},{"do":"add_tags","value":["strike"]},{"do":"answer","value":{"template":"strike"}}]`)
	out, err := s.many.Run(s, many.Request{Agent: owner, IDs: ids[:2], Macro: own})
	if err != nil || len(out.Done) != 2 {
		t.Fatalf("%+v %v", out, err)
	}
	c := s.one(ids[0])
	if c.Assignee() != owner.Id || !slices.Contains(c.Tags(), "strike") || len(s.All(desk.Messages, desktest.Values{"case": c.Id, "direction": "out"})) != 1 {
		t.Errorf("of %q, %v", c.Assignee(), c.Tags())
	}
	if ev := s.Event(c.Id, many.EventMacro); ev["macro"] != "Late parcel" {
		t.Errorf("the timeline says %v", ev)
	}
	if used := s.Find(desk.Macros, own).GetInt("used"); used != 2 {
		t.Errorf("used %d", used)
	}
	for name, who := range map[string]*desk.Agent{"another agent": agent, "an admin": admin} {
		_, err := s.many.Preview(s, many.Request{Agent: who, IDs: ids, Macro: own})
		if wrong := errors.Is(err, many.ErrNoMacro); wrong != (who == agent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	shared := s.macro(owner, true, `[{"do":"status","value":"resolved"}]`)
	if out, err := s.many.Run(s, many.Request{Agent: agent, IDs: ids[2:], Macro: shared}); err != nil || len(out.Done) != 1 {
		t.Errorf("shared: %v", err)
	}
}

// A template that a macro names may be gone when it is run: nothing is done.
func TestMacroWhoseTemplateIsGone(t *testing.T) {
	s := newShop(t)
	s.strike()
	agent := s.Agent(desk.RoleAgent, "")
	ids := s.cases(1)
	id := s.macro(agent, false, `[{"do":"status","value":"resolved"},{"do":"answer","value":{"template":"strike"}}]`)
	for _, r := range s.All(desk.Templates, desktest.Values{"key": "strike"}) {
		s.Put(r, desktest.Values{"enabled": false})
	}
	_, err := s.many.Run(s, many.Request{Agent: agent, IDs: ids, Macro: id})
	if err == nil || !strings.Contains(err.Error(), "Action 2 (answer)") {
		t.Errorf("%v", err)
	}
	if s.one(ids[0]).Status() != desk.Unread {
		t.Error("half of it was done")
	}
}

func TestCheckMacro(t *testing.T) {
	s := newShop(t)
	s.strike()
	for actions, good := range map[string]bool{
		`[{"do":"assign","value":"me"},{"do":"snooze","value":{"until":"3_working_days","for":"me"}},{"do":"answer","value":{"template":"strike"}}]`: true,
		`[{"do":"answer","value":{"template":"nothing"}}]`: false,
		`null`: false, ``: false, `[]`: false, `{"do":"spam"}`: false, `[{"do":"spam","value":true}]`: true,
	} {
		if err := s.many.CheckMacro(s, actions); (err == nil) != good {
			t.Errorf("%s: %v", actions, err)
		}
	}
}
