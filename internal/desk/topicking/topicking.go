// Package topicking suggests the category of new cases by the embedded model,
// and teaches it what staff make of that, in the background. The model that ships
// stays as it is; what a shop taught is learned anew at every start.
//
//	t := topicking.New(app, topicking.Config{Commit: committer})
//	t.Start()
//	category, p, err := t.Suggest(app, subject, message)
package topicking

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/topics"
)

// Learner makes a model of the shipped one; [topics.Model] is one.
type Learner interface {
	Learn(ctx context.Context, lessons []topics.Lesson) (*topics.Model, topics.Report, error)
}

// Config is what [New] needs.
type Config struct {
	Commit *desk.Committer
	// Wait is how long corrections are gathered before the model learns again.
	// Default: 15 s.
	Wait time.Duration
	// After tells when a time has passed. Default: time.After.
	After func(time.Duration) <-chan time.Time
	// Learner trains. Default: the shipped model.
	Learner Learner
}

// Station suggests categories for one app.
type Station struct {
	app    core.App
	config Config
	feed   *desk.Feed
	wake   <-chan struct{}
	kick   chan struct{}
	busy   atomic.Int32

	round sync.Mutex // one training at a time
	mind  atomic.Pointer[mind]

	life   sync.Mutex // of the two below
	cancel context.CancelFunc
	done   chan struct{}
}

// mind is what the last training made.
type mind struct {
	model   *topics.Model // nil: the shipped one judges
	report  topics.Report
	at      types.DateTime
	refused string // worse or failed; "" is in use
}

// New makes the station; until [Station.Start] the shipped model judges.
func New(app core.App, c Config) *Station {
	if c.Wait <= 0 {
		c.Wait = 15 * time.Second
	}
	if c.After == nil {
		c.After = time.After
	}
	feed := desk.NewFeed(app, "topics")
	return &Station{app: app, config: c, feed: feed, wake: feed.Wake(), kick: make(chan struct{}, 1)}
}

// Model is the model that judges at present. It never waits for a training.
func (s *Station) Model() *topics.Model {
	if m := s.mind.Load(); m != nil && m.model != nil {
		return m.model
	}
	return topics.Base()
}

// Suggest tells which category a text is, if that is one that the shop uses and
// the model is sure enough; else "". It is a [casework.Work].Topic.
func (s *Station) Suggest(app core.App, subject, message string) (string, float64, error) {
	settings, err := desk.LoadSettings(app)
	if err != nil || settings.Topics.Off {
		return "", 0, err
	}
	j := s.Model().Judge(textOf(subject, message))
	if j.P < settings.Topics.Sure {
		return "", j.P, nil
	}
	c, known, err := desk.FindCategory(app, j.Category)
	if err != nil || !known || !c.Enabled {
		return "", j.P, err
	}
	return j.Category, j.P, nil
}

func textOf(subject, message string) string { return subject + "\n" + message }

// Start works in the background until [Station.Stop].
func (s *Station) Start() {
	s.life.Lock()
	defer s.life.Unlock()
	if s.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel, s.done = cancel, make(chan struct{})
	if n, err := s.app.CountRecords(desk.TopicLessons); err != nil || n > 0 {
		s.Kick() // what was taught before
	}
	go s.run(ctx, s.done)
}

// Stop ends the background work. What is broken off is made up for at the next start.
func (s *Station) Stop() {
	s.life.Lock()
	defer s.life.Unlock()
	if s.cancel == nil {
		return
	}
	s.cancel()
	<-s.done
	s.cancel = nil
}

// Kick asks for a training soon, and never waits.
func (s *Station) Kick() {
	select {
	case s.kick <- struct{}{}:
	default: // one is asked for already
	}
}

// Pending tells whether a training is asked for or under way.
func (s *Station) Pending() bool { return len(s.kick) > 0 || s.busy.Load() > 0 }

func (s *Station) run(ctx context.Context, done chan<- struct{}) {
	defer close(done)
	s.read(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
			s.read(ctx)
			continue
		case <-s.kick:
		}
		s.busy.Add(1)
		s.gather(ctx)
		if err := s.Retrain(ctx); err != nil && ctx.Err() == nil {
			s.app.Logger().Error("topics", "error", err)
		}
		s.busy.Add(-1)
	}
}

// gather waits for the corrections that come along with the first one.
func (s *Station) gather(ctx context.Context) {
	after := s.config.After(s.config.Wait)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
			s.read(ctx)
			continue
		case <-after:
		}
		select {
		case <-s.kick:
		default:
		}
		return
	}
}

// Retrain makes a model of the lessons as they stand and takes it into use,
// unless it would spoil too much else: then the shipped one judges.
func (s *Station) Retrain(ctx context.Context) error {
	s.round.Lock()
	defer s.round.Unlock()
	lessons, err := s.collect(ctx)
	if err != nil {
		return fmt.Errorf("lessons: %w", err)
	}
	if len(lessons) == 0 {
		s.mind.Store(nil)
		return nil
	}
	model, report, err := s.learn(ctx, lessons)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	m := &mind{model: model, report: report, at: desk.Date(desk.Now(s.app))}
	kind, why := "topics_learned", ""
	if err != nil {
		m.model, m.refused, kind, why = nil, "failed", "topics_refused", err.Error()
		if errors.Is(err, topics.ErrWorse) {
			m.refused = "worse"
		}
		s.app.Logger().Warn("topics: what was learned is not used", "error", err)
	}
	s.mind.Store(m)
	return s.config.Commit.Do(func(tx core.App) error {
		return desk.Record(tx, desk.Event{Kind: kind, After: map[string]any{"lessons": report.Lessons, "report": report, "reason": desk.Clip(why, 300)}})
	})
}

// learn trains; a panic inside costs this training and nothing else.
func (s *Station) learn(ctx context.Context, lessons []topics.Lesson) (model *topics.Model, report topics.Report, err error) {
	defer func() {
		if p := recover(); p != nil {
			model, err = nil, fmt.Errorf("the training panicked: %v", p)
		}
	}()
	learner := s.config.Learner
	if learner == nil {
		learner = topics.Base()
	}
	return learner.Learn(ctx, lessons)
}

// round2 keeps two places of a probability, which is never certain.
func round2(p float64) float64 { return min(.99, math.Round(p*100)/100) }
