package replaying_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/replaying"
)

// A case that is left alone for a reason is listed with it, after those on which
// something would change, and is not done; what is so already is not listed.
func TestLeftAlone(t *testing.T) {
	app := desktest.New(t)
	changes, high, taken := app.Case(nil), app.Case(nil), app.Case(nil)
	app.Put(high.Record, desktest.Values{"priority": "high"})
	ben := app.Agent(desk.RoleAgent, "")
	app.Put(taken.Record, desktest.Values{"assignee": ben.Id})
	app.Clock.Advance(time.Minute)
	s := replaying.New(app)
	r := &rule{event: "case_opened"}
	id, at := try(t, s, r, 7)
	if !slices.Equal(listed(at), []string{changes.Id, taken.Id}) || at.Matched != 3 || at.Changed != 1 || at.Alone != 1 || at.Open != 1 || r.told.Load() != 3 {
		t.Fatalf("%+v, told of %d", at, r.told.Load())
	}
	left := at.List[1].Left
	if len(left) != 1 || left[0].Do != "priority" || left[0].Why != "taken" || left[0].Was != ben.Id || len(at.List[1].Would) != 0 {
		t.Errorf("left as %+v", at.List[1])
	}
	if c := at.Changes[0]; c.Count != 1 || len(c.Left) != 1 || c.Left["taken"] != 1 || at.List[0].Locale == "" {
		t.Errorf("%+v, first %+v", c, at.List[0])
	}
	out, err := s.Apply(context.Background(), "anna", id, r)
	if err != nil || out.Done != 1 || len(out.Failed) != 0 || !slices.Equal(r.did, []string{changes.Id}) {
		t.Errorf("%+v %v %v", out, err, r.did)
	}
}

// The letter of a listed case can be looked at, of no other, and by nobody else.
func TestLetter(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	app.Clock.Advance(time.Minute)
	s := replaying.New(app)
	r := &rule{event: "case_opened"}
	id, _ := try(t, s, r, 7)
	if l, err := s.Letter("anna", id, c.Id); err != nil || l.Subject != "about "+c.Id {
		t.Errorf("%+v %v", l, err)
	}
	if _, err := s.Letter("ben", id, c.Id); !errors.Is(err, replaying.ErrNone) {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := s.Letter("anna", id, app.Case(nil).Id); !errors.Is(err, replaying.ErrNoLetter) {
		t.Errorf("not listed: %v", err)
	}
	r.silent = true
	if _, err := s.Letter("anna", id, c.Id); !errors.Is(err, replaying.ErrNoLetter) {
		t.Errorf("none: %v", err)
	}
}
