package learning_test

import (
	"context"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/learning"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// slow learns when it is let, and tells when it begins.
type slow struct {
	begun chan int // lessons
	end   chan struct{}
}

func (s *slow) Learn(ctx context.Context, lessons []textmodel.Lesson, _ []textmodel.Vector) (*textmodel.Model, textmodel.Report, error) {
	select {
	case s.begun <- len(lessons):
	case <-ctx.Done():
		return nil, textmodel.Report{}, ctx.Err()
	}
	select {
	case <-s.end:
		return nil, textmodel.Report{}, textmodel.ErrWorse
	case <-ctx.Done():
		return nil, textmodel.Report{}, ctx.Err()
	}
}

// timed is a worker whose waits end when the test says so.
func timed(app *desktest.App) (*learning.Worker, *slow, chan chan time.Time) {
	waits := make(chan chan time.Time, 10)
	s := &slow{make(chan int), make(chan struct{})}
	return learning.New(app, learning.Config{Commit: app.Commit, Learner: s, After: func(d time.Duration) <-chan time.Time {
		c := make(chan time.Time, 1)
		waits <- c
		return c
	}}), s, waits
}

// Decisions that come together are one training; those that come while it runs
// are another one.
func TestGathers(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	w, teacher, waits := timed(app)
	w.Start()
	defer w.Stop()
	confirmed(t, app, agent, pitch(1))
	w.Kick()
	wait := <-waits
	for i := range 3 {
		confirmed(t, app, agent, pitch(i+2))
		w.Kick()
	}
	if !w.Pending() {
		t.Error("nothing is pending")
	}
	wait <- app.Clock.Now()
	if n := <-teacher.begun; n != 4 {
		t.Errorf("%d lessons in the first training, want 4", n)
	}
	confirmed(t, app, agent, pitch(9))
	w.Kick()
	teacher.end <- struct{}{}
	wait = <-waits
	wait <- app.Clock.Now()
	if n := <-teacher.begun; n != 5 {
		t.Errorf("%d lessons in the second, want 5", n)
	}
	select {
	case <-waits:
		t.Error("a third training")
	default:
	}
	if len(app.All(desk.SpamModels, nil)) != 1 {
		t.Error("the second training is recorded before its end")
	}
}

// The process ended between a decision and its training: the next one makes up
// for it. One that has nothing new to learn stays quiet.
func TestStartMakesUp(t *testing.T) {
	app := desktest.New(t)
	quiet, _, waits := timed(app)
	quiet.Start()
	quiet.Stop()
	if len(waits) != 0 {
		t.Error("a training without lessons")
	}
	confirmed(t, app, app.Agent(desk.RoleAgent, ""), pitch(1))

	w, teacher, waits := timed(app)
	w.Start()
	(<-waits) <- app.Clock.Now()
	<-teacher.begun
	w.Stop() // in the middle of it
	if len(app.All(desk.SpamModels, nil)) != 0 {
		t.Error("a training that was broken off is recorded")
	}

	if err := learning.New(app, learning.Config{Commit: app.Commit}).Retrain(t.Context()); err != nil {
		t.Fatal(err)
	}
	trained, _, waits := timed(app)
	trained.Start()
	trained.Stop()
	if len(waits) != 0 || trained.Pending() {
		t.Error("a training with nothing new")
	}
	if trained.Model() == textmodel.Base() {
		t.Error("what was learned is not in use")
	}

	// what another shipped model learned, or what is damaged, is learned anew
	for _, v := range []desktest.Values{{"base": "another"}, {"base": textmodel.Base().ID(), "delta": "%%%"}} {
		app.Put(app.One(desk.SpamModels, nil), v)
		w, _, waits := timed(app)
		w.Start()
		(<-waits) <- app.Clock.Now()
		w.Stop()
		if w.Model() != textmodel.Base() {
			t.Errorf("%v is in use", v)
		}
	}
}
