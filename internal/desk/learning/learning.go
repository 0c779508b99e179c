// Package learning teaches the text model what staff decided, in the
// background and after their commit. The model that ships stays as it is; what
// a shop learned is kept beside it and put on top at every start.
//
//	w := learning.New(app, learning.Config{Commit: committer})
//	w.Start()
//	w.Kick()            // after a correction came or went
//	w.Model().Score(text)
package learning

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// Bounds of what is learned from.
const (
	maxLessons  = 5_000
	maxAccepted = 2_000
	maxFeatures = 4_000_000 // of all lessons, and once more of the accepted history: 16 MB each
	acceptedFor = 90 * 24 * time.Hour
	keepModels  = 10
)

// Learner makes a new model of the shipped one; [textmodel.Model] is one.
type Learner interface {
	Learn(ctx context.Context, lessons []textmodel.Lesson, accepted []textmodel.Vector) (*textmodel.Model, textmodel.Report, error)
}

var _ Learner = (*textmodel.Model)(nil)

// Config is what [New] needs.
type Config struct {
	Commit *desk.Committer
	// Wait is how long decisions are gathered before the model is trained
	// again. Default: 15 s.
	Wait time.Duration
	// After tells when a time has passed. Default: time.After.
	After func(time.Duration) <-chan time.Time
	// Learner trains. Default: the shipped model.
	Learner Learner
}

// Worker trains the model of one app, one training at a time.
type Worker struct {
	app    core.App
	config Config
	model  atomic.Pointer[textmodel.Model] // nil is the shipped one

	kick  chan struct{}
	busy  atomic.Int32 // trainings that wait or run
	round sync.Mutex
	most  int // features that one training takes in

	life   sync.Mutex // of the two below
	cancel context.CancelFunc
	done   chan struct{}
}

// New makes the worker; until [Worker.Start] the shipped model judges.
func New(app core.App, c Config) *Worker {
	if c.Wait <= 0 {
		c.Wait = 15 * time.Second
	}
	if c.After == nil {
		c.After = time.After
	}
	return &Worker{app: app, config: c, kick: make(chan struct{}, 1), most: maxFeatures}
}

// Model is the model that judges texts at present. It never waits for a training.
func (w *Worker) Model() *textmodel.Model {
	if m := w.model.Load(); m != nil {
		return m
	}
	return textmodel.Base()
}

// Start takes up what was learned before and works in the background until
// [Worker.Stop].
func (w *Worker) Start() {
	w.life.Lock()
	defer w.life.Unlock()
	if w.cancel != nil {
		return
	}
	if err := w.Load(); err != nil {
		w.app.Logger().Error("learning: what was learned can't be read, the shipped model judges until it is trained again", "error", err)
		w.Kick()
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel, w.done = cancel, make(chan struct{})
	go w.run(ctx, w.done)
	w.Check()
}

// Stop ends the background work. A training that is broken off is made up for
// at the next start.
func (w *Worker) Stop() {
	w.life.Lock()
	defer w.life.Unlock()
	if w.cancel == nil {
		return
	}
	w.cancel()
	<-w.done
	w.cancel = nil
}

// Kick asks for a training soon, and never waits.
func (w *Worker) Kick() {
	select {
	case w.kick <- struct{}{}:
	default: // one is asked for already
	}
}

// Pending tells whether a training is asked for or under way.
func (w *Worker) Pending() bool { return len(w.kick) > 0 || w.busy.Load() > 0 }

// Check asks for a training if the lessons are not those of the last one: the
// process may have ended in between, or another one removed some.
func (w *Worker) Check() {
	stale, err := w.stale()
	if err != nil {
		w.app.Logger().Error("learning: the lessons can't be read", "error", err)
	}
	if stale {
		w.Kick()
	}
}

func (w *Worker) run(ctx context.Context, done chan<- struct{}) {
	defer close(done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.kick:
		}
		w.busy.Add(1)
		w.gather(ctx)
		if err := w.Retrain(ctx); err != nil && ctx.Err() == nil {
			w.app.Logger().Error("learning", "error", err)
		}
		w.busy.Add(-1)
	}
}

// gather waits for the decisions that come along with the first one. What
// comes later asks for a training of its own.
func (w *Worker) gather(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-w.config.After(w.config.Wait):
	}
	select {
	case <-w.kick:
	default:
	}
}
