package desk_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// What the system or he himself did to other fields leaves alone what somebody
// wants to do; whatever others said or did does not.
func TestMeanwhile(t *testing.T) {
	for name, one := range map[string]struct {
		then func(s *scene)
		want bool
	}{
		"nothing":          {func(*scene) {}, true},
		"a rule tagged it": {func(s *scene) { s.change("", desktest.Values{"tags": []string{"x"}}) }, true},
		"a rule, and he himself": {func(s *scene) {
			s.change("", desktest.Values{"team": ""})
			s.change(s.me.Id, desktest.Values{"subject": "x"})
		}, true},
		"a rule set the same":     {func(s *scene) { s.change("", desktest.Values{"category": "return"}) }, false},
		"he himself set the same": {func(s *scene) { s.change(s.me.Id, desktest.Values{"category": "return"}) }, false},
		"a colleague changed it":  {func(s *scene) { s.change(s.other.Id, desktest.Values{"priority": "high"}) }, false},
		"a rule, then a colleague": {func(s *scene) {
			s.change("", desktest.Values{"tags": []string{"x"}})
			s.change(s.other.Id, desktest.Values{"priority": "low"})
		}, false},
		"the visitor wrote":      {func(s *scene) { s.hear() }, false},
		"he wrote, then a rule":  {func(s *scene) { s.hear(); s.change("", desktest.Values{"tags": []string{"x"}}) }, false},
		"a rule, then he wrote":  {func(s *scene) { s.change("", desktest.Values{"tags": []string{"x"}}); s.hear() }, false},
		"nothing is known of it": {func(s *scene) { s.touch() }, false},
		"unknown, then a rule":   {func(s *scene) { s.touch(); s.change("", desktest.Values{"tags": []string{"x"}}) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			s := &scene{App: app, t: t, c: app.Case(nil), me: app.Agent(desk.RoleAgent, ""), other: app.Agent(desk.RoleAgent, "")}
			seen := s.version()
			one.then(s)
			got, err := desk.Meanwhile{Case: s.c.Id, Seen: seen, Now: s.version(), Agent: s.me.Id, Fields: []string{"category"}}.Harmless(app)
			if err != nil || got != one.want {
				t.Errorf("harmless: %v, %v; want %v", got, err, one.want)
			}
		})
	}
}

// More than can be looked through is not harmless.
func TestMeanwhileMuch(t *testing.T) {
	app := desktest.New(t)
	s := &scene{App: app, t: t, c: app.Case(nil), me: app.Agent(desk.RoleAgent, "")}
	seen := s.version()
	for i := range 201 {
		s.change("", desktest.Values{"tags": []string{string(rune('a' + i%2))}})
	}
	if ok, err := (desk.Meanwhile{Case: s.c.Id, Seen: seen, Now: s.version(), Agent: s.me.Id}).Harmless(app); ok || err != nil {
		t.Errorf("harmless: %v, %v", ok, err)
	}
}

// scene is a case and who works on it.
type scene struct {
	*desktest.App
	t         *testing.T
	c         *desk.Case
	me, other *desk.Agent
}

func (s *scene) version() int { return s.Find(desk.Cases, s.c.Id).GetInt("version") }

func (s *scene) do(run func(tx core.App) error) {
	s.t.Helper()
	if err := s.Commit.Do(run); err != nil {
		s.t.Fatal(err)
	}
}

// change saves fields as somebody's; "" is the system.
func (s *scene) change(actor string, v desktest.Values) {
	s.t.Helper()
	s.do(func(tx core.App) error {
		r, err := tx.FindRecordById(desk.Cases, s.c.Id)
		if err != nil {
			return err
		}
		for name, value := range v {
			before := r.Get(name)
			r.Set(name, value)
			c := desk.AsCase(r)
			c.Touch()
			if err := desk.Save(tx, r); err != nil {
				return err
			}
			ev := desk.Event{Case: r.Id, Actor: actor, Kind: name, Before: map[string]any{name: before}, After: map[string]any{name: value}}
			if err := desk.Record(tx, ev); err != nil {
				return err
			}
		}
		return nil
	})
}

// touch raises the version and tells nobody why.
func (s *scene) touch() {
	s.t.Helper()
	s.do(func(tx core.App) error {
		c, err := desk.FindCase(tx, s.c.Id)
		if err != nil {
			return err
		}
		c.Touch()
		return desk.Save(tx, c.Record)
	})
}

// hear has the visitor write on.
func (s *scene) hear() {
	s.t.Helper()
	s.do(func(tx core.App) error {
		m, err := desk.NewMessage(tx, s.c.Id)
		if err != nil {
			return err
		}
		m.Set("channel", desk.ChannelEmail)
		m.Set("body", "One more thing")
		return s.Work.Hear(tx, casework.Heard{Case: s.c, Message: m})
	})
}
