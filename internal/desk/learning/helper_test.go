package learning_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/learning"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// teacher stands before the shipped model and sees what it is taught. It fails
// with err while that is set.
type teacher struct {
	mu       sync.Mutex
	err      error
	lessons  []textmodel.Lesson
	accepted []textmodel.Vector
}

func (f *teacher) Learn(ctx context.Context, lessons []textmodel.Lesson, accepted []textmodel.Vector) (*textmodel.Model, textmodel.Report, error) {
	f.mu.Lock()
	f.lessons, f.accepted = lessons, accepted
	err := f.err
	f.mu.Unlock()
	if err != nil {
		return nil, textmodel.Report{Lessons: len(lessons), HeldAfter: 3}, err
	}
	return textmodel.Base().Learn(ctx, lessons, accepted)
}

func (f *teacher) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// setup is an app with a worker that does nothing by itself.
func setup(t *testing.T) (*desktest.App, *learning.Worker, *teacher) {
	t.Helper()
	app, f := desktest.New(t), &teacher{}
	return app, learning.New(app, learning.Config{Commit: app.Commit, Learner: f}), f
}

func retrain(t *testing.T, w *learning.Worker) {
	t.Helper()
	if err := w.Retrain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// pitch is one of many messages of a kind that only this shop calls junk.
func pitch(n int) string {
	return fmt.Sprintf("We polish brass plaques for your lobby, workshop %d, ask for the brochure of our plaque polishing crew.", n)
}

// confirmed is a held message that an agent calls junk.
func confirmed(t *testing.T, app *desktest.App, agent *desk.Agent, text string) *intake.Receipt {
	t.Helper()
	r := app.Hold(desktest.Values{"email": desk.NewReceipt() + "@example.com", "subject": "Offer", "message": text})
	if err := app.Door.Confirm(app, r.Feedback.Id, agent); err != nil {
		t.Fatal(err)
	}
	return r
}

// released is a held message that an agent lets through.
func released(t *testing.T, app *desktest.App, agent *desk.Agent, text string) *desk.Case {
	t.Helper()
	r := app.Hold(desktest.Values{"email": desk.NewReceipt() + "@example.com", "message": text})
	c, err := app.Door.Release(app, r.Feedback.Id, agent)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
