package many_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/many"
)

// What rules do seconds after a change refuses nobody who wants something else.
func TestRulesMeanwhile(t *testing.T) {
	for name, one := range map[string]struct {
		then    func(s *shop, id string, me, other *desk.Agent)
		actions string
		code    string // "": it is done
	}{
		"a rule gave it to a team":     {func(s *shop, id string, _, _ *desk.Agent) { s.rule(id, "priority", "high") }, `[{"do":"category","value":"return"}]`, ""},
		"a rule tagged it, as he does": {func(s *shop, id string, _, _ *desk.Agent) { s.rule(id, "tags", []string{"vip"}) }, `[{"do":"add_tags","value":"mine"}]`, ""},
		"a rule set what he sets":      {func(s *shop, id string, _, _ *desk.Agent) { s.rule(id, "category", "order") }, `[{"do":"category","value":"return"}]`, many.CodeChanged},
		"he did something else himself": {func(s *shop, id string, me, _ *desk.Agent) {
			s.all(me, []string{id}, `[{"do":"priority","value":"low"}]`)
		}, `[{"do":"category","value":"return"}]`, ""},
		"a colleague, then a rule": {func(s *shop, id string, _, other *desk.Agent) {
			s.all(other, []string{id}, `[{"do":"priority","value":"low"}]`)
			s.rule(id, "tags", []string{"vip"})
		}, `[{"do":"category","value":"return"}]`, many.CodeChanged},
		"the visitor wrote":                {func(s *shop, id string, _, _ *desk.Agent) { s.hear(id) }, `[{"do":"category","value":"return"}]`, many.CodeChanged},
		"the visitor wrote, then a rule":   {func(s *shop, id string, _, _ *desk.Agent) { s.hear(id); s.rule(id, "tags", []string{"vip"}) }, `[{"do":"add_tags","value":"x"}]`, many.CodeChanged},
		"a rule closed it before a letter": {func(s *shop, id string, _, _ *desk.Agent) { s.rule(id, "status", "closed") }, `[{"do":"answer","value":{"body":"Hello"}}]`, many.CodeChanged},
		"a rule tagged it before a letter": {func(s *shop, id string, _, _ *desk.Agent) { s.rule(id, "tags", []string{"vip"}) }, `[{"do":"answer","value":{"body":"Hello"}}]`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			me, other := s.Agent(desk.RoleSupervisor, ""), s.Agent(desk.RoleSupervisor, "")
			id := s.cases(1)[0]
			versions := map[string]int{id: s.one(id).GetInt("version")}
			one.then(s, id, me, other)
			out, err := s.try(many.Request{Agent: me, IDs: []string{id}, Versions: versions}, one.actions)
			if err != nil {
				t.Fatal(err)
			}
			if got := codes(out.Failed)[id]; got != one.code {
				t.Fatalf("refused as %q, want %q", got, one.code)
			}
			if by := "a colleague, then a rule"; name == by && out.Failed[0].Data["by"] != other.Name() {
				t.Errorf("who was faster: %+v", out.Failed[0].Refusal)
			}
		})
	}
}

// What a rule did after a change doesn't keep it from being taken back, and stays.
func TestUndoAfterRules(t *testing.T) {
	s := newShop(t)
	me := s.Agent(desk.RoleSupervisor, "")
	id := s.cases(1)[0]
	was := s.one(id)
	done := s.all(me, []string{id}, `[{"do":"category","value":"return"}]`).Done
	s.rule(id, "priority", "urgent")
	if back := s.undo(me, done); len(back.Done) != 1 {
		t.Fatalf("not taken back: %+v", back.Failed[0].Refusal)
	}
	c := s.one(id)
	if c.Category() != was.Category() || c.Reasons()["category"] != was.Reasons()["category"] {
		t.Errorf("category %q by %+v, was %q by %+v", c.Category(), c.Reasons()["category"], was.Category(), was.Reasons()["category"])
	}
	if c.Priority() != "urgent" || c.Reasons()["priority"].By != "rule" {
		t.Errorf("the rule's word is lost: %s by %+v", c.Priority(), c.Reasons()["priority"])
	}
	done = s.all(me, []string{id}, `[{"do":"category","value":"return"}]`).Done
	s.rule(id, "status", "resolved")
	if back := s.undo(me, done); len(back.Done) != 0 || back.Failed[0].Code != many.CodeChanged {
		t.Errorf("taken back though the case moved on: %+v", back)
	}
}

// rule changes a field as a rule does.
func (s *shop) rule(id, field string, value any) {
	s.t.Helper()
	r, err := desk.New(s, desk.Agents)
	if err != nil {
		s.t.Fatal(err)
	}
	nobody := &desk.Agent{}
	nobody.SetProxyRecord(r)
	before, after := s.one(id), s.one(id)
	after.Set(field, value)
	s.do(func(tx core.App) error {
		events, err := s.Work.Change(tx, before, after, nobody, 0)
		if err != nil {
			return err
		}
		for i := range events {
			events[i].Actor = ""
		}
		if field == "priority" || field == "category" {
			after.SetReason(field, desk.Reason{By: "rule"})
		}
		if err := desk.Save(tx, after.Record); err != nil {
			return err
		}
		return desk.Record(tx, events...)
	})
}

// hear has the visitor write on.
func (s *shop) hear(id string) {
	s.t.Helper()
	s.do(func(tx core.App) error {
		m, err := desk.NewMessage(tx, id)
		if err != nil {
			return err
		}
		m.Set("channel", desk.ChannelEmail)
		m.Set("body", "One more thing")
		return s.Work.Hear(tx, casework.Heard{Case: s.one(id), Message: m})
	})
}

func (s *shop) do(run func(tx core.App) error) {
	s.t.Helper()
	if err := s.Commit.Do(run); err != nil {
		s.t.Fatal(err)
	}
}
