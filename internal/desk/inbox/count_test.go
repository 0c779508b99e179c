package inbox_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

// tally counts anew what an agent sees.
func tally(t *testing.T, app *desktest.App, agent *desk.Agent) inbox.Tally {
	t.Helper()
	out, err := inbox.NewCounter(app).Of(agent)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// people gives the counts by person as "name 2".
func people(t inbox.Tally) []string {
	var out []string
	for _, p := range t.People {
		out = append(out, fmt.Sprint(p.Name, " ", p.Count.Count))
	}
	return out
}

// Whoever works for one team counts nothing of another's, in no list and no view.
func TestCountsKeepTeamsApart(t *testing.T) {
	app := desktest.New(t)
	gold, blue := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id, app.Make(desk.Teams, desktest.Values{"name": "Blue"}).Id
	ann, ben, boss := app.Agent(desk.RoleAgent, gold), app.Agent(desk.RoleAgent, blue), app.Agent(desk.RoleSupervisor, "")
	for name, a := range map[string]*desk.Agent{"Ann": ann, "Ben": ben, "Bo": boss} {
		app.Put(a.Record, desktest.Values{"name": name})
	}
	view := app.Make(desk.Views, desktest.Values{"name": "Orders", "owner": boss.Id, "shared": true, "scope": "open", "filter": `priority = "high"`}).Id
	for range 2 {
		open(app, desktest.Values{"team": gold, "assignee": ann.Id, "priority": "high"})
	}
	open(app, desktest.Values{"team": blue, "assignee": ben.Id, "priority": "high"})
	open(app, desktest.Values{"team": blue})
	open(app, desktest.Values{"team": "", "priority": "high"})
	for _, one := range []struct {
		who                    *desk.Agent
		mine, free, open, view int
		people                 []string
	}{
		{ann, 2, 1, 3, 3, []string{"Ann 2"}},
		{ben, 1, 2, 3, 2, []string{"Ben 1"}},
		{boss, 0, 2, 5, 4, []string{"Ann 2", "Ben 1", "Bo 0"}},
	} {
		got := tally(t, app, one.who)
		q := got.Queues
		if q["mine"].Count != one.mine || q["unassigned"].Count != one.free || q["open"].Count != one.open || !slices.Equal(people(got), one.people) {
			t.Errorf("%s: %+v %v", one.who.Name(), q, people(got))
		}
		if len(got.Views) != 1 || got.Views[0].ID != view || got.Views[0].Count == nil || *got.Views[0].Count != one.view {
			t.Errorf("%s's view: %+v", one.who.Name(), got.Views)
		}
		if n := len(numbers(t, app, one.who, inbox.Query{Queue: "view:" + view})); n != one.view {
			t.Errorf("%s's view lists %d, want %d", one.who.Name(), n, one.view)
		}
	}
	for who, want := range map[*desk.Agent]int{ann: 0, ben: 1, boss: 1} {
		if got := numbers(t, app, who, inbox.Query{Queue: "person:" + ben.Id}); len(got) != want {
			t.Errorf("%s sees %v of Ben's cases", who.Name(), got)
		}
	}
	raw, err := json.Marshal(tally(t, app, boss))
	for _, want := range []string{`"open":{"count":5,"more":false}`, `"people":[{"id":`, `"views":[{"id":"` + view, `"again":0`} {
		if err != nil || !strings.Contains(string(raw), want) {
			t.Errorf("%s lacks %s, %v", raw, want, err)
		}
	}
}

// What was counted stands until a case changes, and not longer.
func TestCounterCountsAgain(t *testing.T) {
	app := desktest.New(t)
	boss := app.Agent(desk.RoleSupervisor, "")
	app.Make(desk.Views, desktest.Values{"name": "All", "owner": boss.Id, "scope": "open"})
	c := inbox.NewCounter(app)
	now := func() (int, *int) {
		t.Helper()
		got, err := c.Of(boss)
		if err != nil {
			t.Fatal(err)
		}
		return got.Queues["open"].Count, got.Views[0].Count
	}
	open(app, desktest.Values{})
	if n, v := now(); n != 1 || v == nil || *v != 1 {
		t.Fatalf("%d, %v", n, v)
	}
	open(app, desktest.Values{})
	if n, _ := now(); n != 1 {
		t.Errorf("it counted anew though nobody told of a change: %d", n)
	}
	c.Changed()
	if n, _ := now(); n != 2 {
		t.Errorf("%d after a change", n)
	}
	// a view's count may be some seconds old, and then it says so
	if got, err := c.Of(boss); err != nil || (*got.Views[0].Count != 2 && got.Again == 0) {
		t.Errorf("%+v, %v", got, err)
	}
}
