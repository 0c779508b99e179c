package ruling_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

func TestMain(m *testing.M) { os.Exit(desktest.Main(m)) }

// shop is a desk with an engine and without the rules that it starts with.
type shop struct {
	*desktest.App
	*ruling.Engine
	t testing.TB
}

func open(t testing.TB) *shop {
	t.Helper()
	return with(t, desktest.New(t))
}

func with(t testing.TB, app *desktest.App) *shop {
	t.Helper()
	for _, id := range []string{desk.Rules, desk.Keywords} {
		for _, r := range app.All(id, nil) {
			if err := app.Delete(r); err != nil {
				t.Fatal(err)
			}
		}
		desk.Forget(app, id)
	}
	s := &shop{App: app, t: t, Engine: engine(app)}
	s.drain() // what is there is no matter of the rules
	return s
}

// engine is one more on the same data, as after a restart.
func engine(app *desktest.App) *ruling.Engine {
	return ruling.New(app, ruling.Config{
		Commit: app.Commit, Change: app.Work.Change,
		Letter: func(tx core.App, c *desk.Case, template string) (ruling.Letter, error) {
			return app.Work.PrepareAutomatic(tx, c, template)
		},
	})
}

// rule adds an enabled rule; actions are pairs of what is done and the value.
func (s *shop) rule(event, filter string, actions ...any) *core.Record {
	s.t.Helper()
	list := []map[string]any{}
	for i := 0; i < len(actions); i += 2 {
		list = append(list, map[string]any{"do": actions[i], "value": actions[i+1]})
	}
	return s.Make(desk.Rules, desktest.Values{
		"name": event + " " + filter, "enabled": true, "event": event, "filter": filter, "actions": list, "position": len(s.All(desk.Rules, nil)),
	})
}

// timed adds an enabled rule about time that passes.
func (s *shop) timed(delay, state string, actions ...any) *core.Record {
	s.t.Helper()
	return s.Put(s.rule(ruling.TimePassed, "", actions...), desktest.Values{"delay": delay, "states": []string{state}, "active_from": desk.Date(s.Clock.Now())})
}

func (s *shop) drain() {
	s.t.Helper()
	if err := s.Drain(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) tick() {
	s.t.Helper()
	if err := s.Tick(); err != nil {
		s.t.Fatal(err)
	}
}

// again reads a case as it is now.
func (s *shop) again(c *desk.Case) *desk.Case {
	s.t.Helper()
	return desk.AsCase(s.Find(desk.Cases, c.Id))
}

// hear has the visitor write.
func (s *shop) hear(c *desk.Case, body string) {
	s.t.Helper()
	err := s.Commit.Do(func(tx core.App) error {
		m, err := desk.NewMessage(tx, c.Id)
		if err != nil {
			return err
		}
		m.Set("channel", desk.ChannelEmail)
		m.Set("body", body)
		return s.Work.Hear(tx, casework.Heard{Case: c, Message: m})
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// change has a member of staff change a case.
func (s *shop) change(c *desk.Case, agent *desk.Agent, v desktest.Values) {
	s.t.Helper()
	before := s.again(c)
	after := s.again(c)
	for name, value := range v {
		after.Set(name, value)
	}
	err := s.Commit.Do(func(tx core.App) error {
		events, err := s.Work.Change(tx, before, after, agent, 0)
		if err != nil {
			return err
		}
		if err := desk.Save(tx, after.Record); err != nil {
			return err
		}
		return desk.Record(tx, events...)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// did are the actions that the rules' lines of the audit trail tell of, in order.
func (s *shop) did(c *desk.Case) []string {
	s.t.Helper()
	out := []string{}
	for _, ev := range s.All(desk.Events, desktest.Values{"case": c.Id, "kind": ruling.EventRule}) {
		var after struct{ Did []ruling.Deed }
		if err := json.Unmarshal([]byte(ev.GetString("after")), &after); err != nil {
			s.t.Fatal(err)
		}
		for _, d := range after.Did {
			word := d.Do
			if d.Skip != "" {
				word += " " + d.Skip
			}
			if d.Failed != "" {
				word += " " + d.Failed
			}
			out = append(out, word)
		}
	}
	return out
}

func (s *shop) wantDid(c *desk.Case, want ...string) {
	s.t.Helper()
	if got := s.did(c); !slices.Equal(got, want) {
		s.t.Errorf("the rules did %q, want %q", got, want)
	}
}
