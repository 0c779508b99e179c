package assigning_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// floor is an app with the station and a team.
type floor struct {
	*desktest.App
	t       *testing.T
	station *assigning.Station
	team    string
	n       int
}

func newFloor(t *testing.T, mode desktest.Values) *floor {
	t.Helper()
	app := desktest.New(t)
	return onFloor(t, app, mode)
}

func onFloor(t *testing.T, app *desktest.App, mode desktest.Values) *floor {
	t.Helper()
	values := desktest.Values{"name": "Returns"}
	for k, v := range mode {
		values[k] = v
	}
	f := &floor{App: app, t: t, station: assigning.New(app, assigning.Config{Commit: app.Commit}), team: app.Make(desk.Teams, values).Id}
	app.Put(app.Find(desk.Categories, "return"), desktest.Values{"team": f.team})
	f.follow() // the trail begins here
	return f
}

// follow has the station read what happened.
func (f *floor) follow() {
	f.t.Helper()
	if _, _, err := f.station.Follow(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

func (f *floor) tick() int {
	f.t.Helper()
	n, err := f.station.Tick()
	if err != nil {
		f.t.Fatal(err)
	}
	return n
}

// person is somebody of the team, made in an order that stays.
func (f *floor) person(v desktest.Values) *core.Record {
	f.t.Helper()
	r := f.Agent(desk.RoleAgent, f.team).Record
	f.Clock.Advance(time.Second)
	return f.Put(r, v)
}

// open is a new case of the team; its visitor is somebody else each time.
func (f *floor) open(v desktest.Values) *desk.Case {
	f.t.Helper()
	f.n++
	values := desktest.Values{"category": "return", "email": time.Duration(f.n).String() + "@example.com"}
	for k, x := range v {
		values[k] = x
	}
	return f.Case(values)
}

// given is a new case after the station saw it.
func (f *floor) given(v desktest.Values) *desk.Case {
	f.t.Helper()
	c := f.open(v)
	f.follow()
	return f.again(c)
}

func (f *floor) again(c *desk.Case) *desk.Case {
	f.t.Helper()
	return desk.AsCase(f.Find(desk.Cases, c.Id))
}

// give gives a case to somebody by hand.
func (f *floor) give(c *desk.Case, to string) *desk.Case {
	f.t.Helper()
	return f.change(c, desktest.Values{"assignee": to})
}

// change is what a PATCH of a case by an admin does.
func (f *floor) change(c *desk.Case, v desktest.Values) *desk.Case {
	f.t.Helper()
	admin := f.Agent(desk.RoleAdmin, "")
	f.Put(admin.Record, desktest.Values{"no_turn": true})
	err := f.Commit.Do(func(tx core.App) error {
		before, err := desk.FindCase(tx, c.Id)
		if err != nil {
			return err
		}
		after := desk.AsCase(before.Fresh())
		for name, value := range v {
			after.Set(name, value)
		}
		events, err := f.Work.Change(tx, before, after, admin, 0)
		if err != nil {
			return err
		}
		if err := desk.Save(tx, after.Record); err != nil {
			return err
		}
		return desk.Record(tx, events...)
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return f.again(c)
}

// away makes somebody away from a moment on, for so long.
func (f *floor) away(r *core.Record, from time.Time, days int, v desktest.Values) {
	f.t.Helper()
	r = f.Find(desk.Agents, r.Id)
	f.Put(r, desktest.Values{"away_from": desk.Date(from), "away_until": desk.Date(from.AddDate(0, 0, days))})
	f.Put(r, v)
}

// why is the reason of the latest change of a case's assignee.
func (f *floor) why(c *desk.Case) string {
	f.t.Helper()
	why, _ := f.Event(c.Id, "assignee")["why"].(string)
	return why
}

func (f *floor) notices(r *core.Record, kind string) []*core.Record {
	f.t.Helper()
	return f.All(desk.Notices, desktest.Values{"agent": r.Id, "kind": kind})
}
