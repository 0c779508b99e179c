package learning_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/learning"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// A lesson was taken back, erased or turned round, and the model without it is
// refused: the one that learned it must not go on judging.
func TestRefusedUnlearns(t *testing.T) {
	for name, fault := range map[string]error{"worse": fmt.Errorf("%w: 3 of 40", textmodel.ErrWorse), "failed": errors.New("no memory")} {
		for how, undo := range map[string]func(app *desktest.App, agent *desk.Agent, feedback string) error{
			"taken back": func(app *desktest.App, _ *desk.Agent, feedback string) error {
				return app.Delete(app.One(desk.Corrections, desktest.Values{"feedback": feedback}))
			},
			"turned round": func(app *desktest.App, agent *desk.Agent, feedback string) error {
				_, err := app.Door.Release(app, feedback, agent)
				return err
			},
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				app, w, teacher := setup(t)
				agent := app.Agent(desk.RoleAgent, "")
				var last string
				for i := range 4 {
					last = confirmed(t, app, agent, pitch(i)).Feedback.Id
				}
				retrain(t, w)
				if w.Model() == textmodel.Base() {
					t.Fatal("nothing was learned")
				}
				used := app.One(desk.SpamModels, nil).Id
				app.Clock.Advance(time.Minute)
				if err := undo(app, agent, last); err != nil {
					t.Fatal(err)
				}
				teacher.fail(fault)
				retrain(t, w)
				if w.Model() != textmodel.Base() {
					t.Error("what was taken back still judges")
				}
				r := app.Find(desk.SpamModels, used)
				if r.GetString("status") != learning.Replaced || r.GetString("delta") != "" || !strings.Contains(r.GetString("note"), "taken back") {
					t.Errorf("the model that learned it: %s, %q", r.GetString("status"), r.GetString("note"))
				}
				if n := len(app.All(desk.Corrections, desktest.Values{"used": true})); n != 0 {
					t.Errorf("%d lessons count as used", n)
				}
				if s, err := w.State(); err != nil || s.Status != learning.Shipped || s.Refused == nil {
					t.Errorf("%+v, %v", s, err)
				}
				again := learning.New(app, learning.Config{Commit: app.Commit})
				if err := again.Load(); err != nil || again.Model() != textmodel.Base() {
					t.Errorf("after a restart it is back: %v", err)
				}
			})
		}
	}
}

// A training that failed is tried again; one whose model was worse is settled
// until there is something new.
func TestFailedIsNotSettled(t *testing.T) {
	app, w, teacher := setup(t)
	confirmed(t, app, app.Agent(desk.RoleAgent, ""), pitch(1))
	for _, c := range []struct {
		fault error
		again bool
	}{{errors.New("no memory"), true}, {textmodel.ErrWorse, false}, {nil, false}} {
		app.Clock.Advance(time.Minute)
		teacher.fail(c.fault)
		retrain(t, w)
		night := learning.New(app, learning.Config{Commit: app.Commit})
		if night.Check(); night.Pending() != c.again {
			t.Errorf("after %v: tried again %v", c.fault, night.Pending())
		}
	}
}

// What a training takes of the memory is bounded, for one lesson and for all,
// and the newest lessons come first.
func TestBounds(t *testing.T) {
	app, w, teacher := setup(t)
	agent := app.Agent(desk.RoleAgent, "")
	var long strings.Builder
	for i := range 2_000 {
		fmt.Fprintf(&long, "word%d%c ", i*7919%10_007, 'a'+i%26)
	}
	confirmed(t, app, agent, long.String())
	stored, err := textmodel.DecodeVector(app.One(desk.Corrections, nil).GetString("features"))
	if err != nil || len(stored) == 0 || len(stored) > 4_000 {
		t.Fatalf("%d features are stored, %v", len(stored), err)
	}
	whole := textmodel.Features("Offer\n" + long.String())
	if len(whole) <= 4_000 {
		t.Fatalf("the text has %d features only", len(whole))
	}
	// one stored before there was a bound
	app.Put(app.One(desk.Corrections, nil), desktest.Values{"features": whole.Encode()})
	retrain(t, w)
	if n := len(teacher.lessons[0].Features); n != 4_000 || teacher.lessons[0].Features[0] != whole[0] {
		t.Errorf("%d features were learned", n)
	}

	app.Clock.Advance(time.Minute)
	for i := range 3 {
		confirmed(t, app, agent, pitch(i))
	}
	open := app.Case(desktest.Values{"message": "A question about a teapot."})
	w.TakeIn(3_900) // enough for the short ones
	retrain(t, w)
	if len(teacher.lessons) != 3 || len(teacher.accepted) != 1 {
		t.Errorf("%d lessons and %d accepted messages, want the newest 3 and 1 (%s)", len(teacher.lessons), len(teacher.accepted), open.Id)
	}
	if n := len(app.All(desk.Corrections, desktest.Values{"used": true})); n != 3 {
		t.Errorf("%d lessons count as used", n)
	}
	if w.Check(); w.Pending() {
		t.Error("what is left out counts as new")
	}
	w.TakeIn(10)
	app.Clock.Advance(time.Minute)
	retrain(t, w)
	if w.Model() != textmodel.Base() {
		t.Error("no lesson fits, and a model was learned")
	}
}

// A server may be stopped while it starts.
func TestStartAndStopAtOnce(t *testing.T) {
	app := desktest.New(t)
	w, _, _ := timed(app)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(w.Start)
		wg.Go(w.Stop)
	}
	wg.Wait()
	w.Stop()
}
